import type { CategoryId, ImageId } from '../../src/core/dataset/types'
import type { TruthBox } from '../../src/core/evaluation/types'
import type { LabelSuspect, SuspectKind } from '../../src/core/label-errors/types'
import type { Box } from '../../src/core/geometry/box'
import { boxIou, clipBox } from '../../src/core/geometry/overlap'
import type { RandomSource } from '../../src/core/random/types'

interface Labeled {
  readonly imageId: ImageId
  readonly truth: readonly TruthBox[]
}

/** One error that was planted: the box it was made of and, unless it was deleted, what became of it. */
export interface PlantedError {
  readonly kind: SuspectKind
  readonly imageId: ImageId
  readonly original: TruthBox
  /** Its place among the planted labels of the image; undefined where the box was deleted. */
  readonly truthIndex: number | undefined
}

/** A displaced box overlaps its object by this much. */
const displacedIou = { from: 0.3, to: 0.6 }

/**
 * Labels with errors planted in them: of all boxes that are no crowd regions the share `rate` is deleted, as many others
 * moved and resized to an IoU of 0.3 to 0.6 with where they were, as many others given another class.
 * @throws RangeError when there is no other class to give
 */
export function plantLabelErrors<Image extends Labeled>(
  images: readonly Image[],
  categories: readonly CategoryId[],
  rate: number,
  random: RandomSource,
): { readonly images: Image[]; readonly errors: PlantedError[] } {
  if (categories.length < 2)
    throw new RangeError('Swapped classes can only be planted where there are two or more.')
  const boxes = images.flatMap(({ truth }, image) =>
    truth.flatMap(({ crowd }, place) => (crowd ? [] : [{ image, place }])),
  )
  const count = Math.round(boxes.length * rate)
  const drawn = random.fork('boxes').shuffle(boxes)
  const kinds = new Map<string, SuspectKind>()
  ;(['overlooked', 'misplaced', 'swapped'] as const).forEach((kind, index) => {
    for (const { image, place } of drawn.slice(index * count, (index + 1) * count))
      kinds.set(`${image}/${place}`, kind)
  })
  const errors: PlantedError[] = []
  const changes = random.fork('changes')
  const planted = images.map((item, image) => {
    const truth: TruthBox[] = []
    item.truth.forEach((original, place) => {
      const kind = kinds.get(`${image}/${place}`)
      if (kind === undefined) {
        truth.push(original)
        return
      }
      const { imageId } = item
      if (kind === 'overlooked') {
        errors.push({ kind, imageId, original, truthIndex: undefined })
        return
      }
      errors.push({ kind, imageId, original, truthIndex: truth.length })
      const { crowd, categoryId, box } = original
      truth.push(
        kind === 'misplaced'
          ? { crowd, categoryId, box: displace(box, changes) }
          : { ...original, categoryId: otherThan(categoryId, categories, changes) },
      )
    })
    return { ...item, truth }
  })
  return { images: planted, errors }
}

/** The box moved by up to its size and scaled by 0.5 to 2, drawn until the overlap is as wanted; it stays in the frame on the left and on top. */
function displace(box: Box, random: RandomSource): Box {
  for (;;) {
    const width = box.width * 2 ** (2 * random.next() - 1)
    const height = box.height * 2 ** (2 * random.next() - 1)
    const x = box.x + (box.width - width) / 2 + box.width * (2 * random.next() - 1)
    const y = box.y + (box.height - height) / 2 + box.height * (2 * random.next() - 1)
    const moved = clipBox({ x, y, width, height }, Infinity, Infinity)
    if (moved === undefined) continue
    const iou = boxIou(box, moved)
    if (iou >= displacedIou.from && iou <= displacedIou.to) return moved
  }
}

function otherThan(
  categoryId: CategoryId,
  categories: readonly CategoryId[],
  random: RandomSource,
): CategoryId {
  const others = categories.filter((id) => id !== categoryId)
  return others[random.integer(others.length)] ?? categoryId
}

/** Whether a suspect points at an error: at its label or, where an object is said to be overlooked, at where it is. */
export function pointsAt(suspect: LabelSuspect, error: PlantedError): boolean {
  if (suspect.imageId !== error.imageId) return false
  if (suspect.kind !== 'overlooked') return suspect.label.truthIndex === error.truthIndex
  return error.kind !== 'swapped' && boxIou(suspect.detection.box, error.original.box) >= 0.5
}

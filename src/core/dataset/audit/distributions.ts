import type { Box } from '../../geometry/box'
import type { CategoryId } from '../types'

/** A box with the size of the image it is in, pixels. */
export interface AuditBox {
  readonly categoryId: CategoryId
  readonly box: Box
  readonly imageWidth: number
  readonly imageHeight: number
}

/** One bin of a distribution over the boxes of two sets. */
export interface AuditBin {
  /** What the bin holds: the id of a class, or words. */
  readonly name: string
  readonly labeled: number
  readonly pool: number
  /** Shares of all boxes of the set, 0..1; 0 of an empty set. */
  readonly labeledShare: number
  readonly poolShare: number
}

export type AuditAspect = 'category' | 'size' | 'shape' | 'position'

export interface AuditDistribution {
  readonly aspect: AuditAspect
  readonly bins: readonly AuditBin[]
  /** Half the sum of the differences of the shares: how much of one set would have to change, 0..1. */
  readonly distance: number
}

/** Upper ends of sqrt(box area / image area), but for the last bin. */
const sizes = [
  { below: 0.05, name: '< 5 %' },
  { below: 0.1, name: '5–10 %' },
  { below: 0.2, name: '10–20 %' },
  { below: 0.4, name: '20–40 %' },
  { below: Infinity, name: '≥ 40 %' },
]

/** Upper ends of width / height, but for the last bin. */
const shapes = [
  { below: 0.5, name: 'very tall' },
  { below: 0.8, name: 'tall' },
  { below: 1.25, name: 'square' },
  { below: 2, name: 'wide' },
  { below: Infinity, name: 'very wide' },
]

/** Thirds of the image, in reading order. */
const places = [
  'top left',
  'top',
  'top right',
  'left',
  'middle',
  'right',
  'bottom left',
  'bottom',
  'bottom right',
]

/**
 * How the boxes of two sets are distributed over classes, sizes (side of a square of the box's area against that of the
 * image), shapes (width / height) and positions of the centre (ninths of the image).
 * @param labeled boxes that were labelled
 * @param pool boxes that a model sees in the images that are not labelled
 */
export function compareBoxes(
  labeled: readonly AuditBox[],
  pool: readonly AuditBox[],
  categories: readonly CategoryId[],
): AuditDistribution[] {
  const compare = (
    aspect: AuditAspect,
    names: readonly string[],
    nameOf: (box: AuditBox) => string,
  ): AuditDistribution => {
    const ofLabeled = countBy(labeled, nameOf)
    const ofPool = countBy(pool, nameOf)
    const bins = names.map((name): AuditBin => {
      const own = ofLabeled.get(name) ?? 0
      const other = ofPool.get(name) ?? 0
      return {
        name,
        labeled: own,
        pool: other,
        labeledShare: own / Math.max(1, labeled.length),
        poolShare: other / Math.max(1, pool.length),
      }
    })
    return { aspect, bins, distance: distanceOf(bins) }
  }
  return [
    compare('category', categories, ({ categoryId }) => categoryId),
    compare('size', namesOf(sizes), (box) => binOf(sizes, relativeSize(box))),
    compare('shape', namesOf(shapes), ({ box }) => binOf(shapes, box.width / box.height)),
    compare('position', places, placeOf),
  ]
}

function distanceOf(bins: readonly AuditBin[]): number {
  return (
    bins.reduce((sum, { labeledShare, poolShare }) => sum + Math.abs(labeledShare - poolShare), 0) /
    2
  )
}

function relativeSize({ box, imageWidth, imageHeight }: AuditBox): number {
  return Math.sqrt((box.width * box.height) / (imageWidth * imageHeight))
}

function placeOf({ box, imageWidth, imageHeight }: AuditBox): string {
  const third = (share: number) => Math.min(2, Math.max(0, Math.floor(share * 3)))
  const column = third((box.x + box.width / 2) / imageWidth)
  const row = third((box.y + box.height / 2) / imageHeight)
  return places[row * 3 + column] ?? ''
}

function countBy(
  boxes: readonly AuditBox[],
  nameOf: (box: AuditBox) => string,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const box of boxes) {
    const name = nameOf(box)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return counts
}

type Bins = readonly { readonly below: number; readonly name: string }[]

function namesOf(bins: Bins): string[] {
  return bins.map(({ name }) => name)
}

function binOf(bins: Bins, value: number): string {
  return bins.find(({ below }) => value < below)?.name ?? ''
}

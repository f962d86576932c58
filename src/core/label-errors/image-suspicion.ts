import type { ImageId } from '../dataset/types'
import type { ImageSuspicion, LabelSuspect, SuspectKind } from './types'

/** ObjectLab's: the worst box counts most, many bad ones a little more. */
const temperature = 0.1

/**
 * How suspicious each image's labels are, the worst first; ties go by image id. As in ObjectLab (Tkachenko et al. 2023)
 * the qualities 1 - suspicion of an image's boxes are pooled by a softmin of temperature 0.1, one figure a kind, and the
 * geometric mean of the three is the quality of the image. An image without a suspect of a kind has quality 1 in it.
 */
export function imageSuspicions(
  imageIds: readonly ImageId[],
  suspects: readonly LabelSuspect[],
): ImageSuspicion[] {
  const qualities = new Map<string, number[]>()
  for (const { imageId, kind, suspicion } of suspects) {
    const key = keyOf(imageId, kind)
    const list = qualities.get(key)
    if (list === undefined) qualities.set(key, [1 - suspicion])
    else list.push(1 - suspicion)
  }
  const quality = (imageId: ImageId, kind: SuspectKind) =>
    softmin(qualities.get(keyOf(imageId, kind)) ?? [])
  return imageIds
    .map((imageId) => {
      const overlooked = quality(imageId, 'overlooked')
      const misplaced = quality(imageId, 'misplaced')
      const swapped = quality(imageId, 'swapped')
      return {
        imageId,
        overall: 1 - Math.cbrt(overlooked * misplaced * swapped),
        overlooked: 1 - overlooked,
        misplaced: 1 - misplaced,
        swapped: 1 - swapped,
      }
    })
    .sort((a, b) => b.overall - a.overall || (a.imageId < b.imageId ? -1 : 1))
}

function softmin(values: readonly number[]): number {
  if (values.length === 0) return 1
  const least = Math.min(...values)
  const weights = values.map((value) => Math.exp((least - value) / temperature))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return values.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0) / total
}

function keyOf(imageId: ImageId, kind: SuspectKind): string {
  return `${kind} ${imageId}`
}

import type { CategoryId } from '../../dataset/types'
import type { Detection } from '../../detection/types'
import { cosineSimilarity } from '../../numeric/cosine-similarity'
import { binaryEntropy } from './uncertainty'

/** A box with what is needed to tell whether others look like it. */
export interface EntropyBox {
  readonly detection: Detection
  /** Nats. */
  readonly entropy: number
  /** Undefined where it could not be computed: the box looks like no other. */
  readonly feature: Float32Array | undefined
}

/**
 * Entropy-based non-maximum suppression (Wu et al. 2022): the boxes by falling entropy, without those whose features have
 * a cosine above `maxSimilarity` to a box of their class that is kept. Of equal entropies the first box comes first.
 *
 * @param features parallel to the detections; undefined where they could not be computed: nothing is left out then
 */
export function suppressSimilar(
  detections: readonly Detection[],
  features: readonly Float32Array[] | undefined,
  maxSimilarity: number,
): EntropyBox[] {
  const boxes = detections
    .map((detection, index): EntropyBox => ({
      detection,
      entropy: binaryEntropy(detection.score),
      feature: features?.[index],
    }))
    .sort((a, b) => b.entropy - a.entropy)
  const kept: EntropyBox[] = []
  for (const box of boxes) {
    const isSimilar = kept.some(
      (other) =>
        other.detection.categoryId === box.detection.categoryId &&
        other.feature !== undefined &&
        box.feature !== undefined &&
        cosineSimilarity(other.feature, box.feature) > maxSimilarity,
    )
    if (!isSimilar) kept.push(box)
  }
  return kept
}

/**
 * What each class looks like in an image: the features of its boxes, weighted by their entropies and summed. Only
 * directions matter, so that the sum stands for the mean. Classes without a feature have none.
 */
export function classPrototypes(boxes: readonly EntropyBox[]): Map<CategoryId, Float32Array> {
  const prototypes = new Map<CategoryId, Float32Array>()
  for (const { detection, entropy, feature } of boxes) {
    if (feature === undefined) continue
    const prototype = prototypes.get(detection.categoryId) ?? new Float32Array(feature.length)
    for (let i = 0; i < prototype.length; i++) prototype[i] += entropy * feature[i]
    prototypes.set(detection.categoryId, prototype)
  }
  return prototypes
}

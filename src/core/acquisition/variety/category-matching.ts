import type { CategoryId } from '../../dataset/types'
import type { ImageEvidence } from '../types'

export interface FeaturedBox {
  readonly categoryId: CategoryId
  readonly score: number
  /** Of length 1, or all zeros. */
  readonly direction: Float32Array
}

/** Of an image with more boxes only the surest count: the work grows with the square of their number. */
const mostBoxes = 32

/** As far apart as any two boxes of one category can be. */
const UNMATCHED = 2

/**
 * The boxes of an image with the directions of their features, at most 32, those with the highest scores; undefined where
 * they are not known.
 */
export function featuredBoxes(
  { detections, boxFeatures }: ImageEvidence,
  threshold: number,
): FeaturedBox[] | undefined {
  if (detections === undefined || boxFeatures === undefined) return undefined
  const found = detections
    .filter(({ score }) => score >= threshold)
    .sort((a, b) => b.score - a.score)
    .slice(0, mostBoxes)
  const features = boxFeatures(found)
  return found.map(({ categoryId, score }, index) => {
    return { categoryId, score, direction: direction(features[index]) }
  })
}

function direction(feature: Float32Array): Float32Array {
  const length = Math.hypot(...feature)
  return length > 0 ? feature.map((value) => value / length) : feature
}

/**
 * Category-conditioned matching distance of two images (Yang et al. 2024), 0..2: for each box of the one 1 - the cosine
 * similarity with the most similar box of its category in the other, 2 where there is none, averaged with the scores as
 * weights; the mean of both directions. Two images without boxes are alike, 0; one without and one with boxes are 2 apart.
 */
export function matchingDistance(a: readonly FeaturedBox[], b: readonly FeaturedBox[]): number {
  if (a.length === 0 && b.length === 0) return 0
  const nearestOfA = new Float64Array(a.length).fill(UNMATCHED)
  const nearestOfB = new Float64Array(b.length).fill(UNMATCHED)
  a.forEach((own, i) => {
    b.forEach((other, j) => {
      if (own.categoryId !== other.categoryId) return
      const distance = cosineDistance(own.direction, other.direction)
      nearestOfA[i] = Math.min(nearestOfA[i], distance)
      nearestOfB[j] = Math.min(nearestOfB[j], distance)
    })
  })
  return (weightedMean(a, nearestOfA) + weightedMean(b, nearestOfB)) / 2
}

function cosineDistance(a: Float32Array, b: Float32Array): number {
  let product = 0
  for (let i = 0; i < a.length; i++) product += a[i] * b[i]
  // Rounding must not take parallel directions below 0.
  return Math.max(0, 1 - product)
}

function weightedMean(boxes: readonly FeaturedBox[], distances: Float64Array): number {
  const weights = boxes.reduce((sum, { score }) => sum + score, 0)
  if (!(weights > 0)) return UNMATCHED
  return boxes.reduce((sum, { score }, index) => sum + score * distances[index], 0) / weights
}

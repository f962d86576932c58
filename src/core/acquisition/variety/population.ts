import { medianOfSorted } from '../../numeric/quantiles'
import type { ImageFeatures } from './image-features'
import {
  firstRows,
  pairwiseSquaredDistances,
  smallestSquaredDistance,
  type FeatureMatrix,
} from '../../numeric/matrix'
import type { CoverageProblem, HerdingPick } from './herding'
import type { ChoiceParameter } from '../types'

/** How far an image's label reaches. */
export const kernelWidth: ChoiceParameter = {
  kind: 'choice',
  id: 'width',
  label: 'Reach of a label',
  help: 'pool: half the median distance of two images; labels: the smallest distance of two labelled images, so it shrinks as labels grow dense.',
  options: ['pool', 'labels'],
  defaultValue: 'pool',
}

/** The mean over a pool larger than this is taken over so many of its images, drawn at random. */
const largestPopulation = 1000

/** The median distance is that of the pairs of so many images, drawn at random. */
const medianSample = 500

/** Which share of the pool stands for all of it, and how much it is worth to cover. */
export type Population = Pick<CoverageProblem, 'population' | 'utilities' | 'variance'>

/**
 * Which images are to be covered. Every image can be picked; what it covers is summed over all images too, except in a pool
 * of more than 1,000, where 1,000 drawn at random stand for it (the standard error of a mean of values in 0..1 is then
 * below 0.016): the work grows with pool x population.
 *
 * @param utilities parallel to the unlabelled images
 * @param width an option of `kernelWidth`
 */
export function populationOf(
  { unlabeled, labeled }: ImageFeatures,
  utilities: Float64Array,
  width: string,
): Population {
  // The images are in random order: the first of them are a random sample.
  const population = firstRows(unlabeled, largestPopulation)
  return {
    population,
    utilities: utilities.subarray(0, population.rows),
    variance: kernelVariance(unlabeled, labeled, width),
  }
}

/**
 * sigma^2 of the kernel: a quarter of the median squared distance of two unlabelled images, or, by labels, the smallest
 * squared distance of two labelled images that differ. Above 0 always: 1 where all images are alike.
 */
function kernelVariance(unlabeled: FeatureMatrix, labeled: FeatureMatrix, width: string): number {
  if (width === 'labels') {
    const smallest = smallestSquaredDistance(labeled)
    if (smallest !== undefined) return smallest
  }
  const distances = pairwiseSquaredDistances(firstRows(unlabeled, medianSample))
  const median = medianOfSorted(distances) ?? 0
  return median > 0 ? median / 4 : 1
}

/** 'stands for 37 unlabelled images', itself included; the number is an estimate where a sample stands for the pool. */
export function standsFor({ standsFor: count }: HerdingPick, pool: number): string {
  const population = Math.min(pool, largestPopulation)
  const images = Math.max(1, Math.round((count * pool) / population))
  const about = population < pool ? 'about ' : ''
  return images === 1 ? 'stands for itself alone' : `stands for ${about}${images} unlabelled images`
}

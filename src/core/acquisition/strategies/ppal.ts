import type { CategoryId } from '../../dataset/types'
import { calibrationSamples } from '../../calibration/samples'
import type { Detection } from '../../detection/types'
import { boxThreshold } from '../doubt/box-threshold'
import { featuredBoxes, matchingDistance, type FeaturedBox } from '../variety/category-matching'
import { sortedById } from '../../dataset/image-order'
import { numberOf } from '../parameters'
import { boxes, NOT_PREDICTED } from '../reason'
import { checkBatchSize, selectBatch } from '../select'
import { greedyKCentre } from '../variety/k-centre'
import type {
  AcquisitionContext,
  AcquisitionScore,
  ImageEvidence,
  NumberParameter,
  QueryStrategy,
} from '../types'
import { binaryEntropy } from '../doubt/uncertainty'

const threshold: NumberParameter = { ...boxThreshold, defaultValue: 0.05 }

const expansion: NumberParameter = {
  kind: 'number',
  id: 'candidates',
  label: 'Candidates',
  help: 'So many times the batch, the most uncertain images, are the candidates among which variety decides.',
  min: 1,
  max: 20,
  step: 1,
  defaultValue: 4,
}

/** alpha and beta of the difficulty's weight, and the share of the score in the quality of a box, as published. */
const alpha = 0.3
const beta = 0.2
const scoreShare = 0.6

interface Candidate {
  readonly image: ImageEvidence
  readonly entropy: number
  readonly boxes: readonly FeaturedBox[]
}

/**
 * PPAL (Yang et al. 2024). First the entropies of an image's boxes are summed, those of difficult classes weighing up to
 * 1.2 times as much; the images with most are the candidates. Of these greedy k-centre picks, in the distance of
 * `matchingDistance`, which compares boxes of one class with each other. Other than in the paper the labelled images are
 * centres from the start. Images without boxes come last: nothing in them is uncertain, yet the distance holds them to be
 * as far as can be from all that have some.
 */
export const ppalStrategy: QueryStrategy = {
  id: 'ppal',
  name: 'PPAL',
  version: 2,
  summary:
    'Asks for uncertain images, hard classes first, whose objects look unlike those labelled.',
  source: 'Yang, Huang & Crowley 2024, Plug and play active learning for object detection',
  parameters: [expansion, threshold],
  needs: ['box-features'],
  select(context, batchSize, parameters, random) {
    checkBatchSize(batchSize)
    const factor = numberOf(expansion, parameters)
    const lowest = numberOf(threshold, parameters)
    const weights = difficultyWeights(context)
    const entropyOf = (image: ImageEvidence): number =>
      countedBoxes(image, lowest).reduce(
        (sum, box) => sum + weightOf(weights, box.categoryId) * binaryEntropy(box.score),
        0,
      )
    const hasBoxes = (image: ImageEvidence): boolean => countedBoxes(image, lowest).length > 0
    const seen = context.unlabeled.filter(hasBoxes)
    const ranked = selectBatch(
      seen.map((image) => ({
        imageId: image.imageId,
        score: entropyOf(image),
        reason: 'its boxes cannot be compared',
      })),
      factor * batchSize,
      random,
    )

    const byId = new Map(seen.map((image) => [image.imageId, image]))
    const candidates = ranked.flatMap(({ imageId, score }): Candidate[] => {
      const image = byId.get(imageId)
      const found = image && featuredBoxes(image, lowest)
      return image && found ? [{ image, entropy: score, boxes: found }] : []
    })
    const picks = pickApart(candidates, batchSize, context, lowest)
    const compared = new Set(candidates.map(({ image }) => image.imageId))
    const incomparable = ranked
      .filter(({ imageId }) => !compared.has(imageId))
      .map((score) => ({ ...score, score: 0 }))
    const empty = context.unlabeled
      .filter((image) => !hasBoxes(image))
      .map(({ imageId, detections }) => ({
        imageId,
        score: 0,
        reason:
          detections === undefined ? NOT_PREDICTED : `no box with a score of ${lowest} or more`,
      }))
    const last = selectBatch(empty, batchSize, random)
    return [...picks, ...incomparable, ...last].slice(0, batchSize)
  },
}

/** By greedy k-centre; the most uncertain candidate first where nothing is labelled. */
function pickApart(
  candidates: readonly Candidate[],
  batchSize: number,
  context: AcquisitionContext,
  lowest: number,
): AcquisitionScore[] {
  const nearest = new Float64Array(candidates.length).fill(Infinity)
  const lower = (distances: Float64Array, centre: readonly FeaturedBox[]): void => {
    candidates.forEach((candidate, index) => {
      distances[index] = Math.min(distances[index], matchingDistance(candidate.boxes, centre))
    })
  }
  for (const image of context.labeled) {
    const centre = featuredBoxes(image, lowest)
    if (centre !== undefined) lower(nearest, centre)
  }
  const picks = greedyKCentre(nearest, batchSize, (distances, picked) => {
    lower(distances, candidates[picked].boxes)
  })
  return picks.map(({ index, distance }) => {
    const { image, entropy } = candidates[index]
    const summed = countedBoxes(image, lowest).length
    const uncertain = `entropy ${entropy.toFixed(2)} over ${boxes(summed)}`
    return {
      imageId: image.imageId,
      // The largest distance there is stands for that to a centre not yet there.
      score: Math.min(2, distance),
      reason:
        distance === Infinity
          ? `${uncertain}, the most of all`
          : `${uncertain}; objects of a class look unlike those labelled or picked: distance ${distance.toFixed(2)} of 2`,
    }
  })
}

/** The boxes over which entropy is summed: all that are sure enough, also where only the surest are compared. */
function countedBoxes({ detections = [] }: ImageEvidence, lowest: number): Detection[] {
  return detections.filter(({ score }) => score >= lowest)
}

function weightOf(weights: ReadonlyMap<CategoryId, number>, categoryId: CategoryId): number {
  return weights.get(categoryId) ?? 1
}

/**
 * w_c = 1 + 0.2 x 0.3 x ln(1 + (e^(1/0.3) - 1) (1 - q_c)), from 1 for an easy class to 1.2 for one never found. q_c is the
 * mean over the labelled objects of the class of score^0.6 x IoU^0.4 of the detection that found it (IoU >= 0.5), 0 for one
 * not found, by the present model on its own training images; the paper takes a running mean of this while it trains. Images
 * that were not predicted say nothing of what the model finds: their objects do not count. A class without an object that
 * does is taken for one never found.
 */
export function difficultyWeights({
  labeled,
  categories,
}: AcquisitionContext): Map<CategoryId, number> {
  const judged = sortedById(labeled).flatMap(({ detections, truth }) =>
    detections === undefined ? [] : [{ detections, truth }],
  )
  const quality = new Map<CategoryId, number>()
  for (const { categoryId, score, iou } of calibrationSamples(judged)) {
    const own = score ** scoreShare * iou ** (1 - scoreShare)
    quality.set(categoryId, (quality.get(categoryId) ?? 0) + own)
  }
  const objects = judged.flatMap(({ truth }) => truth.filter(({ crowd }) => !crowd))
  return new Map(
    categories.map((categoryId) => {
      const count = objects.filter((object) => object.categoryId === categoryId).length
      const q = count > 0 ? (quality.get(categoryId) ?? 0) / count : 0
      const gamma = Math.exp(1 / alpha) - 1
      return [categoryId, 1 + alpha * beta * Math.log(1 + gamma * (1 - q))]
    }),
  )
}

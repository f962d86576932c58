import type { Detection } from '../../detection/types'
import { mean, median } from '../../numeric/quantiles'
import { boxThreshold } from '../doubt/box-threshold'
import { matchBoxes } from '../evidence/match-boxes'
import { numberOf } from '../parameters'
import { boxes, NOT_PREDICTED } from '../reason'
import { selectBatch } from '../select'
import type { ImageEvidence, QueryStrategy } from '../types'
import {
  classDistribution,
  committeeDisagreement,
  jensenShannonDivergence,
} from '../doubt/uncertainty'

/**
 * Consistency of the answers (CALD, Yu et al. 2022): 1 - the mean IoU of matched boxes, between the image and its mirror
 * image, plus the mean class divergence, half of it Jensen-Shannon between the image and its mirror image and half between
 * the members of the committee; 0..2. Divergences are in bits, so that location and class weigh alike. A box
 * without counterpart overlaps with nothing and is compared with background. A box counts, and its counterpart with
 * it, when one of the two has the lowest score or more. Where the mirror image is not known, only the committee speaks.
 *
 * An image without such a box has nothing to be inconsistent about and gets the median of those that do: at 0 the images
 * whose objects are all overlooked would never be asked for.
 */
export const consistencyStrategy: QueryStrategy = {
  id: 'consistency',
  name: 'Consistency',
  version: 2,
  summary: 'Asks for the images that the model sees differently when they are mirrored.',
  source: 'Yu et al. 2022, Consistency-based active learning for object detection (CALD)',
  parameters: [boxThreshold],
  needs: ['mirrored'],
  select(context, batchSize, parameters, random) {
    const lowest = numberOf(boxThreshold, parameters)
    const judged = context.unlabeled.map((image) => ({ image, verdict: judge(image, lowest) }))
    const typical = median(judged.flatMap(({ verdict }) => verdict?.score ?? [])) ?? 0
    const scores = judged.map(({ image: { imageId, detections }, verdict }) => {
      if (verdict !== undefined) return { imageId, ...verdict }
      if (detections === undefined) return { imageId, score: 0, reason: NOT_PREDICTED }
      const reason =
        `no box with a score of ${lowest} or more: ` +
        `counts with the pool's median inconsistency, ${typical.toFixed(2)}`
      return { imageId, score: typical, reason }
    })
    return selectBatch(scores, batchSize, random)
  },
}

interface Verdict {
  readonly score: number
  readonly reason: string
}

/** One box as the views see it. */
interface Comparison {
  /** Overlap of its two sightings, 0 with one alone. */
  readonly iou: number
  /** Bits, 0..1. */
  readonly divergence: number
  readonly isMatched: boolean
}

/** Undefined without a box to judge by. */
function judge({ detections, mirrored }: ImageEvidence, lowest: number): Verdict | undefined {
  if (detections === undefined) return undefined
  if (mirrored === undefined) return judgeCommittee(detections, lowest)
  const compared = compare(detections, mirrored, lowest)
  if (compared.length === 0) return undefined
  const overlap = mean(compared.map(({ iou }) => iou))
  const divergence = mean(compared.map((comparison) => comparison.divergence))
  const alone = compared.filter(({ isMatched }) => !isMatched).length
  const missing = alone > 0 ? `, ${alone} of them in one of the two only` : ''
  return {
    score: 1 - overlap + divergence,
    reason:
      `${boxes(compared.length)} in the image and its mirror image${missing}: ` +
      `mean overlap ${overlap.toFixed(2)}, class divergence ${divergence.toFixed(2)}`,
  }
}

function judgeCommittee(detections: readonly Detection[], lowest: number): Verdict | undefined {
  const found = detections.filter(({ score }) => score >= lowest)
  if (found.length === 0) return undefined
  const score = mean(found.map(({ memberScores }) => bits(committeeDisagreement(memberScores))))
  return {
    score,
    reason: `${boxes(found.length)}, divergence within the committee ${score.toFixed(2)}; no mirror image`,
  }
}

function compare(
  detections: readonly Detection[],
  mirrored: readonly Detection[],
  lowest: number,
): Comparison[] {
  const { matched, onlyA, onlyB } = matchBoxes(detections, mirrored, lowest)
  const pairs = matched.map(({ a, b, iou }) => {
    const other = classDistribution(b.classProbabilities)
    return { iou, divergence: divergenceOf(a, other), isMatched: true }
  })
  const lone = [...onlyA, ...onlyB].map((detection) => {
    const background = classDistribution(detection.classProbabilities.map(() => 0))
    return { iou: 0, divergence: divergenceOf(detection, background), isMatched: false }
  })
  return [...pairs, ...lone]
}

/** Bits, 0..1: the mean of the divergence from the other view and that within the committee. */
function divergenceOf(detection: Detection, other: readonly number[]): number {
  const own = classDistribution(detection.classProbabilities)
  const between = jensenShannonDivergence(own, other)
  return bits((between + committeeDisagreement(detection.memberScores)) / 2)
}

function bits(nats: number): number {
  return nats / Math.LN2
}

import type { CategoryId } from '../../dataset/types'
import { fitTruePositives } from './true-positives'
import type { AcquisitionContext, ImageEvidence } from '../types'
import { binaryEntropy } from '../doubt/uncertainty'

/** What an image is worth by PAL, but for its unlikeness to other picks. */
export interface PalScore {
  /** 0.9 x mean entropy + 0.04 x (rarity-weighted entropy + rarity of the classes present); 0 without boxes. */
  readonly score: number
  /** Mean binary entropy of P(true positive) over the boxes, nats. */
  readonly entropy: number
  readonly boxes: number
  /** The category with the largest rarity-weighted entropy in sum: whose budget pays for the image. */
  readonly category: CategoryId | undefined
}

export interface PalScores {
  /** Parallel to the images. */
  readonly images: readonly PalScore[]
  /** r_c, 0..1, of each category. */
  readonly rarity: ReadonlyMap<CategoryId, number>
}

interface JudgedBox {
  readonly categoryId: CategoryId
  /** P(true positive). */
  readonly probability: number
}

/** Weights of the score, as published. */
const weights = { entropy: 0.9, rarity: 0.04 }

/**
 * Scores images by PAL (2026): how unsure it is whether their boxes are right, by `fitTruePositives`, and how rare the
 * classes are. Rarity-weighted entropy and rarity of the classes present are means, over boxes and over classes.
 *
 * @param threshold boxes with a lower score do not count
 */
export function palScores(
  images: readonly ImageEvidence[],
  context: AcquisitionContext,
  threshold: number,
): PalScores {
  const probabilityOf = fitTruePositives(context.labeled)
  const judged = images.map(({ detections = [], support }) =>
    detections.flatMap(({ categoryId, score }, index): JudgedBox[] => {
      // Said so that NaN does not count either.
      if (!(score >= threshold)) return []
      return [{ categoryId, probability: probabilityOf(categoryId, score, support?.[index] ?? 1) }]
    }),
  )
  const rarity = classRarity(judged, context)
  return { images: judged.map((boxes) => scoreBoxes(boxes, rarity)), rarity }
}

/**
 * r_c = 1 - (share of the category among the labelled boxes + its share among the boxes expected in the unlabelled images) /
 * 2; expected boxes are sums of probabilities. Where there are no boxes the share is 0.
 */
function classRarity(
  judged: readonly (readonly JudgedBox[])[],
  { labeled, categories }: AcquisitionContext,
): Map<CategoryId, number> {
  const labeledBoxes = labeled
    .flatMap(({ truth }) => truth)
    .filter(({ crowd }) => !crowd)
    .map(({ categoryId }) => ({ categoryId, probability: 1 }))
  const shareLabeled = shares(labeledBoxes)
  const shareUnlabeled = shares(judged.flat())
  return new Map(
    categories.map((categoryId) => {
      const common = (shareLabeled.get(categoryId) ?? 0) + (shareUnlabeled.get(categoryId) ?? 0)
      return [categoryId, 1 - common / 2]
    }),
  )
}

function shares(boxes: readonly JudgedBox[]): Map<CategoryId, number> {
  const total = boxes.reduce((sum, { probability }) => sum + probability, 0)
  const result = new Map<CategoryId, number>()
  if (!(total > 0)) return result
  for (const { categoryId, probability } of boxes) {
    result.set(categoryId, (result.get(categoryId) ?? 0) + probability / total)
  }
  return result
}

function scoreBoxes(
  boxes: readonly JudgedBox[],
  rarity: ReadonlyMap<CategoryId, number>,
): PalScore {
  if (boxes.length === 0) return { score: 0, entropy: 0, boxes: 0, category: undefined }
  let entropy = 0
  const weighted = new Map<CategoryId, number>()
  for (const { categoryId, probability } of boxes) {
    const own = binaryEntropy(probability)
    entropy += own / boxes.length
    const worth = own * (rarity.get(categoryId) ?? 0)
    weighted.set(categoryId, (weighted.get(categoryId) ?? 0) + worth)
  }
  const present = [...weighted.keys()]
  const presentRarity =
    present.reduce((sum, categoryId) => sum + (rarity.get(categoryId) ?? 0), 0) / present.length
  const weightedEntropy =
    [...weighted.values()].reduce((sum, value) => sum + value, 0) / boxes.length
  return {
    score: weights.entropy * entropy + weights.rarity * (weightedEntropy + presentRarity),
    entropy,
    boxes: boxes.length,
    category: present.reduce((a, b) => ((weighted.get(b) ?? 0) > (weighted.get(a) ?? 0) ? b : a)),
  }
}

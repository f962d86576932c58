import { poolMinScore } from '../../detection/model-settings'
import type { CategoryId } from '../../dataset/types'
import { boxThreshold } from '../doubt/box-threshold'
import {
  pickDiverse,
  type DiversePick,
  type PrototypeCandidate,
} from '../variety/diverse-prototypes'
import { classPrototypes, suppressSimilar } from '../doubt/entropy-suppression'
import { numberOf } from '../parameters'
import { boxes, categoryName, NOT_PREDICTED } from '../reason'
import { checkBatchSize, selectBatch } from '../select'
import { classBudgets } from '../worth/class-quota'
import type {
  AcquisitionContext,
  AcquisitionScore,
  ImageEvidence,
  NumberParameter,
  QueryStrategy,
} from '../types'

const boxSimilarity: NumberParameter = {
  kind: 'number',
  id: 'box-similarity',
  label: 'Look-alike boxes',
  help: 'Of boxes of one class in an image whose features have a larger cosine than this, only the least sure counts.',
  min: 0,
  max: 1,
  step: 0.05,
  defaultValue: 0.5,
}

const imageSimilarity: NumberParameter = {
  kind: 'number',
  id: 'image-similarity',
  label: 'Look-alike images',
  help: 'An image is passed over when each of its classes looks this much like that class in an image already picked.',
  min: 0,
  max: 1,
  step: 0.05,
  defaultValue: 0.7,
}

const minorityShare: NumberParameter = {
  kind: 'number',
  id: 'minority-share',
  label: 'Minority classes',
  help: 'This share of the classes, those with the fewest labelled boxes, is the minority; none where all have as many.',
  min: 0,
  max: 1,
  step: 0.05,
  defaultValue: 0.5,
}

const minorityBudget: NumberParameter = {
  kind: 'number',
  id: 'minority-budget',
  label: 'Minority budget',
  help: 'This share of the batch, divided evenly among those that are seen, is kept for images that show a minority class.',
  min: 0,
  max: 1,
  step: 0.05,
  defaultValue: 0.75,
}

const presence: NumberParameter = {
  kind: 'number',
  id: 'presence',
  label: 'Minority presence',
  help: 'An image shows a minority class when a box of it has this score or more.',
  min: poolMinScore,
  max: 0.9,
  step: 0.01,
  defaultValue: 0.3,
}

/**
 * Entropy with progressive diversity (Wu, Chen & Huang, CVPR 2022). In an image, boxes that resemble a less sure one of
 * their class do not count (entropy-based non-maximum suppression); the entropies of the rest make the score. From the
 * highest score down, an image is passed over when the prototypes of all its classes, the entropy-weighted means of
 * the remaining boxes' features, are similar to those of images picked before in this batch; and part of the batch is
 * kept for images that show a class with few labels, shared out evenly among those classes that some image shows. If that
 * leaves the batch short, images without a minority class fill it, then look-alikes, at last images without boxes. Without
 * features of the boxes nothing looks alike.
 */
export const enmsStrategy: QueryStrategy = {
  id: 'enms',
  name: 'ENMS',
  version: 2,
  summary: 'Asks for uncertain images, counts look-alikes once and keeps room for rare classes.',
  source:
    'Wu, Chen & Huang 2022, Entropy-based active learning for object detection with progressive diversity constraint',
  parameters: [
    boxThreshold,
    boxSimilarity,
    imageSimilarity,
    minorityShare,
    minorityBudget,
    presence,
  ],
  needs: ['box-features'],
  select(context, batchSize, parameters, random) {
    checkBatchSize(batchSize)
    const counts = labeledBoxes(context)
    const tau = numberOf(imageSimilarity, parameters)
    const reserved = Math.floor(batchSize * numberOf(minorityBudget, parameters))
    const minority = minorityOf(counts, numberOf(minorityShare, parameters))
    const rules: CandidateRules = {
      lowest: numberOf(boxThreshold, parameters),
      sameBox: numberOf(boxSimilarity, parameters),
      presence: numberOf(presence, parameters),
      minority,
    }
    const candidates = new Map(
      context.unlabeled.map((image) => [image.imageId, candidateOf(image, rules)]),
    )
    const shown = new Set([...candidates.values()].flatMap((candidate) => candidate.minority))
    const sharing = minority.filter((categoryId) => shown.has(categoryId))
    const quotas = classBudgets(new Map(sharing.map((id) => [id, 1])), reserved, random)
    const scores = [...candidates.values()].map(({ score }) => score)
    const ranked = selectBatch(scores, scores.length, random)
    const ordered = ranked.flatMap(({ imageId }) => candidates.get(imageId) ?? [])
    const byId = new Map(ranked.map((score) => [score.imageId, score]))
    return pickDiverse(ordered, batchSize, tau, quotas).flatMap((pick) => {
      const score = byId.get(pick.imageId)
      return score === undefined
        ? []
        : [{ ...score, reason: explain(score, pick, context, counts) }]
    })
  },
}

interface CandidateRules {
  /** Boxes with a lower score do not count. */
  readonly lowest: number
  /** Cosine above which boxes of a class look alike. */
  readonly sameBox: number
  /** Score from which on a box shows its class. */
  readonly presence: number
  readonly minority: readonly CategoryId[]
}

interface Candidate extends PrototypeCandidate {
  readonly score: AcquisitionScore
}

function candidateOf(
  { imageId, detections, boxFeatures }: ImageEvidence,
  { lowest, sameBox, presence, minority }: CandidateRules,
): Candidate {
  const found = (detections ?? []).filter(({ score }) => score >= lowest)
  const features = found.length > 0 ? boxFeatures?.(found) : undefined
  const kept = suppressSimilar(found, features, sameBox)
  const entropy = kept.reduce((sum, box) => sum + box.entropy, 0)
  const leftOut = found.length - kept.length
  const without = leftOut > 0 ? ` without ${leftOut} that look alike` : ''
  const reason =
    detections === undefined
      ? NOT_PREDICTED
      : found.length === 0
        ? `no box with a score of ${lowest} or more`
        : `entropy ${entropy.toFixed(2)} of ${boxes(kept.length)}${without}`
  return {
    imageId,
    hasBoxes: found.length > 0,
    prototypes: classPrototypes(kept),
    minority: minority.filter((categoryId) =>
      found.some((box) => box.categoryId === categoryId && box.score >= presence),
    ),
    score: { imageId, score: entropy, reason },
  }
}

/** Labelled boxes of each category; crowd regions do not count. */
function labeledBoxes({ labeled, categories }: AcquisitionContext): Map<CategoryId, number> {
  const counts = new Map(categories.map((categoryId) => [categoryId, 0]))
  for (const { categoryId, crowd } of labeled.flatMap(({ truth }) => truth)) {
    if (!crowd) counts.set(categoryId, (counts.get(categoryId) ?? 0) + 1)
  }
  return counts
}

/**
 * The share of the categories, rounded down, with the fewest labelled boxes, and those that have no more than these. Where
 * all have as many, none is a minority.
 */
function minorityOf(counts: ReadonlyMap<CategoryId, number>, share: number): CategoryId[] {
  const ascending = [...counts.values()].sort((a, b) => a - b)
  const wanted = Math.floor(ascending.length * share)
  if (wanted === 0) return []
  const [few, most] = [ascending[wanted - 1], ascending[ascending.length - 1]]
  return [...counts].flatMap(([categoryId, count]) =>
    count <= few && count < most ? categoryId : [],
  )
}

function explain(
  { reason }: AcquisitionScore,
  { rank, quotaOf, newest }: DiversePick,
  context: AcquisitionContext,
  counts: ReadonlyMap<CategoryId, number>,
): string {
  const parts = [reason]
  for (const categoryId of quotaOf) {
    const labelled = boxes(counts.get(categoryId) ?? 0)
    parts.push(`shows ${categoryName(context, categoryId)}, rare with ${labelled} labelled`)
  }
  if (newest?.similarity !== undefined) {
    const name = categoryName(context, newest.categoryId)
    parts.push(`cosine of its ${name} to those picked before ${newest.similarity.toFixed(2)}`)
  }
  if (rank === 'room-kept') parts.push('fills room that was kept for rare classes')
  if (rank === 'last' && newest !== undefined) parts.push('fills the batch although similar')
  return parts.join('; ')
}

import type { CategoryId } from '../dataset/types'
import type { Box } from '../geometry/box'
import { boxArea, boxIou, intersectionArea } from '../geometry/overlap'
import type { TruthBox } from '../evaluation/types'
import { onLabelIou, weighEvidence, type Evidence, type Fit } from './evidence'
import { matchLabels, type ImageMatch } from './match'
import { bySuspicion } from './order'
import type { JudgedImage, LabelSuspect } from './types'

/** Share of labels taken to be wrong in each way before anything is known of one; of well-known data sets it is 2 to 10 %. */
const prior = 0.05

/**
 * Every label and every unlabelled detection that may be an error, the most suspicious first, in one list; equal ones as
 * `bySuspicion` has them. The three kinds are those of ObjectLab (Tkachenko et al. 2023, "ObjectLab: Automated
 * Diagnosis of Mislabeled Images in Object Detection Data"). Its fixed confidence thresholds, which a detector trained
 * on few labels would never reach, are replaced by what the detections turn out to be worth on these labels: suspicion
 * is the probability that label and detection differ because the label is wrong, given how often they differ.
 *
 * - overlooked: a detection that no label of its class claims, times 1 - 2 IoU with the nearest label;
 * - misplaced: a label that overlaps the detection that claims it less than is usual in its class;
 * - swapped: a label on which a detection of another class lies, times 1 - probability of the label's own class there.
 *
 * A crowd region is never in question, nor is a label of a class that is not among the categories, as of one added after the
 * training: the model sees another class there whether or not it is right. What lies inside the one or on the other is not
 * overlooked.
 *
 * @param images each judged by a model that never trained on it
 * @param categories those that the model knows, in the order of the detections' class probabilities
 * @param evidence as learned from these images unless given
 */
export function findLabelErrors(
  images: readonly JudgedImage[],
  categories: readonly CategoryId[],
  evidence: Evidence = weighEvidence(images, categories),
): LabelSuspect[] {
  const suspects = images.flatMap((image) => {
    const match = matchLabels(image, evidence.labeled)
    return [
      ...misplaced(image, match, evidence),
      ...swapped(image, match, categories, evidence),
      ...overlooked(image, match, evidence),
    ]
  })
  return suspects.filter(({ suspicion }) => suspicion > 0).sort(bySuspicion)
}

/**
 * The share of differences that are the label's fault. Where detections of a kind are right with probability q and a
 * share e of labels is wrong, they agree in q (1 - e) of the cases, and differ by the label's fault in q e.
 * @param agreement share of cases in which label and detection agree, 0..1
 */
export function labelsFault(agreement: number): number {
  const right = Math.min(1, agreement / (1 - prior))
  const differ = 1 - agreement
  return differ <= 0 ? 1 : Math.min(1, (right * prior) / differ)
}

/**
 * Probability that a label is badly located, by how far it falls short of the usual overlap. Shortfalls of good labels,
 * half of all, are taken to be exponentially distributed about their median; of bad ones every IoU is as likely.
 */
export function misplacedProbability(iou: number, { usualIou, shortfall }: Fit): number {
  const short = 1 - iou / usualIou
  if (short <= 0) return 0
  const rate = Math.LN2 / shortfall
  const good = (1 - prior) * 0.5 * rate * Math.exp(-rate * short)
  return prior / (prior + good)
}

function misplaced(
  { imageId, truth, detections }: JudgedImage,
  { ofTruth }: ImageMatch,
  { labeled, fit }: Evidence,
): LabelSuspect[] {
  return truth.flatMap(({ categoryId, box }, truthIndex): LabelSuspect[] => {
    const pair = ofTruth.get(truthIndex)
    if (pair === undefined) return []
    const found = detections[pair.detection]
    const usual = fit(categoryId)
    const confidence = labeled(categoryId, found.score)
    return [
      {
        kind: 'misplaced',
        imageId,
        suspicion: confidence * misplacedProbability(pair.iou, usual),
        detection: { categoryId, box: found.box, score: found.score, confidence },
        iou: pair.iou,
        label: { truthIndex, categoryId, box },
        usualIou: usual.usualIou,
      },
    ]
  })
}

function swapped(
  { imageId, truth, detections }: JudgedImage,
  { ofTruth, detections: claimed }: ImageMatch,
  categories: readonly CategoryId[],
  { labeled, sameClass }: Evidence,
): LabelSuspect[] {
  return truth.flatMap(({ categoryId, box, crowd }, truthIndex) => {
    const place = categories.indexOf(categoryId)
    if (crowd || place === -1) return []
    const pair = ofTruth.get(truthIndex)
    const own =
      pair !== undefined && pair.iou >= onLabelIou ? detections[pair.detection] : undefined
    const others = detections.flatMap((found, index): LabelSuspect[] => {
      if (found.categoryId === categoryId || claimed.has(index)) return []
      const iou = boxIou(box, found.box)
      if (iou < onLabelIou) return []
      const { score } = found
      const ownScore = Math.max(own?.score ?? 0, found.classProbabilities[place] ?? 0)
      const ownConfidence = labeled(categoryId, ownScore)
      return [
        {
          kind: 'swapped',
          imageId,
          suspicion: labelsFault(sameClass(found.categoryId, score)) * (1 - ownConfidence),
          detection: {
            categoryId: found.categoryId,
            box: found.box,
            score,
            confidence: sameClass(found.categoryId, score),
          },
          iou,
          label: { truthIndex, categoryId, box },
          ownConfidence,
        },
      ]
    })
    // One suspicion a label: of several classes it may rather be, the likeliest.
    return others.sort(bySuspicion).slice(0, 1)
  })
}

function overlooked(
  { imageId, truth, detections }: JudgedImage,
  { detections: claimed }: ImageMatch,
  { labeled }: Evidence,
): LabelSuspect[] {
  const suspects = detections
    .flatMap(({ categoryId, box, score }, index): LabelSuspect[] => {
      if (claimed.has(index)) return []
      const confidence = labeled(categoryId, score)
      const iou = Math.max(0, ...truth.map((label) => coverage(box, label)))
      return [
        {
          kind: 'overlooked',
          imageId,
          suspicion: labelsFault(confidence) * Math.max(0, 1 - iou / onLabelIou),
          detection: { categoryId, box, score, confidence },
          iou,
        },
      ]
    })
    .sort(bySuspicion)
  // One object seen as two classes is one object.
  const kept: LabelSuspect[] = []
  for (const suspect of suspects) {
    const isRepeated = kept.some(
      ({ detection }) => boxIou(detection.box, suspect.detection.box) >= onLabelIou,
    )
    if (!isRepeated) kept.push(suspect)
  }
  return kept
}

/** IoU with a label; with a crowd region the part of the detection inside it, as COCO has it. */
function coverage(box: Box, { box: label, crowd }: TruthBox): number {
  if (!crowd) return boxIou(box, label)
  const area = boxArea(box)
  return area === 0 ? 0 : intersectionArea(box, label) / area
}

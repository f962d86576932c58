import type { CategoryId } from '../../dataset/types'
import type { Box } from '../../geometry/box'
import { boxArea, boxIou, intersectionArea } from '../../geometry/overlap'
import type { TruthBox } from '../types'
import { matchLabels, usualIous, type ImageMatch } from './match'
import type { Confidence, JudgedImage, LabelSuspect } from './types'

/** A detection of another class speaks of a label's class only where it shows the same object. */
const swapIou = 0.5

/** From this overlap on an unmatched detection is of a labelled object, not of an overlooked one. */
const overlookedIou = 0.5

/**
 * Every label and every unlabelled detection that speaks for an error, the most suspicious first, in one list; ties go
 * by image, kind and place. In the style of ObjectLab (Tkachenko et al. 2023, "ObjectLab: Automated Diagnosis of
 * Mislabeled Images in Object Detection Data"), with probabilities in place of its fixed confidence thresholds, which a
 * detector trained on few labels would never reach:
 *
 * - overlooked: confidence x (1 - 2 IoU with the nearest label), for a detection that no label of its class claims;
 * - misplaced: confidence x (1 - IoU / usual IoU of the class), for a label and the detection that claims it;
 * - swapped: confidence of the other class x IoU x (1 - confidence of the label's own class).
 *
 * A crowd region is never in question, and what lies inside one is not overlooked.
 *
 * @param images each judged by a model that never trained on it
 * @param categories in the order of the detections' class probabilities
 */
export function findLabelErrors(
  images: readonly JudgedImage[],
  categories: readonly CategoryId[],
  confidence: Confidence,
): LabelSuspect[] {
  const matches = images.map((image) => matchLabels(image, confidence))
  const usual = usualIous(images, matches)
  const suspects = images.flatMap((image, index) => {
    const match = matches[index]
    if (match === undefined) return []
    return [
      ...misplaced(image, match, usual, confidence),
      ...swapped(image, match, categories, confidence),
      ...overlooked(image, match, confidence),
    ]
  })
  return suspects
    .filter(({ suspicion }) => suspicion > 0)
    .sort((a, b) => b.suspicion - a.suspicion || (placeOf(a) < placeOf(b) ? -1 : 1))
}

function misplaced(
  { imageId, truth, detections }: JudgedImage,
  { ofTruth }: ImageMatch,
  usual: ReadonlyMap<CategoryId, number>,
  confidence: Confidence,
): LabelSuspect[] {
  return truth.flatMap(({ categoryId, box }, truthIndex): LabelSuspect[] => {
    const pair = ofTruth.get(truthIndex)
    const found = pair && detections[pair.detection]
    if (found === undefined) return []
    const usualIou = usual.get(categoryId) ?? 1
    const sure = confidence(categoryId, found.score)
    return [
      {
        kind: 'misplaced',
        imageId,
        suspicion: sure * Math.max(0, 1 - pair.iou / usualIou),
        detection: { categoryId, box: found.box, confidence: sure },
        iou: pair.iou,
        label: { truthIndex, categoryId, box },
        usualIou,
      },
    ]
  })
}

function swapped(
  { imageId, truth, detections }: JudgedImage,
  { ofTruth, detections: claimed }: ImageMatch,
  categories: readonly CategoryId[],
  confidence: Confidence,
): LabelSuspect[] {
  return truth.flatMap(({ categoryId, box, crowd }, truthIndex) => {
    if (crowd) return []
    const place = categories.indexOf(categoryId)
    const pair = ofTruth.get(truthIndex)
    const own = pair !== undefined && pair.iou >= swapIou ? detections[pair.detection] : undefined
    const others = detections.flatMap((found, index): LabelSuspect[] => {
      if (found.categoryId === categoryId || claimed.has(index)) return []
      const iou = boxIou(box, found.box)
      if (iou < swapIou) return []
      const sure = confidence(found.categoryId, found.score)
      const ownScore = Math.max(own?.score ?? 0, found.classProbabilities[place] ?? 0)
      const ownConfidence = confidence(categoryId, ownScore)
      return [
        {
          kind: 'swapped',
          imageId,
          suspicion: sure * iou * (1 - ownConfidence),
          detection: { categoryId: found.categoryId, box: found.box, confidence: sure },
          iou,
          label: { truthIndex, categoryId, box },
          ownConfidence,
        },
      ]
    })
    // One suspicion a label: of several classes it may rather be, the likeliest.
    return others.sort((a, b) => b.suspicion - a.suspicion).slice(0, 1)
  })
}

function overlooked(
  { imageId, truth, detections }: JudgedImage,
  { detections: claimed }: ImageMatch,
  confidence: Confidence,
): LabelSuspect[] {
  const suspects = detections
    .flatMap(({ categoryId, box, score }, index): LabelSuspect[] => {
      if (claimed.has(index)) return []
      const sure = confidence(categoryId, score)
      const iou = Math.max(0, ...truth.map((label) => coverage(box, label)))
      return [
        {
          kind: 'overlooked',
          imageId,
          suspicion: sure * Math.max(0, 1 - iou / overlookedIou),
          detection: { categoryId, box, confidence: sure },
          iou,
        },
      ]
    })
    .sort((a, b) => b.suspicion - a.suspicion)
  // One object seen as two classes is one object.
  const kept: LabelSuspect[] = []
  for (const suspect of suspects) {
    const isRepeated = kept.some(
      ({ detection }) => boxIou(detection.box, suspect.detection.box) >= overlookedIou,
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

/** Orders suspects of equal suspicion, however the images came. */
function placeOf(suspect: LabelSuspect): string {
  const { imageId, kind, detection } = suspect
  const { x, y } = suspect.kind === 'overlooked' ? detection.box : suspect.label.box
  return [imageId, kind, x.toFixed(3), y.toFixed(3)].join(' ')
}

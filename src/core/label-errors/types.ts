import type { CategoryId, ImageId } from '../dataset/types'
import type { Detection } from '../detection/types'
import type { Box } from '../geometry/box'
import type { TruthBox } from '../evaluation/types'

/** `overlooked`: an object without a box; `misplaced`: a box that fits its object badly; `swapped`: the wrong class. */
export type SuspectKind = 'overlooked' | 'misplaced' | 'swapped'

/** A labelled image as a model sees it that never trained on it. */
export interface JudgedImage {
  readonly imageId: ImageId
  readonly truth: readonly TruthBox[]
  readonly detections: readonly Pick<
    Detection,
    'box' | 'categoryId' | 'score' | 'classProbabilities'
  >[]
}

/** A probability that depends on the class of a detection and ascends in its score. */
export type ProbabilityOfScore = (categoryId: CategoryId, score: number) => number

/** What was detected, in the image's pixels. */
export interface SuspectDetection {
  readonly categoryId: CategoryId
  readonly box: Box
  /** As the model gave it, 0..1. */
  readonly score: number
  /** How often such a detection agrees with the labels, 0..1; of a swapped class, where it lies on a label of any. */
  readonly confidence: number
}

interface SuspectBase {
  readonly imageId: ImageId
  /** 0..1, higher = more likely an error. */
  readonly suspicion: number
  readonly detection: SuspectDetection
  /** Of the detection with the label in question; of an overlooked object with the nearest label. */
  readonly iou: number
}

/** The label in question. */
interface LabelInQuestion {
  /** Its place in the image's `truth`. */
  readonly truthIndex: number
  readonly categoryId: CategoryId
  readonly box: Box
}

/** One suspected label error with the numbers behind it. */
export type LabelSuspect =
  | (SuspectBase & { readonly kind: 'overlooked' })
  | (SuspectBase & {
      readonly kind: 'misplaced'
      readonly label: LabelInQuestion
      /** Median IoU of detections with the labels of this class: what a good box reaches. */
      readonly usualIou: number
    })
  | (SuspectBase & {
      readonly kind: 'swapped'
      readonly label: LabelInQuestion
      /** Probability that the label's own class is there, 0..1. */
      readonly ownConfidence: number
    })

/** A suspicion that somebody has looked into: the label is right. */
export interface DismissedSuspect {
  readonly kind: SuspectKind
  readonly imageId: ImageId
  /** Of the label in question; of what was detected where a box was thought to be missing. */
  readonly categoryId: CategoryId
  readonly box: Box
}

/** How suspicious the labels of one image are, 0..1 each, higher = more. */
export interface ImageSuspicion {
  readonly imageId: ImageId
  readonly overall: number
  readonly overlooked: number
  readonly misplaced: number
  readonly swapped: number
}

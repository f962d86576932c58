/** The notebook document: typed cells, top to bottom, with their saved outputs. Plain JSON-able data. */
import type { AcquisitionScore, ParameterValues } from '../acquisition/types'
import type { AnnotationId, Brand, ImageId, ProjectId, Timestamp } from '../dataset/types'
import type { Reliability } from '../calibration/reliability'
import type { CategoryCount, ModelSettings, TrainingDepth, TrainingStart } from '../detection/types'
import type { Diagnosis } from '../diagnosis/types'
import type { DismissedSuspect, LabelSuspect } from '../label-errors/types'
import type { EvaluationResult } from '../evaluation/types'
import type { ExperimentFigures } from '../experiment/statistics/figures'
import type {
  ExperimentAxis,
  ExperimentSettings,
  ExperimentState,
} from '../experiment/replay/replay-types'
import type { StoppingSettings, TestSamples } from '../experiment/stopping/stopping'

export type { CategoryCount, ModelSettings, TrainingDepth, TrainingStart }

export type CellId = Brand<string, 'CellId'>
export type CellKind =
  'note' | 'data' | 'model' | 'round' | 'curve' | 'count' | 'review' | 'experiment'

interface CellBase {
  readonly id: CellId
  readonly projectId: ProjectId
  /** Position in the document; sorts ascending, gaps allowed. */
  readonly position: number
}

export interface NoteCell extends CellBase {
  readonly kind: 'note'
  readonly markdown: string
}

export interface DataCell extends CellBase {
  readonly kind: 'data'
}

export interface ModelCell extends CellBase {
  readonly kind: 'model'
  readonly settings: ModelSettings
}

export interface RoundSettings {
  readonly strategyId: string
  readonly parameters: ParameterValues
  readonly batchSize: number
  readonly seed: number
}

export interface LossPoint {
  readonly step: number
  readonly loss: number
}

/** Where a round's figures come from: the frozen test split, or cross-validation on the labelled images. */
export type EstimateKind = 'test-split' | 'out-of-fold'

/** How reliable probabilities are before and after calibration, on the out-of-fold detections it was fitted to. */
export interface CalibrationCheck {
  /** Labelled images whose detections these are. */
  readonly images: number
  readonly before: Reliability
  readonly after: Reliability
}

export interface RoundOutput {
  readonly losses: readonly LossPoint[]
  /** Of the training itself, without embedding. */
  readonly trainSeconds: number
  readonly backend: string
  /** Model settings the head was trained with; `start` is what this round really did, and 'scratch' in the first. */
  readonly model: ModelSettings
  /** SHA-256 of the head's weights, hex; undefined for rounds of versions that did not take it. */
  readonly weightsDigest: string | undefined
  /** Undefined when there was nothing to evaluate on; `estimate` says what was used otherwise. */
  readonly evaluation: EvaluationResult | undefined
  readonly estimate: EstimateKind | undefined
  /** What lies behind the evaluation; undefined without one, and in rounds of earlier versions. */
  readonly diagnosis?: Diagnosis | undefined
  /** Taken when the next round was asked for; undefined before, and where that took no probabilities. */
  readonly calibration?: CalibrationCheck | undefined
  /** AP50 on samples of the test images; undefined without a labelled test split, and in rounds of earlier versions. */
  readonly samples?: TestSamples | undefined
  /** How far its boxes on the pool agree with those of the round before, 0..1; undefined where that is not known. */
  readonly agreement?: number | undefined
  /** The labelled set the round trained on. */
  readonly labeledImages: number
  readonly labeledBoxes: number
  readonly labelSeconds: number
  /** Gestures that changed its labels; undefined where some were made in a version that did not count them. */
  readonly labelClicks?: number | undefined
  /** Every labelled image it trained on: what the rounds asked for, and labels that came without being asked. */
  readonly trainedOn: readonly ImageId[]
  /** Digest of everything the output depends on; compared with the present one to mark staleness. */
  readonly fingerprint: string
  readonly finishedAt: Timestamp
}

export interface RoundCell extends CellBase {
  readonly kind: 'round'
  /** 0 = the seed set. */
  readonly index: number
  readonly settings: RoundSettings
  /** The query: what was asked to be labelled, with scores and reasons. Fixed once drawn. */
  readonly picks: readonly AcquisitionScore[]
  readonly output: RoundOutput | undefined
}

export interface HourlyPrice {
  readonly perHour: number
  /** As the user writes it, for instance 'EUR'. */
  readonly currency: string
}

export interface CurveCell extends CellBase {
  readonly kind: 'curve'
  readonly xAxis: 'images' | 'boxes' | 'seconds' | 'clicks'
  /** What an hour of labelling costs, in a currency that the user names; undefined until somebody says. */
  readonly price?: HourlyPrice | undefined
  /** What the advice on when to stop goes by. */
  readonly stopping: StoppingSettings
}

export interface ImageCount {
  readonly imageId: ImageId
  /** Of the categories that any member counted here; of all others there are 0. */
  readonly counts: readonly CategoryCount[]
}

export interface CountOutput {
  readonly threshold: number
  readonly images: readonly ImageCount[]
  readonly totals: readonly CategoryCount[]
  readonly fingerprint: string
  readonly finishedAt: Timestamp
}

export interface CountCell extends CellBase {
  readonly kind: 'count'
  /** Probability from which on a detection is counted, 0..1. */
  readonly threshold: number
  /** One image, or undefined for the whole pool. */
  readonly imageId: ImageId | undefined
  readonly output: CountOutput | undefined
}

/** A suspected label error as the review shows it, with what it was said of. */
export type ReviewItem = LabelSuspect & {
  /** Revision of the image's label that was looked at. */
  readonly revision: number
  /** The box in question; undefined where a box is missing. */
  readonly annotationId: AnnotationId | undefined
}

export interface ReviewOutput {
  /** The most suspicious first. */
  readonly items: readonly ReviewItem[]
  /** Labelled images that were looked through, and their boxes. */
  readonly images: number
  readonly boxes: number
  /** Labelled images that no model could judge which had not trained on them. */
  readonly unjudged: number
  readonly fingerprint: string
  readonly finishedAt: Timestamp
}

export interface ReviewCell extends CellBase {
  readonly kind: 'review'
  /** Kept from one search to the next. */
  readonly dismissed: readonly DismissedSuspect[]
  readonly output: ReviewOutput | undefined
}

export interface ExperimentOutput {
  /** As far as it has come; complete when there is nothing left to train. */
  readonly state: ExperimentState
  /** Of the finished runs. */
  readonly figures: ExperimentFigures
  /** Labelled images that were drawn from, and those that AP was measured on. */
  readonly poolImages: number
  readonly testImages: number
  /** The project's test split had too few labels: a quarter of the labelled images took its place. */
  readonly isTestDrawn: boolean
  /** Computing time so far. */
  readonly seconds: number
  /**
   * Seconds a training step took when there was last something to train, with the measuring and choosing that followed,
   * without the embedding before; undefined in versions that did not measure it.
   */
  readonly secondsPerStep?: number | undefined
  readonly backend: string
  readonly fingerprint: string
  /** When the last training ended. */
  readonly finishedAt: Timestamp
}

/** Replays labelling with several strategies, to see what each would have bought. */
export interface ExperimentCell extends CellBase {
  readonly kind: 'experiment'
  /** Whose labels answer: those of this project's labelled images, or those that the hidden oracle knows. */
  readonly labels: 'own' | 'oracle'
  readonly settings: ExperimentSettings
  readonly xAxis: ExperimentAxis
  /** Draws the curves as a share of what all labels of the pool give. */
  readonly asFraction: boolean
  /** A run has begun and not ended; where nothing is at work on it, the page was closed under it. */
  readonly isUnderWay?: boolean | undefined
  readonly output: ExperimentOutput | undefined
}

export type Cell =
  NoteCell | DataCell | ModelCell | RoundCell | CurveCell | CountCell | ReviewCell | ExperimentCell

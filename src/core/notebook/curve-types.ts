import type { EstimateKind } from './types'

/** One round on the label-efficiency curve. */
export interface CurvePoint {
  readonly roundIndex: number
  readonly images: number
  readonly boxes: number
  /** Labelling effort so far, in seconds. */
  readonly seconds: number
  /** Gestures that changed a label so far; undefined where they were not logged. */
  readonly clicks: number | undefined
  readonly ap50: number | undefined
  readonly ap: number | undefined
  readonly estimate: EstimateKind | undefined
  readonly strategyId: string
}

export type LearningCurve = readonly CurvePoint[]

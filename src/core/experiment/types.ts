import type { EstimateKind } from '../notebook/types'

/** One round on the label-efficiency curve. */
export interface CurvePoint {
  readonly roundIndex: number
  readonly images: number
  readonly boxes: number
  /** Labelling effort so far, in seconds. */
  readonly seconds: number
  readonly ap50: number | undefined
  readonly ap: number | undefined
  readonly estimate: EstimateKind | undefined
  readonly strategyId: string
}

export type LearningCurve = readonly CurvePoint[]

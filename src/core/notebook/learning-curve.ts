import type { RoundCell } from './types'
import type { CurvePoint, LearningCurve } from './curve-types'

/** One point a finished round, in the order of the rounds; unfinished ones have none. */
export function learningCurve(cells: readonly RoundCell[]): LearningCurve {
  return cells
    .flatMap(({ index, settings, output }): CurvePoint[] =>
      output === undefined
        ? []
        : [
            {
              roundIndex: index,
              images: output.labeledImages,
              boxes: output.labeledBoxes,
              seconds: output.labelSeconds,
              clicks: output.labelClicks,
              ap50: output.evaluation?.metrics.ap50,
              ap: output.evaluation?.metrics.ap,
              estimate: output.estimate,
              strategyId: settings.strategyId,
            },
          ],
    )
    .sort((a, b) => a.roundIndex - b.roundIndex)
}

/** Columns of `curveToRows`. Seconds are of labelling; AP and AP50 are 0..1. */
export const CURVE_COLUMNS = [
  'round',
  'strategy',
  'images',
  'boxes',
  'seconds',
  'clicks',
  'ap50',
  'ap',
  'estimate',
] as const

/** The curve as a table, one row a point under `CURVE_COLUMNS`; undefined where there is no figure. */
export function curveToRows(
  curve: LearningCurve,
): readonly (readonly (string | number | undefined)[])[] {
  return curve.map((point) => [
    point.roundIndex,
    point.strategyId,
    point.images,
    point.boxes,
    point.seconds,
    point.clicks,
    point.ap50,
    point.ap,
    point.estimate,
  ])
}

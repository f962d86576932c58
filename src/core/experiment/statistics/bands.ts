import type { RandomSource } from '../../random/types'
import { bootstrapMean } from './bootstrap-mean'
import { commonRange, precisionAt } from './curve-range'
import type { ExperimentAxis, MeanInterval, StrategyCurve } from '../replay/replay-types'

export interface BandPoint extends MeanInterval {
  /** On the axis. */
  readonly place: number
}

/**
 * The mean learning curve of a strategy with its pointwise bootstrap 95 % band, for a chart: AP50 at `count` places, even
 * over the stretch that all its curves cover. None where the curves have nothing in common.
 * @param count two or more; by images, as many as there are rounds give the rounds themselves
 */
export function learningBand(
  curves: readonly StrategyCurve[],
  axis: ExperimentAxis,
  count: number,
  random: RandomSource,
): BandPoint[] {
  const range = commonRange(
    curves.map(({ points }) => points),
    axis,
  )
  if (range === undefined) return []
  return Array.from({ length: count }, (_, index) => {
    const place = range.from + (index / (count - 1)) * (range.to - range.from)
    const heights = curves.map(({ points }) => precisionAt(points, axis, place))
    // The same draws everywhere, so that the band is as smooth as the curves.
    const interval = bootstrapMean(heights, random.fork('band'))
    return interval === undefined ? [] : [{ place, ...interval }]
  }).flat()
}

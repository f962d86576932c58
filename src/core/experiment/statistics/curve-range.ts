import type { ExperimentAxis, ExperimentPoint } from '../replay/replay-types'

/** A stretch of an axis, ends included. */
export interface AxisRange {
  readonly from: number
  readonly to: number
}

/** The stretch that all curves cover; undefined where that is none, or no curve. A curve without points covers nothing. */
export function commonRange(
  curves: readonly (readonly ExperimentPoint[])[],
  axis: ExperimentAxis,
): AxisRange | undefined {
  if (curves.length === 0) return undefined
  const from = Math.max(...curves.map((points) => points[0]?.[axis] ?? Infinity))
  const to = Math.min(...curves.map((points) => points.at(-1)?.[axis] ?? -Infinity))
  return from <= to ? { from, to } : undefined
}

/**
 * AP50 at a place on the axis, linear between the points. Outside the curve it is that of the nearest end; where a round
 * added nothing on this axis (no box, for example), that of the later round.
 * @param points at least one, in the order of labelling
 */
export function precisionAt(
  points: readonly ExperimentPoint[],
  axis: ExperimentAxis,
  place: number,
): number {
  const after = points.findIndex((point) => point[axis] > place)
  if (after === 0) return points[0].ap50
  const before = points.at(after < 0 ? -1 : after - 1)
  if (before === undefined)
    throw new RangeError('The learning curve has no point; finish a round before asking for it.')
  if (after < 0) return before.ap50
  const next = points[after]
  const share = (place - before[axis]) / (next[axis] - before[axis])
  return before.ap50 + share * (next.ap50 - before.ap50)
}

/**
 * Area under a learning curve (AULC): the trapezoid rule over a range that the curve covers, divided by the width of the
 * range, so that it is the mean AP50 there, 0..1. Over a range without width it is the AP50 there.
 */
export function areaUnderCurve(
  points: readonly ExperimentPoint[],
  axis: ExperimentAxis,
  { from, to }: AxisRange,
): number {
  if (to <= from) return precisionAt(points, axis, from)
  const inside = points.filter((point) => point[axis] > from && point[axis] < to)
  const corners = [
    { place: from, ap50: precisionAt(points, axis, from) },
    ...inside.map((point) => ({ place: point[axis], ap50: point.ap50 })),
    { place: to, ap50: precisionUpTo(points, axis, to) },
  ]
  const area = corners.slice(1).reduce((sum, corner, index) => {
    const previous = corners[index]
    return sum + ((corner.place - previous.place) * (corner.ap50 + previous.ap50)) / 2
  }, 0)
  return area / (to - from)
}

/** AP50 at a place that is come to from below: of several rounds there, the first. */
function precisionUpTo(
  points: readonly ExperimentPoint[],
  axis: ExperimentAxis,
  place: number,
): number {
  return points.find((point) => point[axis] === place)?.ap50 ?? precisionAt(points, axis, place)
}

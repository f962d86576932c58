import type { LabelingCost } from '../../core/acquisition/types'
import { assumedPart, isTimedFromNothing } from '../../core/dataset/label-effort'
import type { ImageLabel } from '../../core/dataset/types'
import { measuredCost } from '../../core/acquisition/cost/measured-cost'
import type { Session } from './session'

/** Labelling times assumed where nobody was measured (see the README's protocol). */
export const assumedCost: LabelingCost = { secondsPerImage: 7, secondsPerBox: 7 }

/** What labelling costs here, by the clock and to a tenth of a second; undefined while too few began from nothing. */
export function ownCost({ labels }: Session): LabelingCost | undefined {
  const cost = measuredCost(
    labels
      .all()
      .filter((label) => label.status === 'done' && isTimedFromNothing(label))
      .map(({ imageId, seconds }) => ({ boxes: labels.of(imageId).length, seconds })),
  )
  const tenths = (seconds: number): number => Math.round(10 * seconds) / 10
  return (
    cost && {
      secondsPerImage: tenths(cost.secondsPerImage),
      secondsPerBox: tenths(cost.secondsPerBox),
    }
  )
}

/** What labelling an image with this many boxes is assumed to take, in seconds. */
export function assumedSeconds(boxes: number): number {
  return assumedCost.secondsPerImage + assumedCost.secondsPerBox * boxes
}

/** A gesture a box, and one to say that the image is done. */
export function assumedClicks(boxes: number): number {
  return boxes + 1
}

/** Gestures on all of these labels; undefined when those on one of them were not counted. */
export function clicksOf(labels: readonly (ImageLabel | undefined)[]): number | undefined {
  let sum = 0
  for (const label of labels) {
    if (label?.clicks === undefined) return undefined
    sum += label.clicks
  }
  return sum
}

/** What the finished labels of the pool took. */
export interface LabelingEffort {
  readonly images: number
  readonly boxes: number
  /** By the clock. */
  readonly measuredSeconds: number
  /** Of the oracle's answers. */
  readonly assumedSeconds: number
  /** Undefined where they were not counted for all of them. */
  readonly clicks: number | undefined
}

/** The effort that has gone into the pool; that of the test split is spent with any strategy. */
export function poolEffort({ project, pool, labels }: Session): LabelingEffort {
  const done = pool.labeled.flatMap((imageId) => labels.label(imageId) ?? [])
  // Where no oracle answers, an earlier version has taken time on imported boxes for assumed.
  const assumed = project.hasOracle ? sumOf(done.map((label) => assumedPart(label) ?? 0)) : 0
  return {
    images: done.length,
    boxes: sumOf(pool.labeled.map((imageId) => labels.of(imageId).length)),
    measuredSeconds: sumOf(done.map(({ seconds }) => seconds)) - assumed,
    assumedSeconds: assumed,
    clicks: clicksOf(done),
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

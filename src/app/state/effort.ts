import type { LabelingCost } from '../../core/acquisition/types'
import type { ImageLabel } from '../../core/dataset/types'
import type { Session } from './session'

/** Labelling times assumed where nobody was measured (see the README's protocol). */
export const assumedCost: LabelingCost = { secondsPerImage: 7, secondsPerBox: 7 }

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
export function poolEffort({ pool, labels }: Session): LabelingEffort {
  const done = pool.labeled.map((imageId) => labels.label(imageId))
  const secondsOf = (source: ImageLabel['secondsSource']): number =>
    done.reduce((sum, label) => sum + (label?.secondsSource === source ? label.seconds : 0), 0)
  return {
    images: done.length,
    boxes: pool.labeled.reduce((sum, imageId) => sum + labels.of(imageId).length, 0),
    measuredSeconds: secondsOf('measured'),
    assumedSeconds: secondsOf('assumed'),
    clicks: clicksOf(done),
  }
}

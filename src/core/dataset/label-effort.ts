import type { ImageLabel } from './types'

/** What a step on an image took. */
export interface StepEffort {
  /** Active labelling seconds to add. */
  readonly addSeconds?: number
  /** That of the step before if left out. */
  readonly secondsSource?: ImageLabel['secondsSource']
  /** Gestures to add. */
  readonly addClicks?: number
}

type Effort = Pick<ImageLabel, 'seconds' | 'secondsSource' | 'assumedSeconds' | 'clicks'>

/** The effort on an image after a step; undefined before the first. */
export function addEffort(
  previous: Effort | undefined,
  { addSeconds = 0, addClicks = 0, secondsSource: given }: StepEffort,
): Effort {
  const secondsSource = given ?? previous?.secondsSource ?? 'measured'
  const assumed = previous && assumedPart(previous)
  // Of a label that nobody counted for, the number is not known from here on either.
  const counted = previous === undefined ? 0 : previous.clicks
  return {
    seconds: (previous?.seconds ?? 0) + addSeconds,
    secondsSource,
    assumedSeconds: secondsSource === 'assumed' ? (assumed ?? 0) + addSeconds : assumed,
    clicks: counted === undefined ? undefined : counted + addClicks,
  }
}

/** Whether somebody labelled the image by the clock and from nothing: correcting boxes that are there takes another time. */
export function isTimedFromNothing(label: Effort): boolean {
  return label.seconds > 0 && assumedPart(label) === undefined
}

/** Of the seconds, those that are assumed; undefined where nothing came ready-made. */
export function assumedPart({
  seconds,
  secondsSource,
  assumedSeconds,
}: Effort): number | undefined {
  return assumedSeconds ?? (secondsSource === 'assumed' ? seconds : undefined)
}

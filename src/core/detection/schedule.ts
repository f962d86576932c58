import type { ModelSettings } from './types'

/** How a training is paced. */
export interface TrainingSchedule {
  readonly steps: number
  /** Learning rate at the end of the warm-up, from which a cosine goes down to zero. */
  readonly peakRate: number
}

/**
 * What a training that starts from a trained head takes of the steps and of the rate from scratch: it has less way to
 * go, and large steps would only undo what is known.
 */
const warmShare = { steps: 0.5, rate: 0.25 }

/** The schedule of a training with these settings. */
export function trainingSchedule({ start, steps, learningRate }: ModelSettings): TrainingSchedule {
  if (start === 'scratch') return { steps, peakRate: learningRate }
  return { steps: Math.ceil(steps * warmShare.steps), peakRate: learningRate * warmShare.rate }
}

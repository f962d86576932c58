import type { ModelSettings } from './types'

/** How a training is paced. */
export interface TrainingSchedule {
  /** All steps. */
  readonly steps: number
  /** The first of them, which train the head alone; the others go through the network. */
  readonly headSteps: number
  /** Learning rate at the end of the warm-up, from which a cosine goes down to zero; both kinds of steps have theirs. */
  readonly peakRate: number
}

/**
 * What a training that starts from a trained head takes of the steps and of the rate from scratch: it has less way to
 * go, and large steps would only undo what is known.
 */
const warmShare = { steps: 0.5, rate: 0.5 }

/**
 * The schedule of a training with these settings. The network is trained for as many steps as the head, which comes
 * first: what a head of random numbers asks of the network would only spoil it. A warm start takes both from the round
 * before, and trains them together at once.
 */
export function trainingSchedule(settings: ModelSettings): TrainingSchedule {
  const isWarm = settings.start === 'warm'
  const own = isWarm ? Math.ceil(settings.steps * warmShare.steps) : settings.steps
  const headSteps = isWarm && settings.depth !== 'head' ? 0 : own
  return {
    steps: settings.depth === 'head' ? headSteps : headSteps + own,
    headSteps,
    peakRate: isWarm ? settings.learningRate * warmShare.rate : settings.learningRate,
  }
}

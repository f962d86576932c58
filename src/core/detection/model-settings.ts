import type { ModelSettings, TrainingDepth } from './types'

/** A box of the pool below this probability is not kept: on its account nothing is asked for, proposed or counted. */
export const poolMinScore = 0.05

/** What a head is trained with unless the user says otherwise; suits a few hundred photos on two CPU cores. */
export const defaultModelSettings: ModelSettings = {
  inputSize: 416,
  committee: 5,
  steps: 1000,
  hidden: 64,
  learningRate: 6e-3,
  start: 'scratch',
  depth: 'head',
  views: 5,
}

/**
 * What hundreds of labelled images are worth beyond that: more units to tell apart what they show and, for the head alone,
 * time to do so. Steps through the network are kept within a quarter of an hour on two CPU cores.
 */
export function manyLabelsSettings(depth: TrainingDepth): Pick<ModelSettings, 'hidden' | 'steps'> {
  return { hidden: 128, steps: depth === 'head' ? 1500 : 700 }
}

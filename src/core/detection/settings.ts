import type { ModelSettings } from './types'

/** What a head is trained with unless the user says otherwise; suits a few hundred photos on two CPU cores. */
export const defaultModelSettings: ModelSettings = {
  inputSize: 416,
  committee: 5,
  steps: 800,
  hidden: 64,
  learningRate: 4e-3,
  start: 'scratch',
  depth: 'head',
  views: 5,
}

/** What hundreds of labelled images are worth beyond that: more units to tell apart what they show, and time to do so. */
export const manyLabelsSettings = { hidden: 128, steps: 1500 } as const

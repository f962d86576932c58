import type { RoundSettings } from './types'

/** What a round is asked for with unless the user says otherwise. */
export const defaultRoundSettings: RoundSettings = {
  strategyId: 'margin-default',
  parameters: {},
  batchSize: 10,
  seed: 1,
}

/** A detection counts as an object from this probability on, unless the user says otherwise. */
export const defaultCountThreshold = 0.3

import type { ModelSettings, RoundCell } from './types'

/** What a round trains with, and from where. */
export interface RoundModel {
  readonly settings: ModelSettings
  /** The round whose head it starts from; undefined when it starts from scratch. */
  readonly startsFrom: RoundCell | undefined
}

/**
 * What the round trains with at present: the settings of the model cell, with the start that it can have. A warm start
 * takes the newest trained head of the rounds before it; where there is none, or it was trained to another depth, the
 * round starts from scratch.
 * @param rounds in the order they are played
 */
export function roundModel(
  model: ModelSettings,
  rounds: readonly RoundCell[],
  round: Pick<RoundCell, 'index'>,
): RoundModel {
  const last = rounds.findLast(({ index, output }) => index < round.index && output !== undefined)
  const isSuited = model.start === 'warm' && last?.output?.model.depth === model.depth
  const startsFrom = isSuited ? last : undefined
  const start = startsFrom === undefined ? 'scratch' : 'warm'
  return { settings: { ...model, start }, startsFrom }
}

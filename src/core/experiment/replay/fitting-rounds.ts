import type { ExperimentSettings } from './replay-types'

export type RoundCounts = Pick<ExperimentSettings, 'initial' | 'batch' | 'rounds'>

/** Fewer points make no curve. */
const leastRounds = 3

/** Images that are labelled in so many rounds. */
export function labeledImages({ initial, batch, rounds }: RoundCounts): number {
  return initial + (rounds - 1) * batch
}

/**
 * The wanted rounds, or as many of them as there are images to choose from; where that would make fewer than three, three
 * smaller ones.
 * @param pool images to choose from, at least three
 */
export function fitRounds(pool: number, wanted: RoundCounts): RoundCounts {
  const { initial, batch, rounds } = wanted
  const most = Math.floor((pool - initial) / batch) + 1
  if (most >= Math.min(rounds, leastRounds))
    return { initial, batch, rounds: Math.min(rounds, most) }
  const each = Math.floor(pool / leastRounds)
  return { initial: each, batch: each, rounds: leastRounds }
}

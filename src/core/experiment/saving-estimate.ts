import type { ExperimentCell, RoundCell } from '../notebook/types'
import type { LabelSaving, MeanInterval } from './replay-types'
import { timeSaved } from './time-saved'

/** What a project's experiments say about the time that its rounds have saved; or why they say nothing. */
export type SavingEstimate =
  /** No round has chosen by anything but chance. */
  | { readonly kind: 'no-choice' }
  | { readonly kind: 'no-experiment'; readonly strategyId: string }
  /** None of the experiments compares the strategy. */
  | { readonly kind: 'not-compared'; readonly strategyId: string }
  /** No seed is finished, or neither the strategy nor random reached the target with any. */
  | { readonly kind: 'not-known'; readonly strategyId: string; readonly notReached: number }
  | {
      readonly kind: 'known'
      readonly strategyId: string
      /** By seconds. */
      readonly saving: LabelSaving
      /** Finished with both; `saving.notReached` of them are among these. */
      readonly seeds: number
      /** Seconds. */
      readonly saved: MeanInterval
    }

/**
 * The time saved against labelling at random, as the experiment of most seeds has it for the strategy that chose for most of
 * the project's rounds (the later one of two).
 * @param seconds of labelling spent so far
 */
export function estimateSaving(
  rounds: readonly RoundCell[],
  experiments: readonly ExperimentCell[],
  seconds: number,
): SavingEstimate {
  const strategyId = mainStrategy(rounds)
  if (strategyId === undefined) return { kind: 'no-choice' }
  const outputs = experiments.flatMap(({ output }) => output ?? [])
  if (outputs.length === 0) return { kind: 'no-experiment', strategyId }
  const found = outputs
    .flatMap(({ state, figures }) => {
      const variants = state.settings.strategies.filter((other) => other.strategyId === strategyId)
      return variants.flatMap(({ id }) => {
        const axes = figures.strategies.find((other) => other.id === id)?.axes
        if (axes === undefined) return []
        const { saving, versusRandom } = axes.seconds
        const finished = versusRandom?.n ?? 0
        return { saving, seeds: finished }
      })
    })
    .sort((a, b) => b.seeds - a.seeds)
  const best = found.at(0)
  if (best === undefined) return { kind: 'not-compared', strategyId }
  const { saving, seeds } = best
  const saved = saving && timeSaved(seconds, saving)
  if (saving === undefined || saved === undefined)
    return { kind: 'not-known', strategyId, notReached: saving?.notReached ?? 0 }
  return { kind: 'known', strategyId, saving, seeds, saved }
}

/** That of most rounds after the seed set, without those drawn at random. */
function mainStrategy(rounds: readonly RoundCell[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { index, settings } of rounds) {
    const { strategyId } = settings
    if (index > 0 && strategyId !== 'random')
      counts.set(strategyId, (counts.get(strategyId) ?? 0) + 1)
  }
  const most = Math.max(...counts.values())
  return [...counts].findLast(([, count]) => count === most)?.[0]
}

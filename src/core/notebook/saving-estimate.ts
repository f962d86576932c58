import { strategies } from '../acquisition/registry'
import type { ParameterValues } from '../acquisition/types'
import type { CellId, ExperimentCell, RoundCell } from './types'
import type { LabelSaving, MeanInterval, StrategyVariant } from '../experiment/replay/replay-types'
import { variantOf } from '../experiment/replay/experiment-settings'
import { timeSaved } from '../experiment/statistics/time-saved'

/** A strategy with the parameters that are not its defaults. */
type Choice = Pick<StrategyVariant, 'strategyId' | 'parameters'>

/** What a project's experiments say about the time that its rounds have saved; or why they say nothing. */
export type SavingEstimate =
  /** No round has chosen by anything but chance. */
  | { readonly kind: 'no-choice' }
  | { readonly kind: 'no-experiment'; readonly choice: Choice }
  /** None of the experiments compares the strategy with the same parameters. */
  | { readonly kind: 'not-compared'; readonly choice: Choice }
  /** No seed is finished, or none tells whether the strategy or random reaches the target first. */
  | { readonly kind: 'not-known'; readonly choice: Choice; readonly notReached: number }
  | {
      readonly kind: 'known'
      readonly choice: Choice
      /** By seconds. */
      readonly saving: LabelSaving
      /** Finished with both; `saving.n` of them are in the mean. */
      readonly seeds: number
      /** Seconds. */
      readonly saved: MeanInterval
      /** No experiment that is up to date knows it: this one is out of date. */
      readonly isStale: boolean
    }

/**
 * The time saved against labelling at random, for what chose for most of the project's rounds (the later one of two), as the
 * experiment of most seeds has it among those that know it; one that is out of date only where no other does.
 * @param stale cells whose output is out of date
 * @param seconds of labelling spent so far
 */
export function estimateSaving(
  rounds: readonly RoundCell[],
  experiments: readonly ExperimentCell[],
  stale: ReadonlySet<CellId>,
  seconds: number,
): SavingEstimate {
  const choice = mainChoice(rounds)
  if (choice === undefined) return { kind: 'no-choice' }
  const outputs = experiments.flatMap(({ id, output }) =>
    output === undefined ? [] : { ...output, isStale: stale.has(id) },
  )
  if (outputs.length === 0) return { kind: 'no-experiment', choice }
  const name = nameOf(choice)
  const found = outputs
    .flatMap(({ state, figures, isStale }) => {
      const variants = state.settings.strategies.filter((other) => nameOf(other) === name)
      return variants.flatMap(({ id }) => {
        const axes = figures.strategies.find((other) => other.id === id)?.axes
        if (axes === undefined) return []
        const { saving, versusRandom } = axes.seconds
        const saved = saving && timeSaved(seconds, saving)
        return { saving, saved, seeds: versusRandom?.n ?? 0, isStale }
      })
    })
    .sort((a, b) => Number(a.isStale) - Number(b.isStale) || b.seeds - a.seeds)
  const best = found.find(({ saved }) => saved !== undefined) ?? found.at(0)
  if (best === undefined) return { kind: 'not-compared', choice }
  const { saving, saved, seeds, isStale } = best
  if (saving === undefined || saved === undefined)
    return { kind: 'not-known', choice, notReached: saving?.notReached ?? 0 }
  return { kind: 'known', choice, saving, seeds, saved, isStale }
}

/** That of most rounds after the seed set, without those drawn at random. */
function mainChoice(rounds: readonly RoundCell[]): Choice | undefined {
  const choices = rounds
    .filter(({ index, settings }) => index > 0 && settings.strategyId !== 'random')
    .map(({ settings: { strategyId, parameters } }) => ({
      strategyId,
      parameters: changedValues(strategyId, parameters),
    }))
  const counts = new Map<string, number>()
  for (const choice of choices) counts.set(nameOf(choice), (counts.get(nameOf(choice)) ?? 0) + 1)
  const most = Math.max(...counts.values())
  return choices.findLast((choice) => counts.get(nameOf(choice)) === most)
}

/** One text for one way of choosing, however its parameters were written. */
function nameOf({ strategyId, parameters }: Choice): string {
  return JSON.stringify([strategyId, Object.entries(changedValues(strategyId, parameters)).sort()])
}

/** Without the values that are defaults, of a strategy that this version knows. */
function changedValues(strategyId: string, parameters: ParameterValues): ParameterValues {
  const isKnown = strategies.some(({ id }) => id === strategyId)
  return isKnown ? variantOf(strategyId, parameters).parameters : parameters
}

import { readExperimentState, writeExperiment } from '../core/experiment/files'
import { runReplay, startExperiment } from '../core/experiment/replay'
import type { ExperimentSettings, ExperimentState } from '../core/experiment/replay-types'
import { resumeExperiment } from '../core/experiment/resume'
import { allVariants, defaultExperimentSettings, parseVariant } from '../core/experiment/settings'
import { shareProgress, type ExperimentShare } from '../core/experiment/shares'
import type { ReplayUnit } from '../core/experiment/units'
import { outcomeOf, type ExperimentOutcome } from './merge-experiments'
import { prepareReplay, type ReplayTrialOptions } from './replay-trial'

export interface ExperimentOptions extends Omit<ReplayTrialOptions, 'baseUrl' | 'model'> {
  /** Names of strategies, with parameters where they differ from the defaults; or 'all'. */
  readonly strategies: readonly string[]
  /** What differs from the default protocol. */
  readonly settings: Partial<Omit<ExperimentSettings, 'strategies' | 'model'>>
  readonly model: Partial<ExperimentSettings['model']>
  readonly share: ExperimentShare
  /** JSON of the state in which the experiment was interrupted. */
  readonly state?: string | undefined
}

/** What the page's surroundings do for an experiment. */
export interface ExperimentKeeper {
  /** Keeps the state, as JSON. */
  readonly save: (state: string) => Promise<void>
}

/** Replays an experiment on a labelled data set. */
export async function run(
  { strategies, settings: changes, model, share, state: saved, ...options }: ExperimentOptions,
  report: (text: string) => void,
  { save }: ExperimentKeeper,
): Promise<ExperimentOutcome> {
  const settings: ExperimentSettings = {
    ...defaultExperimentSettings,
    ...changes,
    strategies: strategies.includes('all')
      ? allVariants()
      : withRandom(strategies).map(parseVariant),
    model: { ...defaultExperimentSettings.model, ...model },
  }
  const baseUrl = new URL('/', location.href).href
  const trial = await prepareReplay({ ...options, baseUrl, model: settings.model }, report)
  try {
    const { source } = options
    const name = source.kind === 'shelf' ? 'shelf' : source.name
    const data = options.shuffledLabels ? `${name} (labels shuffled)` : name
    const fresh = startExperiment(data, trial.dataDigest, settings, trial.images.length)
    const begun = saved === undefined ? fresh : resume(fresh, saved)
    const tell = progressTeller(begun, share, report)
    const state = await runReplay(begun, trial.images, trial.engines, {
      share,
      async onUnit(present, unit) {
        await save(writeExperiment(present))
        tell(present, unit)
      },
    })
    return outcomeOf(state)
  } finally {
    trial.close()
  }
}

/** Goes on with what an earlier run computed; it may have had other strategies and seeds. */
function resume(fresh: ExperimentState, saved: string): ExperimentState {
  const resumed = resumeExperiment(fresh, readExperimentState(saved, 'The state beside --out'))
  if (resumed === undefined)
    throw new Error(
      'The state beside --out is of an experiment on other data, or with other rounds, model or cost: delete it, or give ' +
        'another --out.',
    )
  return resumed
}

function withRandom(strategies: readonly string[]): readonly string[] {
  return strategies.includes('random') ? strategies : ['random', ...strategies]
}

/** Says after every unit what came of it and how long the rest will take. */
function progressTeller(
  begun: ExperimentState,
  share: ExperimentShare,
  report: (text: string) => void,
): (state: ExperimentState, unit: ReplayUnit) => void {
  const startedAt = performance.now()
  const before = shareProgress(begun, share)
  report(`${before.total} trainings, ${before.done} of them done before`)
  return (state, unit) => {
    const { done, total } = shareProgress(state, share)
    const seconds = (performance.now() - startedAt) / 1000
    const left = ((total - done) * seconds) / Math.max(1, done - before.done)
    report(
      `${done} of ${total}: ${describeUnit(state, unit)}; ${(seconds / 60).toFixed(1)} min so far, ` +
        `${(left / 60).toFixed(1)} min left`,
    )
  }
}

function describeUnit({ fullPool, runs }: ExperimentState, unit: ReplayUnit): string {
  if (unit.kind === 'full-pool') return `full pool, AP50 ${fullPool?.ap50.toFixed(3)}`
  const run = runs.find(
    ({ strategy, seed }) =>
      seed === unit.seed && (unit.kind === 'initial' || strategy === unit.strategy),
  )
  const name = unit.kind === 'initial' ? 'initial set' : unit.strategy
  const point = run?.rounds[unit.kind === 'initial' ? 0 : unit.round]?.point
  return `${name}, seed ${unit.seed}, ${point?.images} images, AP50 ${point?.ap50.toFixed(3)}`
}

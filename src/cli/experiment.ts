import { readExperiment, writeExperiment } from '../core/experiment/files/experiment-files'
import { runReplay, startExperiment } from '../core/experiment/replay/replay'
import type { ExperimentSettings, ExperimentState } from '../core/experiment/replay/replay-types'
import { checkProtocol, resumeExperiment, takeOver } from '../core/experiment/replay/resume'
import {
  defaultExperimentSettings,
  parseVariants,
} from '../core/experiment/replay/experiment-settings'
import { shareProgress, type ExperimentShare } from '../core/experiment/replay/shares'
import type { ReplayUnit } from '../core/experiment/replay/units'
import type { ExperimentFile } from './merge-experiments'
import {
  loadReplay,
  prepareReplay,
  type LoadedReplay,
  type ReplayDataOptions,
  type ReplayTrialOptions,
} from './replay-trial'
import { UsageError } from './usage-error'

export interface ExperimentOptions
  extends ReplayDataOptions, Omit<ReplayTrialOptions, 'baseUrl' | 'model'> {
  /** As `parseVariants` reads them; `random` is added where it is missing. */
  readonly strategies: readonly string[]
  /** What differs from the default protocol. */
  readonly settings: Partial<Omit<ExperimentSettings, 'strategies' | 'model'>>
  readonly model: Partial<ExperimentSettings['model']>
  readonly share: ExperimentShare
  /** JSON of the state in which the experiment was interrupted. */
  readonly state?: string | undefined
  /** Results or states of earlier experiments, whose curves are taken over. */
  readonly earlier?: readonly ExperimentFile[] | undefined
}

/** What the page's surroundings do for an experiment. */
export interface ExperimentKeeper {
  /** Keeps the state, as JSON. */
  readonly save: (state: string) => Promise<void>
}

/**
 * Replays an experiment on a labelled data set.
 * @returns JSON of the state in which everything of the share is done
 * @throws UsageError when it cannot begin as it was asked for; what the engine rejects with
 */
export async function run(
  options: ExperimentOptions,
  report: (text: string) => void,
  { save }: ExperimentKeeper,
): Promise<string> {
  const { share } = options
  const { data, begun } = await begin(options, report).catch(asUsageError)
  const { model } = begun.settings
  const { done, total } = shareProgress(begun, share)
  report(`${total} trainings, ${done} of them done before`)
  if (done === total) return writeExperiment(begun)
  const baseUrl = new URL('/', location.href).href
  const trial = await prepareReplay(data, { ...options, baseUrl, model }, report).catch(
    asUsageError,
  )
  try {
    const tell = progressTeller(begun, share, report)
    const state = await runReplay(begun, data.images, trial.engines, {
      share,
      async onUnit(present, unit) {
        await save(writeExperiment(present))
        tell(present, unit)
      },
    })
    return writeExperiment(state)
  } finally {
    trial.close()
  }
}

function asUsageError(error: unknown): never {
  throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error })
}

/** The data, and the experiment as far as earlier ones have computed it. */
async function begin(
  {
    strategies,
    settings: changes,
    model,
    state: saved,
    earlier = [],
    ...options
  }: ExperimentOptions,
  report: (text: string) => void,
): Promise<{ readonly data: LoadedReplay; readonly begun: ExperimentState }> {
  const seeds = changes.seeds ?? defaultExperimentSettings.seeds
  const settings: ExperimentSettings = {
    ...defaultExperimentSettings,
    ...changes,
    strategies: parseVariants(withRandom(strategies), seeds),
    model: { ...defaultExperimentSettings.model, ...model },
  }
  const read = ({ name, text }: ExperimentFile) => ({ name, state: readExperiment(text, name) })
  const own =
    saved === undefined ? undefined : read({ name: 'the state beside --out', text: saved })
  const others = earlier.map(read)
  checkProtocol(settings, own === undefined ? others : [own, ...others])
  const data = await loadReplay(options, report)
  const { source } = options
  const name = source.kind === 'shelf' ? 'shelf' : source.name
  const fresh = startExperiment(
    options.shuffledLabels ? `${name} (labels shuffled)` : name,
    data.dataDigest,
    settings,
    data.images.length,
  )
  const resumed = own === undefined ? fresh : resumeExperiment(fresh, own.state)
  if (resumed === undefined)
    throw new Error('The state beside --out is of other data: delete it, or give another --out.')
  return { data, begun: takeOver(resumed, others) }
}

function withRandom(strategies: readonly string[]): readonly string[] {
  const names = strategies.map((text) => text.split('@')[0])
  return names.includes('random') || names.includes('all') ? strategies : ['random', ...strategies]
}

/** Says after every unit what came of it and how long the rest will take. */
function progressTeller(
  begun: ExperimentState,
  share: ExperimentShare,
  report: (text: string) => void,
): (state: ExperimentState, unit: ReplayUnit) => void {
  const startedAt = performance.now()
  const before = shareProgress(begun, share)
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

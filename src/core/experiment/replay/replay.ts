import * as v from 'valibot'
import { strategyById } from '../../acquisition/registry'
import { labeledImages } from './fitting-rounds'
import type { ReplayEngine, ReplayImage } from './replay-engine'
import type { ExperimentSettings, ExperimentState, ReplayRun } from './replay-types'
import { settingsSchema } from './experiment-schema'
import { readyUnits, wholeExperiment, type ExperimentShare } from './shares'
import { runUnit, type ReplayUnit, type ReplayUnitResult } from './units'

export interface ReplayOptions {
  /** The whole experiment if left out. */
  readonly share?: ExperimentShare
  /** Told of every finished unit; the next one waits until the state is kept. To stop, reject. */
  readonly onUnit?: (state: ExperimentState, unit: ReplayUnit) => void | Promise<void>
}

/** @throws Error when there is no such strategy; RangeError when the settings make no sense or the pool is too small. */
export function startExperiment(
  data: string,
  dataDigest: string,
  settings: ExperimentSettings,
  poolSize: number,
): ExperimentState {
  checkSettings(settings, poolSize)
  return {
    data,
    dataDigest,
    // The keys in the order of the schema, as those of settings that were stored and read.
    settings: v.parse(settingsSchema, settings),
    fullPool: undefined,
    runs: [],
  }
}

/**
 * Replays an experiment on labels that are known, from the given state to its end: every strategy with every seed labels
 * the initial set, is trained and evaluated, asks for the next batch, and so on. Units of work are shared among the
 * engines. The result depends on neither their number, nor on the order of the units, nor on where it was interrupted.
 * @returns the state in which everything of the share is done
 * @throws what an engine or `onUnit` rejects with; the other engines then stop after their unit
 */
export async function runReplay<Head>(
  state: ExperimentState,
  images: readonly ReplayImage[],
  engines: readonly ReplayEngine<Head>[],
  { share = wholeExperiment, onUnit }: ReplayOptions = {},
): Promise<ExperimentState> {
  let present = state
  const failures: unknown[] = []
  const underWay = new Map<string, Promise<void>>()

  const next = (): ReplayUnit | undefined =>
    readyUnits(present, share).find((unit) => !underWay.has(unitKey(unit)))

  const compute = async (unit: ReplayUnit, engine: ReplayEngine<Head>): Promise<void> => {
    try {
      const result = await runUnit(unit, present, images, engine)
      // Not before the wait: others have changed the state meanwhile.
      present = withResult(present, result)
      await onUnit?.(present, unit)
    } catch (error) {
      failures.push(error)
    } finally {
      underWay.delete(unitKey(unit))
    }
  }

  const work = async (engine: ReplayEngine<Head>): Promise<void> => {
    while (failures.length === 0) {
      const unit = next()
      if (unit !== undefined) {
        const computed = compute(unit, engine)
        underWay.set(unitKey(unit), computed)
        await computed
      } else if (underWay.size > 0) {
        // What others compute may make more of it ready.
        await Promise.race(underWay.values())
      } else return
    }
  }

  await Promise.all(engines.map(work))
  if (failures.length > 0) throw failures[0]
  return present
}

function unitKey(unit: ReplayUnit): string {
  switch (unit.kind) {
    case 'full-pool':
      return unit.kind
    case 'initial':
      return `${unit.kind} ${unit.seed}`
    case 'round':
      return `${unit.kind} ${unit.seed} ${unit.round} ${unit.strategy}`
  }
}

function withResult(state: ExperimentState, result: ReplayUnitResult): ExperimentState {
  switch (result.kind) {
    case 'full-pool':
      return { ...state, fullPool: result.reference }
    case 'initial':
      return { ...state, runs: result.runs.reduce(withRun, state.runs) }
    case 'round':
      return { ...state, runs: withRun(state.runs, result.run) }
  }
}

/** Puts a run in the place of what was known of it. */
function withRun(runs: readonly ReplayRun[], run: ReplayRun): readonly ReplayRun[] {
  const others = runs.filter(({ strategy, seed }) => strategy !== run.strategy || seed !== run.seed)
  return [...others, run]
}

function checkSettings(settings: ExperimentSettings, poolSize: number): void {
  const { strategies, seeds, initial, batch, rounds, targetFraction } = settings
  const counts = { initial, batch, rounds }
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new RangeError(`Experiment: ${name} is ${count}; give a whole number of 1 or more.`)
  }
  const ids = strategies.map(({ id }) => id)
  if (new Set(ids).size < ids.length)
    throw new RangeError(`Experiment: a strategy is named twice in ${ids.join(', ')}.`)
  // Before anything is trained for it.
  for (const { strategyId } of strategies) strategyById(strategyId)
  if (!strategies.some(({ strategyId }) => strategyId === 'random'))
    throw new RangeError(
      'Experiment: the strategy random is missing; the others are judged against it.',
    )
  const whole = seeds.every((seed) => Number.isSafeInteger(seed) && seed >= 0)
  if (seeds.length === 0 || !whole || new Set(seeds).size < seeds.length)
    throw new RangeError(
      `Experiment: the seeds are ${seeds.join(', ') || 'none'}; give different whole numbers of 0 or more.`,
    )
  for (const { id, seeds: own = seeds } of strategies) {
    if (own.length === 0 || !own.every((seed) => seeds.includes(seed)))
      throw new RangeError(
        `Experiment: the seeds of ${id} are ${own.join(', ') || 'none'}; give some of ${seeds.join(', ')}.`,
      )
  }
  if (!(targetFraction > 0 && targetFraction <= 1))
    throw new RangeError(
      `Experiment: the target is ${targetFraction} of the full pool's AP50; give a share above 0 and up to 1.`,
    )
  const { stepsPerImage } = settings
  if (!(stepsPerImage >= 0 && stepsPerImage < Infinity))
    throw new RangeError(
      `Experiment: the steps per image are ${stepsPerImage}; give a number of 0 or more.`,
    )
  const wanted = labeledImages(settings)
  if (wanted > poolSize)
    throw new RangeError(
      `Experiment: ${rounds} rounds label ${wanted} images, but the pool holds ${poolSize}; ` +
        'make fewer rounds or smaller batches.',
    )
}

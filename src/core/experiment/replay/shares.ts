import type { ExperimentSettings, ExperimentState, ReplayRun } from './replay-types'
import type { ReplayUnit } from './units'

/** One of `count` parts of an experiment that are computed apart; `index` from 1. */
export interface ExperimentShare {
  readonly index: number
  readonly count: number
}

export const wholeExperiment: ExperimentShare = { index: 1, count: 1 }

/** The seeds that a strategy of the experiment is run with; none when it is not one of them. */
export function seedsOf(
  { strategies, seeds }: ExperimentSettings,
  strategy: string,
): readonly number[] {
  const variant = strategies.find(({ id }) => id === strategy)
  return variant === undefined ? [] : (variant.seeds ?? seeds)
}

/** Whether a strategy with a seed is one of the runs of the experiment. */
export function isRunOf(settings: ExperimentSettings, strategy: string, seed: number): boolean {
  return seedsOf(settings, strategy).includes(seed)
}

/**
 * Whether a run belongs to a share: the seeds are dealt out, so that the initial round of a seed is computed once; with
 * more shares than seeds, so are the strategies of a seed.
 */
export function isInShare(
  settings: ExperimentSettings,
  { index, count }: ExperimentShare,
  strategy: string,
  seed: number,
): boolean {
  if (!isRunOf(settings, strategy, seed)) return false
  const { strategies, seeds } = settings
  const place = seeds.indexOf(seed)
  if (count <= seeds.length) return place % count === index - 1
  // The shares of this seed: place, place + seeds, place + 2 seeds ...
  const own = Math.ceil((count - place) / seeds.length)
  const ofSeed = strategies.filter(({ id }) => isRunOf(settings, id, seed))
  const turn = ofSeed.findIndex(({ id }) => id === strategy) % own
  return place + turn * seeds.length === index - 1
}

/**
 * The units of a share that can be computed now, the most urgent first: the reference, then seed by seed, so that
 * differences between strategies are known early.
 */
export function readyUnits(state: ExperimentState, share: ExperimentShare): ReplayUnit[] {
  const { settings, runs, fullPool } = state
  const units: ReplayUnit[] = []
  if (fullPool === undefined && share.index === 1) units.push({ kind: 'full-pool' })
  for (const seed of settings.seeds) {
    const own = settings.strategies
      .map(({ id }) => id)
      .filter((strategy) => isInShare(settings, share, strategy, seed))
    const begun = new Map(runs.filter((run) => run.seed === seed).map((run) => [run.strategy, run]))
    const strategies = own.filter((strategy) => !begun.has(strategy))
    if (strategies.length > 0) units.push({ kind: 'initial', seed, strategies })
    const due = own.flatMap((strategy) => {
      const round = begun.get(strategy)?.rounds.findIndex(({ point }) => point === undefined)
      return round === undefined || round < 0 ? [] : [{ strategy, round }]
    })
    due.sort((a, b) => a.round - b.round)
    units.push(...due.map((unit) => ({ kind: 'round' as const, seed, ...unit })))
  }
  return units
}

/** A training of an experiment. */
export interface ExperimentTraining {
  /** Labelled images that it learns from; undefined for all of the pool. */
  readonly images: number | undefined
  readonly isDone: boolean
}

/** The trainings of a share; the initial round, which the strategies have in common, is one of each seed. */
export function trainingsOf(state: ExperimentState, share: ExperimentShare): ExperimentTraining[] {
  const { settings, runs, fullPool } = state
  const { initial, batch, rounds } = settings
  const trainings: ExperimentTraining[] = []
  if (share.index === 1) trainings.push({ images: undefined, isDone: fullPool !== undefined })
  for (const seed of settings.seeds) {
    const own = settings.strategies.filter(({ id }) => isInShare(settings, share, id, seed))
    if (own.length === 0) continue
    const begun = own.map(({ id }) => runs.find((run) => isRun(run, id, seed)))
    trainings.push({ images: initial, isDone: begun.some((run) => run !== undefined) })
    for (const run of begun)
      for (let round = 1; round < rounds; round++) {
        const isDone = run?.rounds.at(round)?.point !== undefined
        trainings.push({ images: initial + round * batch, isDone })
      }
  }
  return trainings
}

/** Trainings of a share, done and in all. */
export function shareProgress(
  state: ExperimentState,
  share: ExperimentShare,
): { readonly done: number; readonly total: number } {
  const trainings = trainingsOf(state, share)
  return { done: trainings.filter(({ isDone }) => isDone).length, total: trainings.length }
}

function isRun(run: ReplayRun, strategy: string, seed: number): boolean {
  return run.strategy === strategy && run.seed === seed
}

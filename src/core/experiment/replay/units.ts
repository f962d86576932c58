import { strategies as registered, strategyById } from '../../acquisition/registry'
import type { ImageId } from '../../dataset/types'
import type { ModelSettings } from '../../detection/types'
import { seededRandom } from '../../random/seeded'
import type { ReplayEngine, ReplayImage } from './replay-engine'
import type {
  ExperimentPoint,
  ExperimentSettings,
  ExperimentState,
  FullPoolReference,
  ReplayRound,
  ReplayRun,
} from './replay-types'

/** What can be computed in one go; nothing but its result is needed afterwards. */
export type ReplayUnit =
  | { readonly kind: 'full-pool' }
  /** The round that all strategies share, and what each of them asks for after it. */
  | { readonly kind: 'initial'; readonly seed: number; readonly strategies: readonly string[] }
  | {
      readonly kind: 'round'
      readonly seed: number
      readonly strategy: string
      readonly round: number
    }

export type ReplayUnitResult =
  | { readonly kind: 'full-pool'; readonly reference: FullPoolReference }
  | { readonly kind: 'initial'; readonly runs: readonly ReplayRun[] }
  | { readonly kind: 'round'; readonly run: ReplayRun }

/** The full-pool reference belongs to no seed of the experiment: it is the same in all shards. */
const fullPoolSeed = 1

/**
 * Weights and batches of a training: one number a seed and round, shared by all strategies, so that what chance does to
 * one round is not done to all rounds of a run.
 */
function trainingSeed(seed: number, round: number): number {
  return seed * 1000 + round
}

/** Settings of a training on so many images. */
export function modelFor(
  { model, stepsPerImage }: ExperimentSettings,
  images: number,
): ModelSettings {
  return { ...model, steps: Math.max(model.steps, Math.round(stepsPerImage * images)) }
}

/**
 * The initial set of a seed, in the order of labelling. It depends on the set of keys, not on their order.
 */
export function drawInitialSet(
  images: readonly ReplayImage[],
  { initial }: ExperimentSettings,
  seed: number,
): readonly ImageId[] {
  const keys = images.map(({ key }) => key).sort()
  return seededRandom(seed).fork('initial set').shuffle(keys).slice(0, initial)
}

/**
 * Computes a unit. It depends on the settings and on the run that it goes on with, never on what else has been computed.
 * @throws Error when a strategy asks for too few, labelled or unknown images; whatever the engine throws
 */
export async function runUnit<Head>(
  unit: ReplayUnit,
  { settings, runs }: ExperimentState,
  images: readonly ReplayImage[],
  engine: ReplayEngine<Head>,
): Promise<ReplayUnitResult> {
  switch (unit.kind) {
    case 'full-pool': {
      const all = images.map(({ key }) => key).sort()
      const head = await engine.train(all, modelFor(settings, all.length), fullPoolSeed)
      const figures = await engine.evaluate(head)
      const interval = await engine.testInterval(head)
      return { kind: 'full-pool', reference: { ...figures, interval } }
    }
    case 'initial': {
      const { seed } = unit
      const picks = drawInitialSet(images, settings, seed)
      const head = await engine.train(
        picks,
        modelFor(settings, picks.length),
        trainingSeed(seed, 0),
      )
      const point = pointOf(picks, settings, images, await engine.evaluate(head))
      const begun = []
      for (const strategy of unit.strategies) {
        const run = { strategy, ...versionIn(settings, strategy), seed, rounds: [{ picks, point }] }
        begun.push(await withNextPicks(run, head, settings, images, engine))
      }
      return { kind: 'initial', runs: begun }
    }
    case 'round': {
      const { seed, strategy, round } = unit
      const run = runs.find((other) => other.seed === seed && other.strategy === strategy)
      const last = run?.rounds[round]
      if (run === undefined || last === undefined || last.point !== undefined)
        throw new Error(
          `Round ${round} of '${strategy}' with seed ${seed} is not due; start the experiment again.`,
        )
      const labeled = labeledIn(run)
      const head = await engine.train(
        labeled,
        modelFor(settings, labeled.length),
        trainingSeed(seed, round),
      )
      const point = pointOf(labeled, settings, images, await engine.evaluate(head))
      const rounds = [...run.rounds.slice(0, round), { ...last, point }]
      return {
        kind: 'round',
        run: await withNextPicks({ ...run, rounds }, head, settings, images, engine),
      }
    }
  }
}

/**
 * The version that a strategy of the experiment has now, as a run records it; none for one that the registry does not know:
 * a stored experiment can be looked at all the same.
 */
export function versionIn(
  { strategies }: ExperimentSettings,
  strategy: string,
): Pick<ReplayRun, 'version'> {
  const variant = strategies.find(({ id }) => id === strategy)
  const version = registered.find(({ id }) => id === variant?.strategyId)?.version
  return version === undefined ? {} : { version }
}

/** Everything that a run has labelled, in the order of labelling. */
export function labeledIn({ rounds }: ReplayRun): ImageId[] {
  return rounds.flatMap(({ picks }) => picks)
}

/** Adds what the strategy asks for next, unless the run is at its end. */
async function withNextPicks<Head>(
  run: ReplayRun,
  head: Head,
  settings: ExperimentSettings,
  images: readonly ReplayImage[],
  engine: ReplayEngine<Head>,
): Promise<ReplayRun> {
  if (run.rounds.length >= settings.rounds) return run
  const variant = settings.strategies.find(({ id }) => id === run.strategy)
  if (variant === undefined)
    throw new Error(`The experiment has no strategy '${run.strategy}'; start it again.`)
  const labeled = labeledIn(run)
  const taken = new Set(labeled)
  const unlabeled = images.map(({ key }) => key).filter((key) => !taken.has(key))
  const picks = await engine.acquire(head, {
    variant,
    batchSize: settings.batch,
    seed: run.seed,
    rounds: run.rounds.length,
    labeled,
    // In one order everywhere, whatever order the data set came in.
    unlabeled: unlabeled.sort(),
    cost: settings.cost,
  })
  checkPicks(picks, new Set(unlabeled), settings.batch, strategyById(variant.strategyId).name)
  const next: ReplayRound = { picks: [...picks], point: undefined }
  return { ...run, rounds: [...run.rounds, next] }
}

function checkPicks(
  picks: readonly ImageId[],
  allowed: ReadonlySet<ImageId>,
  batch: number,
  name: string,
): void {
  const different = new Set(picks)
  const isSound =
    picks.length === batch && different.size === batch && picks.every((key) => allowed.has(key))
  if (isSound) return
  throw new Error(
    `${name} asked for ${picks.length} images (${different.size} different) where ${batch} unlabelled ones were ` +
      'wanted; this strategy has a fault.',
  )
}

function pointOf(
  labeled: readonly ImageId[],
  { cost }: ExperimentSettings,
  images: readonly ReplayImage[],
  { ap50, ap }: Pick<FullPoolReference, 'ap50' | 'ap'>,
): ExperimentPoint {
  const boxesOf = new Map(images.map(({ key, boxes }) => [key, boxes]))
  const boxes = labeled.reduce((sum, key) => sum + (boxesOf.get(key) ?? 0), 0)
  const seconds = labeled.length * cost.secondsPerImage + boxes * cost.secondsPerBox
  return { images: labeled.length, boxes, seconds, ap50, ap }
}

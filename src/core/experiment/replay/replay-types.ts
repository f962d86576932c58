/** The replay experiment: what it is asked, how far it has come, what it found. Plain JSON-able data. */
import type { LabelingCost, ParameterValues } from '../../acquisition/types'
import type { ImageId } from '../../dataset/types'
import type { ModelSettings } from '../../detection/types'
import type { Interval } from '../../evaluation/bootstrap-ap50'

/** What a learning curve is drawn against. */
export type ExperimentAxis = 'images' | 'boxes' | 'seconds'

/** A strategy with its parameters, as one of those an experiment compares. */
export interface StrategyVariant {
  /** Unique in an experiment, for example 'entropy' or 'entropy:aggregation=mean'. */
  readonly id: string
  /** In the registry of strategies. */
  readonly strategyId: string
  readonly parameters: ParameterValues
  /** Some of the experiment's seeds, where it is not run with all of them. */
  readonly seeds?: readonly number[] | undefined
}

/** The protocol of a replay experiment; equal settings on equal data give an equal result. */
export interface ExperimentSettings {
  /** `random` is always one of them: the others are judged against it. */
  readonly strategies: readonly StrategyVariant[]
  /** Each fixes the initial set, the initial weights and the order of the batches, for all strategies alike. */
  readonly seeds: readonly number[]
  /** Images drawn at random to begin with. */
  readonly initial: number
  /** Images a query asks for. */
  readonly batch: number
  /** Trainings of a run: the one on the initial set and one after each query. */
  readonly rounds: number
  /** Its steps are what a training takes at least. */
  readonly model: ModelSettings
  /** More steps the more there is to learn from, so that every image is seen as often: in effect a number of epochs. */
  readonly stepsPerImage: number
  readonly cost: LabelingCost
  /** The label saving is judged at this share of the AP50 that all labels of the pool give, 0..1. */
  readonly targetFraction: number
}

/** What so much labelling led to. */
export interface ExperimentPoint {
  readonly images: number
  readonly boxes: number
  /** Of labelling, at the experiment's cost. */
  readonly seconds: number
  /** On the test split, 0..1. */
  readonly ap50: number
  readonly ap: number
}

export interface ReplayRound {
  /** What was labelled for this round, the initial set in the first. */
  readonly picks: readonly ImageId[]
  /** Undefined until it has been trained and evaluated; only the last round of a run may lack it. */
  readonly point: ExperimentPoint | undefined
}

/** One strategy with one seed. Its first round is the same for all strategies of the seed. */
export interface ReplayRun {
  /** Of the variant. */
  readonly strategy: string
  /** Of the strategy that picked; the first if left out. */
  readonly version?: number | undefined
  readonly seed: number
  readonly rounds: readonly ReplayRound[]
}

/** Precision with every label of the pool. */
export interface FullPoolReference {
  readonly ap50: number
  readonly ap: number
  /** Of its AP50, 95 % by bootstrap over the images of the test split: what another split might have shown. */
  readonly interval: Interval | undefined
}

/** An experiment as far as it has come: plain data, and all that is needed to go on. */
export interface ExperimentState {
  /** Name of the data set. */
  readonly data: string
  /** Digest of the pool, the test split and their labels; results on other data cannot be mixed. */
  readonly dataDigest: string
  /**
   * What images go by in the draws of a run and in the digest: their content in a notebook; where this is absent, the names
   * of their files.
   */
  readonly imageKeys?: 'content' | undefined
  readonly settings: ExperimentSettings
  readonly fullPool: FullPoolReference | undefined
  /** Those that have begun, in any order. */
  readonly runs: readonly ReplayRun[]
}

/** A mean over the seeds with a bootstrap 95 % interval; a single seed has none. */
export interface MeanInterval {
  readonly mean: number
  readonly low: number | undefined
  readonly high: number | undefined
}

/** Mean difference of the AULC to that of `random` with the same seed, with a bootstrap 95 % interval if of several seeds. */
export interface PairedDifference {
  readonly delta: number
  readonly low: number | undefined
  readonly high: number | undefined
  /** Seeds with a larger AULC than random's. */
  readonly wins: number
  /** Seeds that both have finished. */
  readonly n: number
}

/** Share of random's labels that a strategy does without at the target: 1 - the geometric mean of n_strategy / n_random. */
export interface LabelSaving {
  /** AP50 to reach. */
  readonly target: number
  /** Over all seeds; undefined where none tells which of the two reaches the target first. */
  readonly mean: number | undefined
  /** 95 %; undefined for fewer than three seeds. */
  readonly low: number | undefined
  readonly high: number | undefined
  /** Seeds where the strategy, random or both do not reach the target: there it is a bound, towards 0. */
  readonly notReached: number
}

/** The figures of a strategy on one axis; undefined while there is nothing to compare with. */
export interface StrategyFigures {
  readonly aulc: MeanInterval | undefined
  readonly versusRandom: PairedDifference | undefined
  readonly saving: LabelSaving | undefined
}

export interface StrategyCurve {
  readonly seed: number
  readonly points: readonly ExperimentPoint[]
}

export interface StrategyResult extends StrategyFigures {
  /** Of the variant. */
  readonly id: string
  /** Of the strategy that picked; the first if left out. */
  readonly version?: number | undefined
  /** Of the finished runs, by seed. */
  readonly curves: readonly StrategyCurve[]
  /** The figures on each axis; those of the result itself are by seconds. */
  readonly axes: Readonly<Record<ExperimentAxis, StrategyFigures>>
}

/**
 * Who loses against whom: `[loser][winner]` is the share of the budgets at which the winner was better by a paired t-test
 * with p < 0.05. Undefined for fewer than two seeds in common.
 */
export interface PenaltyMatrix {
  /** Of the variants, in the order of rows and columns. */
  readonly strategies: readonly string[]
  readonly losses: readonly (readonly (number | undefined)[])[]
}

/** What an experiment found. */
export interface ExperimentResult {
  /** Name of the data set. */
  readonly data: string
  readonly fullPool: FullPoolReference | undefined
  readonly strategies: readonly StrategyResult[]
  readonly penalties: Readonly<Record<ExperimentAxis, PenaltyMatrix>>
  /** What it takes to tell whether two results may be merged, and to merge them. */
  readonly dataDigest: string
  readonly imageKeys?: 'content' | undefined
  readonly settings: ExperimentSettings
}

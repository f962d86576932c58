import type { LabelingCost } from '../../acquisition/types'
import type { ImageId } from '../../dataset/types'
import type { ModelSettings } from '../../detection/types'
import type { Interval } from '../../evaluation/bootstrap-ap50'
import type { StrategyVariant } from './replay-types'

/** An image of the pool whose labels are known and hidden from the strategies. */
export interface ReplayImage {
  /** What the draws depend on: a content hash, or any id that is the same wherever the experiment runs. */
  readonly key: ImageId
  /** Boxes that somebody who labels it draws. */
  readonly boxes: number
}

export interface ReplayQuery {
  readonly variant: StrategyVariant
  readonly batchSize: number
  /** Of the run. */
  readonly seed: number
  /** Rounds labelled so far, the initial set included; with the seed it decides every draw. */
  readonly rounds: number
  /** Keys in the order in which they were labelled. */
  readonly labeled: readonly ImageId[]
  readonly unlabeled: readonly ImageId[]
  readonly cost: LabelingCost
}

/**
 * What a replay needs of a detector. Deterministic: the same arguments give the same result. The head is opaque to the
 * replay and lives no longer than the unit of work it was trained for. To cancel the work, let a method reject.
 */
export interface ReplayEngine<Head> {
  /** @param labeled keys in the order in which they were labelled */
  train(labeled: readonly ImageId[], settings: ModelSettings, seed: number): Promise<Head>
  /** AP50 and AP on the test split, 0..1. */
  evaluate(head: Head): Promise<{ readonly ap50: number; readonly ap: number }>
  /** 95 % of the AP50 by bootstrap over the images of the test split; undefined when there is nothing to find. */
  testInterval(head: Head): Promise<Interval | undefined>
  /** Keys of the images to label next, the most wanted first. */
  acquire(head: Head, query: ReplayQuery): Promise<readonly ImageId[]>
}

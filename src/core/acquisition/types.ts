import type { CategoryId, ImageId } from '../dataset/types'
import type { ImageDetections } from '../detection/types'
import type { RandomSource } from '../random/types'

/** Higher = more informative, for every strategy. */
export interface AcquisitionScore {
  readonly imageId: ImageId
  readonly score: number
  /** Why, in plain words and numbers, for the person who labels it. */
  readonly reason: string
}

/** What a strategy may look at. */
export interface AcquisitionContext {
  readonly unlabeled: readonly ImageId[]
  readonly labeled: readonly ImageId[]
  readonly categories: readonly CategoryId[]
  /** For the reasons; untrusted text. Without it a reason speaks of the class by its id. */
  readonly categoryNames?: ReadonlyMap<CategoryId, string>
  /** Current model's detections for images of the pool; an image may be absent when nothing was trained yet. */
  readonly detections: ReadonlyMap<ImageId, ImageDetections>
}

export interface StrategyParameter {
  readonly id: string
  readonly label: string
  readonly options: readonly string[]
  readonly defaultValue: string
}

/** One file a strategy; `registry.ts` lists them. */
export interface QueryStrategy {
  readonly id: string
  readonly name: string
  /** One line for the interface. */
  readonly summary: string
  /** Paper or origin. */
  readonly source: string
  readonly parameters: readonly StrategyParameter[]
  /** Scores every image of `context.unlabeled`; pure and deterministic given `random`. */
  score(
    context: AcquisitionContext,
    parameters: Readonly<Record<string, string>>,
    random: RandomSource,
  ): AcquisitionScore[]
}

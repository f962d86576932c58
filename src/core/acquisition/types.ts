import type { CategoryId, ImageId } from '../dataset/types'
import type { CommitteePeak, Detection, SupportedDetections } from '../detection/types'
import type { TruthBox } from '../evaluation/types'
import type { RandomSource } from '../random/types'

/** Higher = more informative, for every strategy. */
export interface AcquisitionScore {
  readonly imageId: ImageId
  readonly score: number
  /** Why, in plain words and numbers, for the person who labels it. */
  readonly reason: string
}

/**
 * What a strategy may look at of one image. What it does not name in its `needs`, or what could not be computed (no
 * model yet, a broken file), is undefined. Probabilities are calibrated.
 */
export interface ImageEvidence {
  readonly imageId: ImageId
  /** The present model's detections, score descending; undefined before anything was trained. */
  readonly detections: readonly Detection[] | undefined
  /** 'support': parallel to the detections, as in `SupportedDetections`. */
  readonly support?: readonly number[] | undefined
  /** 'peaks': the union of the members' own peaks. */
  readonly peaks?: readonly CommitteePeak[] | undefined
  /** 'mirrored': what the model sees in the mirrored image, mapped back into the image's frame. */
  readonly mirrored?: readonly Detection[] | undefined
  /** 'features': mean of the standardised features over the cells of the image, length D. */
  readonly feature?: Float32Array | undefined
  /** 'features': the same mean, each cell weighted by the largest probability of any class there. */
  readonly objectFeature?: Float32Array | undefined
  /** 'box-features': of the given detections, at the centre of each box, length D each. */
  readonly boxFeatures?: ((detections: readonly Detection[]) => readonly Float32Array[]) | undefined
}

export interface LabeledEvidence extends ImageEvidence {
  readonly truth: readonly TruthBox[]
  /** 'out-of-fold': what a model that never trained on this image sees in it. */
  readonly outOfFold?: SupportedDetections | undefined
}

export type AcquisitionNeed =
  'support' | 'peaks' | 'mirrored' | 'features' | 'box-features' | 'out-of-fold'

/** What labelling is expected to take. */
export interface LabelingCost {
  readonly secondsPerImage: number
  readonly secondsPerBox: number
}

/** What a strategy may look at. */
export interface AcquisitionContext {
  readonly unlabeled: readonly ImageEvidence[]
  readonly labeled: readonly LabeledEvidence[]
  readonly categories: readonly CategoryId[]
  /**
   * Those among the categories that the model knows: what class probabilities are of, in their order. All of them, if
   * left out.
   */
  readonly judgedCategories?: readonly CategoryId[]
  /** For the reasons; untrusted text. Without it a reason speaks of the class by its id. */
  readonly categoryNames?: ReadonlyMap<CategoryId, string>
  readonly cost: LabelingCost
  /** Rounds labelled so far, the seed set included. */
  readonly rounds: number
}

interface ParameterBase {
  readonly id: string
  readonly label: string
  /** One line for the interface. */
  readonly help: string
}

export interface ChoiceParameter extends ParameterBase {
  readonly kind: 'choice'
  readonly options: readonly string[]
  readonly defaultValue: string
}

export interface NumberParameter extends ParameterBase {
  readonly kind: 'number'
  readonly min: number
  readonly max: number
  readonly step: number
  readonly defaultValue: number
}

export type StrategyParameter = ChoiceParameter | NumberParameter

/** By parameter id; what is left out takes its default. */
export type ParameterValues = Readonly<Record<string, string | number>>

/** One file a strategy; `registry.ts` lists them. */
export interface QueryStrategy {
  readonly id: string
  readonly name: string
  /**
   * Raised whenever it may pick otherwise than before on the same evidence, so that runs of a replay are not gone on with
   * that another version has begun; the first if left out.
   */
  readonly version?: number
  /** One line for the interface. */
  readonly summary: string
  /** Paper or origin. */
  readonly source: string
  readonly parameters: readonly StrategyParameter[]
  /** What it looks at beyond the detections. */
  readonly needs: readonly AcquisitionNeed[]
  /** Looks at no image at all, not even at detections: none need to be made. */
  readonly blind?: boolean
  /** Can draw a seed set: chooses well before there is a model or a label, from features alone. */
  readonly coldStart?: boolean
  /**
   * The images to label next, the most wanted first: `batchSize` different ones of `context.unlabeled`, all of them when
   * there are fewer. Pure and deterministic given `random`; the order of the context's images changes nothing.
   * @throws RangeError when a parameter or the batch size makes no sense
   */
  select(
    context: AcquisitionContext,
    batchSize: number,
    parameters: ParameterValues,
    random: RandomSource,
  ): AcquisitionScore[]
}

import type { SampleLimits } from '../../core/detection/sampling'
import type { ViewLimits } from '../../core/detection/view'
import type { ParameterPart } from './parameters'

/** How the network below a head is trained, beside what the user may set. */
export interface TuningRecipe {
  readonly imagesPerStep: number
  /** Cells drawn from one image. */
  readonly cellLimits: SampleLimits
  readonly warmUpSteps: number
  /** Of kernels; biases do not decay. */
  readonly weightDecay: number
  /** Share of the head's hidden units dropped in a step. */
  readonly dropoutRate: number
  /**
   * Peak learning rate of each part, as a share of the head's own. Below the head it is that of a tensor whose numbers
   * have the root mean square 1, and in proportion for others: with batch normalisation folded in, theirs lie between
   * 0.0001 and 13.
   */
  readonly rates: Readonly<Record<ParameterPart, number>>
  readonly views: ViewLimits
  /** Different views of an image, by depth; few where what the trunk makes of them can be kept. */
  readonly viewsPerImage: { readonly decoder: number; readonly full: number }
  /** Bytes of what the trunk made of views, kept at the depth `decoder`. */
  readonly keptBytes: number
  /** Seconds between two reported checkpoints, which are some 24 MB at the depth `full`. */
  readonly checkpointSeconds: number
}

export const defaultTuningRecipe: TuningRecipe = {
  imagesPerStep: 2,
  cellLimits: { positives: 160, hardNegatives: 60, randomNegatives: 100 },
  warmUpSteps: 40,
  weightDecay: 1e-4,
  dropoutRate: 0.1,
  rates: { head: 0.5, projection: 0.2, decoder: 0.2, trunk: 0.1 },
  views: { mirror: true, zoom: 1.25, shift: 1, brightness: 0.15, colour: 0.05 },
  viewsPerImage: { decoder: 4, full: 1000 },
  keptBytes: 512 * 2 ** 20,
  checkpointSeconds: 10,
}

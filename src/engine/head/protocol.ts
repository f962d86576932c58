/** Training a committee of heads, and what it sees. */
import type { CategoryId, ImageId } from '../../core/dataset/types'
import type { ImageDetections } from '../../core/detection/types'
import type { Box } from '../../core/geometry/box'
import type { ModelSettings } from '../../core/notebook/types'
import type { EmbedImage, NamedArray } from '../backbone/protocol'
import type { ProgressEvent } from '../device/protocol'
import type { Projection } from '../features/protocol'

export interface TrainingExample {
  readonly imageId: ImageId
  readonly boxes: readonly {
    readonly categoryId: CategoryId
    readonly box: Box
    readonly crowd: boolean
  }[]
}

/** What the network below the head is trained on. */
export interface TuningInputs {
  /** The files of the examples' images. */
  readonly images: readonly EmbedImage[]
  /** The projection of their features, where its own training starts. */
  readonly projection: Projection
}

export interface TrainRequest {
  readonly examples: readonly TrainingExample[]
  /** Class order of the head. */
  readonly categories: readonly CategoryId[]
  readonly settings: ModelSettings
  readonly seed: number
  /** The head whose weights the training starts from, when the settings ask for a warm start; classes go by category. */
  readonly initial?: TrainedHead | undefined
  /** Needed at every depth but `head`. */
  readonly tuning?: TuningInputs | undefined
  /** Where an interrupted run of the same request goes on; one of another request is ignored. */
  readonly checkpoint?: Checkpoint | undefined
}

/** Everything a training run needs to go on as if it had never stopped; plain data. */
export interface Checkpoint {
  /** Digest of the request, the features and the recipe. */
  readonly key: string
  /** Steps taken. */
  readonly step: number
  /** Time the steps took. */
  readonly seconds: number
  readonly rollbacks: number
  readonly imagesPerStep: number
  readonly parameters: Float32Array
  /** First and second moments of the optimiser, parallel to the parameters, and its updates so far. */
  readonly mean: Float32Array
  readonly square: Float32Array
  readonly updates: number
  readonly order: { readonly epoch: number; readonly queue: readonly number[] }
  /** Cell indices, one list a view of every example. */
  readonly hardNegatives: readonly Int32Array[]
  /** Of every step taken. */
  readonly losses: readonly number[]
}

/** Weights of a committee of K heads; plain data, stored and sent back as it is. */
export interface TrainedHead {
  readonly categories: readonly CategoryId[]
  readonly settings: ModelSettings
  readonly channels: number
  readonly projectionId: string
  readonly weights: readonly NamedArray[]
  /** The projection, and with it the network, that were trained with the head; undefined at the depth `head`. */
  readonly tuned?: Projection | undefined
  /** SHA-256 of the weights' names, shapes and bits, hex. */
  readonly digest: string
  /**
   * One list a member: the images it never trained on, so that its answers there are out of fold. Undefined where every
   * member saw every image: below the depth `head`, after a warm start, with fewer images than members, and for a lone
   * head; heads of earlier versions lack it too.
   */
  readonly heldOut?: readonly (readonly ImageId[])[] | undefined
}

export type TrainEvent =
  | { readonly kind: 'phase'; readonly phase: 'sampling' | 'training' | 'tuning' | 'finishing' }
  | {
      readonly kind: 'step'
      readonly step: number
      readonly steps: number
      readonly loss: number
      readonly secondsLeft: number
    }
  /** The run goes on from the request's checkpoint. */
  | { readonly kind: 'resumed'; readonly step: number }
  /** Every few seconds, and after the last step. */
  | { readonly kind: 'checkpoint'; readonly checkpoint: Checkpoint }
  /** The loss diverged: the run is back at `step` and goes on with a lower peak rate. */
  | { readonly kind: 'rolled-back'; readonly step: number; readonly learningRate: number }
  /** Memory ran out: from this step on, fewer images a step. */
  | { readonly kind: 'batch-halved'; readonly step: number; readonly imagesPerStep: number }

/** As `DeviceMethods`. */
export interface HeadMethods {
  /** Trains a committee on cached features. @throws when an example has no features or there is no box at all. */
  train: { params: TrainRequest; result: TrainedHead; event: TrainEvent }
  /** Detections of each image, score descending, after NMS. @throws when an image has no features. */
  predict: {
    params: {
      readonly head: TrainedHead
      readonly imageIds: readonly ImageId[]
      readonly minScore?: number
    }
    result: ImageDetections[]
    event: ProgressEvent
  }
}

/** What the page and the engine worker say to each other. Types only: safe to import anywhere above the engine. */
import type { LabelingCost, ParameterValues } from '../core/acquisition/types'
import type { AuditCluster, AuditImage } from '../core/dataset/audit/feature-coverage'
import type { CategoryId, ImageId } from '../core/dataset/types'
import type { ImageDetections } from '../core/detection/types'
import type { FeatureGrid } from '../core/detection/cell-features'
import type { View } from '../core/detection/view'
import type { StockProposals } from '../core/detection/zero-shot'
import type { Diagnosis } from '../core/diagnosis/types'
import type { LabelSuspect } from '../core/label-errors/types'
import type { PackedImages } from '../core/evaluation/packed'
import type { EvaluationImage, EvaluationResult, TruthBox } from '../core/evaluation/types'
import type { ExperimentFigures } from '../core/experiment/statistics/figures'
import type { ExperimentState } from '../core/experiment/replay/replay-types'
import type { Box } from '../core/geometry/box'
import type { ModelSettings } from '../core/notebook/types'
import type { Acquisition, QueriedImage } from './query/protocol'

export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu'

/** How one backend did in the probe. */
export interface BackendProbe {
  readonly name: BackendName
  /** Multiply-adds x 2 a second, in 1e9, over the probe's matrix product and convolution; undefined when unusable. */
  readonly gflops: number | undefined
  /** Largest difference from the CPU backend's numbers, relative. */
  readonly deviation: number | undefined
  /** Why it cannot be used, in words; undefined when it can. */
  readonly problem: string | undefined
}

export interface EngineInfo {
  readonly backend: BackendName
  readonly probes: readonly BackendProbe[]
}

/** An image to embed: the file's own bytes, decoded in the worker with EXIF orientation applied. */
export interface EmbedImage {
  readonly imageId: ImageId
  readonly blob: Blob
  /** Of the file: what its views are drawn from, so that they are the same in every project. The id if left out. */
  readonly sha256?: string
}

/** Numbers of a tensor, row-major. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Projection of the joined taps onto few channels, fitted on cells of pool images (whitened PCA). */
export interface Projection {
  readonly inputSize: number
  readonly inputChannels: number
  readonly outputChannels: number
  /** Row-major [inputChannels, outputChannels], standardisation folded in. */
  readonly matrix: Float32Array
  /** [outputChannels] */
  readonly offset: Float32Array
  /** Digest; features made with another projection cannot be mixed. */
  readonly id: string
  /** Of the backbone whose taps it was fitted on; it suits no other. */
  readonly backboneId: string
  /** Weights of the backbone that were trained with it, in place of its own; undefined where none were. */
  readonly network?: readonly NamedArray[] | undefined
}

/** Features of another view of an image, on the same grid and scale. */
export interface FeatureView extends Pick<View, 'mirrored' | 'letterbox'> {
  readonly codes: Int8Array
}

/** Cached features of one letterboxed image. */
export interface FeatureMap extends FeatureGrid {
  readonly imageId: ImageId
  readonly projectionId: string
  /** Linear 8-bit codes, level by level. */
  readonly codes: Int8Array
  /** The same image drawn differently, to learn from; labelled images have some. */
  readonly views?: readonly FeatureView[]
  /** Original size of the image, for mapping boxes back. */
  readonly imageWidth: number
  readonly imageHeight: number
}

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

export type EmbedEvent =
  | {
      readonly kind: 'embedded'
      readonly features: FeatureMap
      readonly done: number
      readonly total: number
      readonly secondsLeft: number
    }
  | {
      readonly kind: 'failed'
      readonly imageId: ImageId
      readonly message: string
      readonly done: number
      readonly total: number
    }

/** What mirrored images are embedded from, for strategies that need them. */
export interface MirrorInputs {
  /** Files of images that may have to be embedded; those that were before are not again. */
  readonly images: readonly EmbedImage[]
  /** That of the images' features. */
  readonly projection: Projection
}

export interface CountEvent {
  readonly kind: 'progress'
  readonly done: number
  readonly total: number
  readonly secondsLeft: number
}

/** Method name -> what goes in, what comes out, what is reported meanwhile. */
export interface EngineMethods {
  /** Probes the backends, picks one, loads the backbone. Everything else waits for it. */
  start: {
    params: {
      readonly backend?: BackendName
      readonly baseUrl: string
      /** Not to be measured: they failed at work before. */
      readonly avoid?: readonly BackendName[]
    }
    result: EngineInfo
    event: BackendProbe
  }
  /** Names the backbone's weights and taps: projections of another one are of no use. */
  backboneId: { params: undefined; result: string; event: never }
  /** Fits the projection on cells sampled from these images. */
  fitProjection: {
    params: {
      readonly images: readonly EmbedImage[]
      readonly inputSize: number
      readonly seed: number
    }
    result: Projection
    event: CountEvent
  }
  /** Embeds images and keeps their features in the worker; each is also reported so that the page can store it. */
  embed: {
    params: {
      readonly images: readonly EmbedImage[]
      readonly projection: Projection
      /** Views of each image to embed beside it; none if left out. */
      readonly views?: number
    }
    result: { readonly embedded: number; readonly failed: number }
    event: EmbedEvent
  }
  /** Puts stored features back into the worker. */
  loadFeatures: {
    params: { readonly features: readonly FeatureMap[] }
    result: undefined
    event: never
  }
  /**
   * Keeps what there is and will be of these images in the worker, whatever its limit, until the next such call;
   * everything else may be dropped to make room. @returns those that have no features (of this projection, with as
   * many views) yet
   */
  holdFeatures: {
    params: {
      readonly imageIds: readonly ImageId[]
      readonly projectionId: string
      readonly views?: number
    }
    result: ImageId[]
    event: never
  }
  /** Which of these images have no features (of this projection) in the worker. */
  missingFeatures: {
    params: { readonly imageIds: readonly ImageId[]; readonly projectionId: string }
    result: ImageId[]
    event: never
  }
  /** Holds the work under way and all that follows, or lets it go on; cancelling works all the same. */
  pause: { params: { readonly paused: boolean }; result: undefined; event: never }
  /** Frees the features of all images. */
  clearFeatures: { params: undefined; result: undefined; event: never }
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
    event: CountEvent
  }
  /**
   * Looks in images for what a strategy asks for, and keeps it in the worker until another head is asked; detections
   * that `predict` gave are not computed again. For pools of which the worker cannot hold all features at once.
   * @returns those in which it could not: they have no features in the worker, or none of the mirrored image
   */
  gather: {
    params: {
      /** Undefined before anything was trained. */
      readonly head: TrainedHead | undefined
      /** Of the features to look at where there is no head. */
      readonly projectionId?: string
      readonly strategyId: string
      readonly imageIds: readonly ImageId[]
      /** For strategies that need 'mirrored'. */
      readonly mirror?: MirrorInputs | undefined
    }
    result: ImageId[]
    event: CountEvent
  }
  /**
   * Has a strategy choose the images to label next. Gathers first what was not gathered before; an image of which that is
   * impossible (no features in the worker) goes without. Features of boxes have to be in the worker at the time.
   * @throws when there is no such strategy, or a parameter makes no sense
   */
  acquire: {
    params: Omit<EngineMethods['gather']['params'], 'imageIds'> & {
      readonly parameters: ParameterValues
      readonly batchSize: number
      readonly seed: number
      /** Labelled so far, the seed set included; with the seed it decides every draw. */
      readonly rounds: number
      readonly unlabeled: readonly QueriedImage[]
      readonly labeled: readonly (QueriedImage & { readonly truth: readonly TruthBox[] })[]
      /** Boxes of others are left out. */
      readonly categories: readonly { readonly id: CategoryId; readonly name: string }[]
      readonly cost: LabelingCost
    }
    result: Acquisition
    event: CountEvent
  }
  /** What each image looks like as a whole: one vector, the mean of its features. @throws when one has no features. */
  describe: {
    params: { readonly imageIds: readonly ImageId[] }
    result: { readonly imageId: ImageId; readonly feature: Float32Array }[]
    event: never
  }
  /** `featureCoverage`, off the main thread. */
  coverage: {
    params: { readonly images: readonly AuditImage[]; readonly seed: number }
    result: AuditCluster[]
    event: never
  }
  /**
   * What the stock COCO detector sees in an image, without any training.
   * @throws when the file cannot be decoded
   */
  proposeZeroShot: {
    params: {
      readonly image: EmbedImage
      /** Boxes kept of each kind, named and class-agnostic; 100 if left out. */
      readonly limit?: number
    }
    result: StockProposals
    event: never
  }
  /** COCO evaluation, off the main thread. */
  evaluate: {
    params: {
      /** Packed where there may be thousands: sending them as they are would hold up the page. */
      readonly images: readonly EvaluationImage[] | PackedImages
      readonly categories: readonly CategoryId[]
    }
    result: EvaluationResult
    event: never
  }
  /** AP50 on samples of the images drawn with replacement; the same labels, seed and stream give the same samples. */
  bootstrap: {
    params: EngineMethods['evaluate']['params'] & {
      readonly samples: number
      readonly seed: number
      /** One of the seed's; its first where this is left out. */
      readonly stream?: string
    }
    result: number[]
    event: never
  }
  /** What lies behind the AP50 of an evaluation. */
  diagnose: {
    params: EngineMethods['evaluate']['params']
    result: Diagnosis
    event: never
  }
  /** The most suspicious labels of images, each judged by a head that never trained on it. */
  findLabelErrors: {
    params: {
      /** With class probabilities. */
      readonly images: PackedImages
      /** In the order of the class probabilities. */
      readonly categories: readonly CategoryId[]
      readonly leastSuspicion: number
      readonly limit: number
    }
    result: LabelSuspect[]
    event: never
  }
  /** What an experiment's finished runs say; the resampling takes too long for the page. */
  summariseExperiment: {
    params: { readonly state: ExperimentState }
    result: ExperimentFigures
    event: never
  }
}

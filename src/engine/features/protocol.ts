/** Features of images on their way into the worker and out of it. */
import type { AuditCluster, AuditImage } from '../../core/dataset/audit/feature-coverage'
import type { ImageId } from '../../core/dataset/types'
import type { FeatureGrid } from '../../core/detection/cell-features'
import type { View } from '../../core/detection/view'
import type { EmbedImage, NamedArray } from '../backbone/protocol'
import type { ProgressEvent } from '../device/protocol'

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

/** As `DeviceMethods`. */
export interface FeatureMethods {
  /** Fits the projection on cells sampled from these images. */
  fitProjection: {
    params: {
      readonly images: readonly EmbedImage[]
      readonly inputSize: number
      readonly seed: number
    }
    result: Projection
    event: ProgressEvent
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
  /** Frees the features of all images. */
  clearFeatures: { params: undefined; result: undefined; event: never }
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
}

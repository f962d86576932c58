/** Images as the network takes them in, its weights, and what its stock head says. */
import type { ImageId } from '../../core/dataset/types'
import type { StockProposals } from '../../core/detection/zero-shot'

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

/** As `DeviceMethods`. */
export interface BackboneMethods {
  /** Names the backbone's weights and taps: projections of another one are of no use. */
  backboneId: { params: undefined; result: string; event: never }
  proposeZeroShot: {
    params: {
      readonly image: EmbedImage
      /** Boxes kept of each kind, named and class-agnostic; 100 if left out. */
      readonly limit?: number
    }
    result: StockProposals
    event: never
  }
}

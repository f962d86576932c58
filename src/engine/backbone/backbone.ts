import type * as tf from '@tensorflow/tfjs-core'

/** The taps of one resolution. */
export interface BackboneLevel {
  /** How many joined cells lie along one side of its cell. */
  readonly coarseness: number
  /** Channels of each tap. */
  readonly channels: readonly number[]
  /** Principal components worth keeping of all its channels. */
  readonly components: number
  /** Given where the level tells what lies around the cells of another: means over windows of that one's taps. */
  readonly around?: {
    /** Position of the other level, which comes before. */
    readonly level: number
    /** Cells of the other level along one side. */
    readonly window: number
    readonly stride: 1 | 2
  }
}

/** A kernel or bias that the feature maps depend on. */
export interface BackboneWeight {
  readonly name: string
  readonly shape: readonly number[]
  /** The trunk sees, the decoder joins what it sees at different resolutions. */
  readonly part: 'trunk' | 'decoder'
}

/** A network that turns pixels into feature maps of different resolution. */
export interface Backbone {
  /** Names the weights and the taps; part of a projection's digest. */
  readonly id: string
  /** Input pixels a cell of the joined map. */
  readonly stride: number
  readonly levels: readonly BackboneLevel[]
  /** The input's sides must be multiples of this. */
  readonly inputMultiple: number
  /**
   * Feature maps of one image, one a tap, level by level, each [rows / coarseness, columns / coarseness, channels]; the
   * caller disposes.
   * @param pixels [size, size, 3], RGB 0..255
   */
  features(pixels: tf.Tensor3D): tf.Tensor3D[]
  /** The first of these maps: what the network itself gives, without anything computed from it. */
  taps(pixels: tf.Tensor3D): tf.Tensor3D[]
  /** All weights that the feature maps depend on; batch normalisation is folded into them. */
  readonly weights: readonly BackboneWeight[]
  /** The tensor of one of these weights; the backbone's own, not to be disposed of. */
  weight(name: string): tf.Tensor
  /**
   * Has the network compute with other tensors in the place of these weights, which the caller keeps alive meanwhile.
   * @returns the tensors that were there before, to be put back
   */
  exchangeWeights(tensors: ReadonlyMap<string, tf.Tensor>): Map<string, tf.Tensor>
  /**
   * What the decoder and the taps need of the trunk, each [1, rows, columns, channels]; the caller disposes.
   * @param pixels as for `features`
   */
  trunk(pixels: tf.Tensor3D): tf.Tensor4D[]
  /**
   * The feature maps, as `features` gives them, from what `trunk` gave; the caller disposes.
   * @param size side of the input in pixels
   */
  decode(trunk: readonly tf.Tensor4D[], size: number): tf.Tensor3D[]
  /**
   * What the head that the network was trained with answers at stride 4, the 80 COCO classes as probabilities [rows,
   * columns, 80] and the distances left, top, right, bottom in input pixels [rows, columns, 4]; the caller disposes.
   * @param pixels [size, size, 3], RGB 0..255
   */
  detect(pixels: tf.Tensor3D): { readonly heat: tf.Tensor3D; readonly distances: tf.Tensor3D }
  dispose(): void
}

import type * as tf from '@tensorflow/tfjs-core'

/** A frozen network that turns pixels into feature maps of different resolution. */
export interface Backbone {
  /** Names the weights and the taps; part of a projection's digest. */
  readonly id: string
  /** Input pixels a cell of the joined map. */
  readonly stride: number
  /** One entry a tap: its channels, and how many joined cells lie along one side of its cell. */
  readonly taps: readonly { readonly channels: number; readonly coarseness: number }[]
  /** The input's sides must be multiples of this. */
  readonly inputMultiple: number
  /**
   * Feature maps of one image, one a tap, each [rows / coarseness, columns / coarseness, channels]; the caller disposes.
   * @param pixels [size, size, 3], RGB 0..255
   */
  features(pixels: tf.Tensor3D): tf.Tensor3D[]
  dispose(): void
}

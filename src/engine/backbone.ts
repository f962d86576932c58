import type * as tf from '@tensorflow/tfjs-core'

/** The taps of one resolution. */
export interface BackboneLevel {
  /** How many joined cells lie along one side of its cell. */
  readonly coarseness: number
  /** Channels of each tap. */
  readonly channels: readonly number[]
  /** Principal components worth keeping of all its channels. */
  readonly components: number
}

/** A frozen network that turns pixels into feature maps of different resolution. */
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
  /**
   * What the head that the network was trained with answers at stride 4, the 80 COCO classes as probabilities [rows,
   * columns, 80] and the distances left, top, right, bottom in input pixels [rows, columns, 4]; the caller disposes.
   * @param pixels [size, size, 3], RGB 0..255
   */
  detect(pixels: tf.Tensor3D): { readonly heat: tf.Tensor3D; readonly distances: tf.Tensor3D }
  dispose(): void
}

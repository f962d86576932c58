import * as tf from '@tensorflow/tfjs-core'

/**
 * What surrounds each cell: the mean over a square window of the map centred on it. Windows that reach over the edge
 * count zeros there.
 *
 * Written as a convolution, since that is what every backend can differentiate; its kernel stays on the device, as some
 * backends prepare a kernel when they first see it.
 */
export class Neighbourhood {
  readonly #kernel: tf.Tensor4D
  readonly #stride: 1 | 2

  /**
   * @param channels of the maps
   * @param window cells along one side; odd when the stride is 1, even when it is 2 and the sides of the maps are
   */
  constructor(channels: number, window: number, stride: 1 | 2) {
    this.#kernel = tf.keep(tf.fill([window, window, channels, 1], 1 / window ** 2))
    this.#stride = stride
  }

  /** [rows, columns, channels] -> [rows / stride, columns / stride, channels]; the caller disposes. */
  means(map: tf.Tensor3D): tf.Tensor3D {
    return tf.depthwiseConv2d(map, this.#kernel, this.#stride, 'same')
  }

  dispose(): void {
    this.#kernel.dispose()
  }
}

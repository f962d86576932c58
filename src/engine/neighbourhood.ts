import * as tf from '@tensorflow/tfjs-core'

/**
 * What surrounds each cell: the mean over a square window of the map centred on it. Windows that reach over the edge
 * count zeros there.
 *
 * Written as a convolution, since that is what every backend can differentiate.
 * @param map [rows, columns, channels]
 * @param window cells along one side; odd when the stride is 1, even when it is 2 and the sides of the map are
 * @returns [rows / stride, columns / stride, channels]; the caller disposes
 */
export function neighbourhoodMeans(map: tf.Tensor3D, window: number, stride: 1 | 2): tf.Tensor3D {
  return tf.tidy(() => {
    const kernel = tf.fill<tf.Rank.R4>([window, window, map.shape[2], 1], 1 / window ** 2)
    return tf.depthwiseConv2d(map, kernel, stride, 'same')
  })
}

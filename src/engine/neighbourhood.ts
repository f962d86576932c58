import * as tf from '@tensorflow/tfjs-core'

/** Cells of the fine map along one side of the window; even, as the cell it belongs to is two wide. */
const window = 6

/**
 * What surrounds each cell of a map of half the resolution: the mean over a window of the map centred on it. Windows
 * that reach over the edge count zeros there.
 *
 * Written as a convolution, since that is what every backend can differentiate.
 * @param map [rows, columns, channels], with even sides
 * @returns [rows / 2, columns / 2, channels]; the caller disposes
 */
export function neighbourhoodMeans(map: tf.Tensor3D): tf.Tensor3D {
  return tf.tidy(() => {
    const kernel = tf.fill<tf.Rank.R4>([window, window, map.shape[2], 1], 1 / window ** 2)
    return tf.depthwiseConv2d(map, kernel, 2, 'same')
  })
}

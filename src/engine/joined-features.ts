import * as tf from '@tensorflow/tfjs-core'
import type { Backbone } from './backbone'
import type { LetterboxedImage } from './decode-image'

/** Channels of all taps together. */
export function joinedChannels(backbone: Backbone): number {
  return backbone.taps.reduce((sum, tap) => sum + tap.channels, 0)
}

/** Raw feature maps of one image, one a tap; the caller disposes. */
export function tapFeatures(backbone: Backbone, image: LetterboxedImage): tf.Tensor3D[] {
  return tf.tidy(() => backbone.features(tf.tensor3d(image.pixels, [image.size, image.size, 3])))
}

/** Brings a map to the joined resolution by bilinear interpolation. */
export function upsample(map: tf.Tensor3D, coarseness: number): tf.Tensor3D {
  if (coarseness === 1) return map
  const [rows, columns] = map.shape
  return tf.image.resizeBilinear(map, [rows * coarseness, columns * coarseness], false, true)
}

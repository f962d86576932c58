import * as tf from '@tensorflow/tfjs-core'
import type { Backbone, BackboneLevel } from './backbone'
import type { LetterboxedImage } from './letterboxed-image'

/** Channels of a level's taps together. */
export function levelChannels({ channels }: BackboneLevel): number {
  return channels.reduce((sum, count) => sum + count, 0)
}

/** Channels of all levels together. */
export function joinedChannels({ levels }: Backbone): number {
  return levels.reduce((sum, level) => sum + levelChannels(level), 0)
}

/** Raw feature maps of one image, one a tap, level by level; the caller disposes. */
export function tapFeatures(backbone: Backbone, image: LetterboxedImage): tf.Tensor3D[] {
  return tf.tidy(() => backbone.features(tf.tensor3d(image.pixels, [image.size, image.size, 3])))
}

/** All taps of one image at the joined resolution, [rows, columns, joined channels]; the caller disposes. */
export function joinedFeatures(backbone: Backbone, image: LetterboxedImage): tf.Tensor3D {
  return tf.tidy(() => {
    const maps = tapFeatures(backbone, image)
    const factors = backbone.levels.flatMap(({ channels, coarseness }) =>
      channels.map(() => coarseness),
    )
    return tf.concat(
      maps.map((map, tap) => upsample(map, factors[tap] ?? 1)),
      2,
    )
  })
}

/** Brings a map to the joined resolution by bilinear interpolation. */
export function upsample(map: tf.Tensor3D, coarseness: number): tf.Tensor3D {
  if (coarseness === 1) return map
  const [rows, columns] = map.shape
  return tf.image.resizeBilinear(map, [rows * coarseness, columns * coarseness], false, true)
}

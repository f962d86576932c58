import * as tf from '@tensorflow/tfjs-core'
import type { Backbone } from './backbone'
import type { LetterboxedImage } from './decode-image'
import { tapFeatures, upsample } from './joined-features'
import { splitProjection } from './projection-levels'
import type { Projection } from './protocol'

/** Codes of whitened features span +-8 standard deviations; beyond that they saturate. */
export const codeScale = 8 / 127

interface ProjectionLevel {
  readonly coarseness: number
  readonly components: number
  /** One a tap, [channels, components]. */
  readonly kernels: readonly tf.Tensor2D[]
  /** [components] */
  readonly offset: tf.Tensor1D
}

/** A projection on the device, applied to every level at the level's own resolution. */
export class Projector {
  readonly projection: Projection
  readonly #backbone: Backbone
  readonly #levels: readonly ProjectionLevel[]

  /** @throws Error when the projection was fitted for another backbone. */
  constructor(backbone: Backbone, projection: Projection) {
    this.projection = projection
    this.#backbone = backbone
    // The step of the codes is folded into the weights: the device answers in codes, and no pass over the map is spent.
    const inCodes = (values: Float32Array): Float32Array => values.map((value) => value / codeScale)
    const parts = splitProjection(backbone, projection)
    this.#levels = parts.map(({ level, kernels, offset }) => ({
      coarseness: level.coarseness,
      components: level.components,
      kernels: kernels.map((kernel, tap) =>
        tf.tensor2d(inCodes(kernel), [level.channels[tap] ?? 0, level.components]),
      ),
      offset: tf.tensor1d(inCodes(offset)),
    }))
  }

  /** 8-bit codes of one image's projected features, row-major [rows, columns, channels]. */
  async encode(image: LetterboxedImage): Promise<Int8Array> {
    const side = image.size / this.#backbone.stride
    const { outputChannels } = this.projection
    const projected = tf.tidy(() => {
      const maps = tapFeatures(this.#backbone, image)
      let tap = 0
      return this.#levels.map((level) => {
        const own = maps.slice(tap, tap + level.kernels.length)
        tap += own.length
        return projectLevel(level, own)
      })
    })
    try {
      const codes = new Int8Array(side * side * outputChannels)
      const parts = await Promise.all(projected.map((part) => part.data()))
      let first = 0
      this.#levels.forEach(({ components }, index) => {
        quantise(parts[index] ?? [], components, codes, first, outputChannels)
        first += components
      })
      return codes
    } finally {
      tf.dispose(projected)
    }
  }

  dispose(): void {
    tf.dispose(this.#levels.flatMap(({ kernels, offset }) => [...kernels, offset]))
  }
}

/**
 * A level's components at the joined resolution. Linear maps commute with interpolation, so a coarse level is projected
 * before it is brought there; and the sum of the taps' products costs less than joining the taps for one product.
 */
function projectLevel(level: ProjectionLevel, maps: readonly tf.Tensor3D[]): tf.Tensor3D {
  const { coarseness, components, kernels, offset } = level
  const [rows, columns] = maps[0]?.shape ?? [0, 0]
  const products = kernels.map((kernel, index) => {
    const map = maps[index]
    if (map === undefined) throw new Error('The backbone gave fewer maps than it has taps.')
    const cells = tf.reshape<tf.Rank.R2>(map, [rows * columns, kernel.shape[0]])
    return tf.fused.matMul({ a: cells, b: kernel, ...(index === 0 && { bias: offset }) })
  })
  return upsample(tf.reshape(tf.addN(products), [rows, columns, components]), coarseness)
}

/**
 * Rounds each row of `width` values to the nearest codes, saturating at +-127, and writes them to the rows of `codes`,
 * `stride` long, from column `first` on.
 */
function quantise(
  values: ArrayLike<number>,
  width: number,
  codes: Int8Array,
  first: number,
  stride: number,
): void {
  for (let from = 0, row = first; from < values.length; from += width, row += stride) {
    for (let column = 0; column < width; column++) {
      const value = Math.min(127, Math.max(-127, values[from + column] ?? 0))
      // Truncating a positive number rounds down; Math.round costs four times as much on this hot path.
      codes[row + column] = ((value + 128.5) | 0) - 128
    }
  }
}

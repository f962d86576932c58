import * as tf from '@tensorflow/tfjs-core'
import type { Backbone } from './backbone'
import type { LetterboxedImage } from './decode-image'
import { tapFeatures } from './joined-features'
import { splitProjection } from './projection-levels'
import type { Projection } from './protocol'

/** Codes of whitened features span +-8 standard deviations; beyond that they saturate. */
export const codeScale = 8 / 127

interface ProjectionLevel {
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
      kernels: kernels.map((kernel, tap) =>
        tf.tensor2d(inCodes(kernel), [level.channels[tap] ?? 0, level.components]),
      ),
      offset: tf.tensor1d(inCodes(offset)),
    }))
  }

  /** 8-bit codes of one image's projected features, level by level, each row-major [rows, columns, components]. */
  async encode(image: LetterboxedImage): Promise<Int8Array> {
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
      const parts = await Promise.all(projected.map((part) => part.data()))
      const codes = new Int8Array(parts.reduce((sum, { length }) => sum + length, 0))
      let first = 0
      for (const part of parts) {
        quantise(part, codes, first)
        first += part.length
      }
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
 * A level's components, [cells, components]. The sum of the taps' products costs less than joining the taps for one
 * product.
 */
function projectLevel(level: ProjectionLevel, maps: readonly tf.Tensor3D[]): tf.Tensor {
  const products = level.kernels.map((kernel, index) => {
    const map = maps[index]
    if (map === undefined) throw new Error('The backbone gave fewer maps than it has taps.')
    const [rows, columns] = map.shape
    const cells = tf.reshape<tf.Rank.R2>(map, [rows * columns, kernel.shape[0]])
    return tf.fused.matMul({ a: cells, b: kernel, ...(index === 0 && { bias: level.offset }) })
  })
  return tf.addN(products)
}

/** Rounds values to the nearest codes, saturating at +-127, and writes them to `codes` from position `first` on. */
function quantise(values: ArrayLike<number>, codes: Int8Array, first: number): void {
  for (let index = 0; index < values.length; index++) {
    const value = Math.min(127, Math.max(-127, values[index] ?? 0))
    // Truncating a positive number rounds down; Math.round costs four times as much on this hot path.
    codes[first + index] = ((value + 128.5) | 0) - 128
  }
}

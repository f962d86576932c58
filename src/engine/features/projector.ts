import * as tf from '@tensorflow/tfjs-core'
import type { Backbone } from '../backbone/backbone'
import type { LetterboxedImage } from '../backbone/letterboxed-image'
import { Neighbourhood } from '../backbone/neighbourhood'
import { splitProjection } from './projection-levels'
import type { Projection } from './protocol'

/** Codes of whitened features span +-8 standard deviations; beyond that they saturate. */
export const codeScale = 8 / 127

interface ProjectionLevel {
  /** Position of the first of the taps it is made of. */
  readonly firstTap: number
  /** One a tap, [channels, components]. */
  readonly kernels: readonly tf.Tensor2D[]
  /** [components] */
  readonly offset: tf.Tensor1D
  readonly neighbourhood: Neighbourhood | undefined
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
    const { levels } = backbone
    this.#levels = splitProjection(backbone, projection).map(
      ({ level, kernels, offset }, index) => {
        const { around, channels, components } = level
        const before = levels.slice(0, around?.level ?? index)
        return {
          firstTap: before.reduce((sum, { channels: taps }) => sum + taps.length, 0),
          kernels: kernels.map((kernel, tap) =>
            tf.tensor2d(inCodes(kernel), [channels[tap] ?? 0, components]),
          ),
          offset: tf.tensor1d(inCodes(offset)),
          neighbourhood: around && new Neighbourhood(components, around.window, around.stride),
        }
      },
    )
  }

  /** 8-bit codes of one image's projected features, level by level, each row-major [rows, columns, components]. */
  async encode({ pixels, size }: LetterboxedImage): Promise<Int8Array> {
    const projected = tf.tidy(() => {
      const taps = this.#backbone.taps(tf.tensor3d(pixels, [size, size, 3]))
      return this.#levels.map((level) => projectLevel(level, taps))
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
    for (const { kernels, offset, neighbourhood } of this.#levels) {
      tf.dispose([...kernels, offset])
      neighbourhood?.dispose()
    }
  }
}

/**
 * A level's components, [rows, columns, components]. The sum of the taps' products costs less than joining the taps for
 * one product; and as means are linear, those of the few components are taken instead of those of the many channels.
 */
function projectLevel(
  { firstTap, kernels, offset, neighbourhood }: ProjectionLevel,
  taps: readonly tf.Tensor3D[],
): tf.Tensor {
  const maps = taps.slice(firstTap, firstTap + kernels.length)
  const [rows, columns] = maps[0]?.shape ?? [0, 0]
  const products = kernels.map((kernel, index) => {
    const map = maps[index]
    if (map === undefined) throw new Error('The backbone gave fewer maps than it has taps.')
    const cells = tf.reshape<tf.Rank.R2>(map, [rows * columns, kernel.shape[0]])
    const takesOffset = index === 0 && neighbourhood === undefined
    return tf.fused.matMul({ a: cells, b: kernel, ...(takesOffset && { bias: offset }) })
  })
  const sum = tf.reshape<tf.Rank.R3>(tf.addN(products), [rows, columns, offset.size])
  return neighbourhood === undefined ? sum : tf.add(neighbourhood.means(sum), offset)
}

/** Rounds values to the nearest codes, saturating at +-127, and writes them to `codes` from position `first` on. */
function quantise(values: ArrayLike<number>, codes: Int8Array, first: number): void {
  for (let index = 0; index < values.length; index++) {
    const value = Math.min(127, Math.max(-127, values[index] ?? 0))
    // Truncating a positive number rounds down; Math.round costs four times as much on this hot path.
    codes[first + index] = ((value + 128.5) | 0) - 128
  }
}

import * as tf from '@tensorflow/tfjs-core'
import type { Backbone } from './backbone'
import type { LetterboxedImage } from './decode-image'
import { joinedChannels, levelChannels, levelFeatures, upsample } from './joined-features'
import type { Projection } from './protocol'

/** Codes of whitened features span +-8 standard deviations; beyond that they saturate. */
export const codeScale = 8 / 127

interface ProjectionLevel {
  readonly coarseness: number
  /** [channels, components] */
  readonly kernel: tf.Tensor2D
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
    const { inputChannels, matrix, outputChannels, offset } = projection
    const components = backbone.levels.reduce((sum, level) => sum + level.components, 0)
    if (inputChannels !== joinedChannels(backbone) || outputChannels !== components) {
      throw new Error(
        `The projection takes ${inputChannels} channels to ${outputChannels}, but the backbone has ` +
          `${joinedChannels(backbone)} for ${components}: it was fitted for another backbone. Fit it again.`,
      )
    }
    this.projection = projection
    this.#backbone = backbone
    let firstRow = 0
    let firstColumn = 0
    this.#levels = backbone.levels.map((level) => {
      const rows = levelChannels(level)
      const columns = level.components
      // The step of the codes is folded into the weights: the device answers in codes, and no pass over the map is spent.
      const kernel = new Float32Array(rows * columns)
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const from = (firstRow + row) * outputChannels + firstColumn + column
          kernel[row * columns + column] = (matrix[from] ?? 0) / codeScale
        }
      }
      const own = offset.slice(firstColumn, firstColumn + columns)
      firstRow += rows
      firstColumn += columns
      return {
        coarseness: level.coarseness,
        kernel: tf.tensor2d(kernel, [rows, columns]),
        offset: tf.tensor1d(own.map((value) => value / codeScale)),
      }
    })
  }

  /** 8-bit codes of one image's projected features, row-major [rows, columns, channels]. */
  async encode(image: LetterboxedImage): Promise<Int8Array> {
    const projected = tf.tidy(() => {
      const maps = levelFeatures(this.#backbone, image)
      // Linear maps commute with interpolation, so a coarse level is projected before it is brought to full resolution.
      const parts = this.#levels.map(({ coarseness, kernel, offset }, index) => {
        const map = maps[index]
        if (map === undefined) throw new Error(`The backbone gave no map of level ${index}.`)
        const [rows, columns, channels] = map.shape
        const cells = tf.reshape<tf.Rank.R2>(map, [rows * columns, channels])
        const product = tf.fused.matMul({ a: cells, b: kernel, bias: offset })
        return upsample(tf.reshape(product, [rows, columns, kernel.shape[1]]), coarseness)
      })
      return tf.concat(parts, 2)
    })
    try {
      return quantise(await projected.data())
    } finally {
      projected.dispose()
    }
  }

  dispose(): void {
    tf.dispose(this.#levels.flatMap(({ kernel, offset }) => [kernel, offset]))
  }
}

/** Rounds to the nearest code, saturating at +-127. */
function quantise(values: ArrayLike<number>): Int8Array {
  const codes = new Int8Array(values.length)
  for (let index = 0; index < codes.length; index++) {
    const value = Math.min(127, Math.max(-127, values[index] ?? 0))
    // Truncating a positive number rounds down; Math.round costs four times as much on this hot path.
    codes[index] = ((value + 128.5) | 0) - 128
  }
  return codes
}

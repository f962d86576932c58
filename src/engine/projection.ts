import * as tf from '@tensorflow/tfjs-core'
import { principalAxes } from '../core/detection/principal-axes'
import { imageCells } from '../core/detection/targets'
import { createLetterbox } from '../core/geometry/letterbox'
import type { RandomSource } from '../core/random/types'
import type { Backbone } from './backbone'
import type { LetterboxedImage } from './decode-image'
import { joinedChannels, tapFeatures, upsample } from './joined-features'
import type { Projection } from './protocol'

/** Channels kept; 160 hold about 85 % of the variance of the standardised taps. */
const outputChannels = 160
const cellsPerImage = 256
const subspaceIterations = 12
/** Codes of whitened features span +-8 standard deviations; beyond that they saturate. */
export const codeScale = 8 / 127
/** Components weaker than this share of the largest would only amplify rounding. */
const smallestEigenvalueShare = 1e-6

/** Collects moments of joined features image by image, then fits a whitened PCA to them. */
export class ProjectionFitter {
  readonly #backbone: Backbone
  readonly #inputSize: number
  readonly #random: RandomSource
  readonly #channels: number
  readonly #sum: Float64Array
  readonly #products: Float64Array
  #cells = 0

  constructor(backbone: Backbone, inputSize: number, random: RandomSource) {
    this.#backbone = backbone
    this.#inputSize = inputSize
    this.#random = random
    this.#channels = joinedChannels(backbone)
    this.#sum = new Float64Array(this.#channels)
    this.#products = new Float64Array(this.#channels ** 2)
  }

  /** Adds cells drawn at random from the part of the input that the image covers. */
  async add(image: LetterboxedImage): Promise<void> {
    const { taps, stride } = this.#backbone
    const side = this.#inputSize / stride
    const letterbox = createLetterbox(image.imageWidth, image.imageHeight, image.size)
    const inside = imageCells(letterbox, { rows: side, columns: side, stride })
    const eligible = [...inside.keys()].filter((cell) => inside[cell] === 1)
    const cells = this.#random.shuffle(eligible).slice(0, cellsPerImage)
    const maps = tapFeatures(this.#backbone, image)
    const { sum, products } = tf.tidy(() => {
      const joined = tf.concat(
        maps.map((map, index) => upsample(map, taps[index]?.coarseness ?? 1)),
        2,
      )
      const rows = tf.gather(
        tf.reshape(joined, [side * side, this.#channels]),
        tf.tensor1d(cells, 'int32'),
      )
      return { sum: tf.sum(rows, 0), products: tf.matMul(tf.transpose(rows), rows) }
    })
    tf.dispose(maps)
    try {
      const [sums, squares] = await Promise.all([sum.data(), products.data()])
      sums.forEach((value, index) => (this.#sum[index] = (this.#sum[index] ?? 0) + value))
      for (let index = 0; index < squares.length; index++) {
        this.#products[index] = (this.#products[index] ?? 0) + (squares[index] ?? 0)
      }
    } finally {
      tf.dispose([sum, products])
    }
    this.#cells += cells.length
  }

  /** @throws Error when no image was added. */
  async fit(): Promise<Projection> {
    const size = this.#channels
    if (this.#cells < 2) {
      throw new Error(
        'The projection cannot be fitted: none of the images could be decoded. Import images first.',
      )
    }
    const mean = this.#sum.map((value) => value / this.#cells)
    const deviation = Float64Array.from(mean, (value, index) => {
      const variance = (this.#products[index * size + index] ?? 0) / this.#cells - value ** 2
      return Math.sqrt(Math.max(variance, 1e-8))
    })
    const correlation = new Float64Array(size * size)
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        const covariance =
          (this.#products[i * size + j] ?? 0) / this.#cells - (mean[i] ?? 0) * (mean[j] ?? 0)
        correlation[i * size + j] = covariance / ((deviation[i] ?? 1) * (deviation[j] ?? 1))
      }
    }
    const axes = principalAxes(
      correlation,
      size,
      Math.min(outputChannels, size),
      subspaceIterations,
      this.#random,
    )
    const smallest = (axes.values[0] ?? 0) * smallestEigenvalueShare

    const matrix = new Float32Array(size * outputChannels)
    const offset = new Float32Array(outputChannels)
    for (let output = 0; output < outputChannels; output++) {
      const eigenvalue = axes.values[output] ?? 0
      // Too few distinct cells leave empty directions; their outputs stay zero.
      if (!(eigenvalue > smallest)) continue
      for (let input = 0; input < size; input++) {
        const component = axes.vectors[output * size + input] ?? 0
        const weight = component / (Math.sqrt(eigenvalue) * (deviation[input] ?? 1))
        matrix[input * outputChannels + output] = weight
        offset[output] = (offset[output] ?? 0) - (mean[input] ?? 0) * weight
      }
    }
    const id = await digest(`${this.#backbone.id} ${this.#inputSize}`, matrix, offset)
    return { inputSize: this.#inputSize, inputChannels: size, outputChannels, matrix, offset, id }
  }
}

/** A projection on the device, applied to every tap at the tap's own resolution. */
export class Projector {
  readonly projection: Projection
  readonly #backbone: Backbone
  readonly #kernels: tf.Tensor2D[]
  readonly #offset: tf.Tensor1D

  /** @throws Error when the projection was fitted for another backbone. */
  constructor(backbone: Backbone, projection: Projection) {
    const { inputChannels, outputChannels: outputs, matrix, offset } = projection
    if (inputChannels !== joinedChannels(backbone)) {
      throw new Error(
        `The projection takes ${inputChannels} channels but the backbone gives ${joinedChannels(backbone)}: ` +
          'it was fitted for another backbone. Fit it again.',
      )
    }
    this.projection = projection
    this.#backbone = backbone
    // The step of the codes is folded into the weights: the device answers in codes, and no pass over the map is spent.
    const scaled = matrix.map((value) => value / codeScale)
    let row = 0
    this.#kernels = backbone.taps.map(({ channels }) => {
      const part = scaled.slice(row * outputs, (row + channels) * outputs)
      row += channels
      return tf.tensor2d(part, [channels, outputs])
    })
    this.#offset = tf.tensor1d(offset.map((value) => value / codeScale))
  }

  /** 8-bit codes of one image's projected features, row-major [rows, columns, channels]. */
  async encode(image: LetterboxedImage): Promise<Int8Array> {
    const { outputChannels: outputs } = this.projection
    const maps = tapFeatures(this.#backbone, image)
    // Linear maps commute with interpolation, so a coarse tap is projected before it is brought to full resolution.
    const projected = tf.tidy(() => {
      const parts = maps.map((map, index) => {
        const [rows, columns, channels] = map.shape
        const kernel = this.#kernels[index]
        const coarseness = this.#backbone.taps[index]?.coarseness ?? 1
        if (kernel === undefined)
          throw new Error(`The backbone answered with an unknown tap ${index}.`)
        const cells = tf.reshape<tf.Rank.R2>(map, [rows * columns, channels])
        // Interpolation keeps a constant, so the offset may ride on any one product.
        const bias = index === 0 ? this.#offset : undefined
        const product = tf.fused.matMul({ a: cells, b: kernel, ...(bias && { bias }) })
        return upsample(tf.reshape(product, [rows, columns, outputs]), coarseness)
      })
      return tf.addN(parts)
    })
    tf.dispose(maps)
    try {
      return quantise(await projected.data())
    } finally {
      projected.dispose()
    }
  }

  dispose(): void {
    tf.dispose([this.#kernels, this.#offset])
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

/** SHA-256 as hex, shortened to 128 bits. */
async function digest(label: string, ...arrays: Float32Array[]): Promise<string> {
  const bytes = await new Blob([
    label,
    ...arrays.map((array) => new Uint8Array(array.slice().buffer)),
  ]).arrayBuffer()
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

import * as tf from '@tensorflow/tfjs-core'
import { principalAxes } from '../../core/numeric/principal-axes'
import { imageCells } from '../../core/detection/targets'
import { createLetterbox } from '../../core/geometry/letterbox'
import type { RandomSource } from '../../core/random/types'
import type { Backbone } from '../backbone/backbone'
import type { LetterboxedImage } from '../backbone/letterboxed-image'
import { digest } from './digest'
import { joinedChannels, joinedFeatures, levelChannels } from '../backbone/joined-features'
import type { Projection } from './protocol'

const cellsPerImage = 256
const subspaceIterations = 12
/** Components weaker than this share of the largest would only amplify rounding. */
const smallestEigenvalueShare = 1e-6

/**
 * Collects moments of joined features image by image, then fits a whitened PCA to the channels of each level. One PCA
 * of all would cost twice the products and leave the fine level, with fewer channels, too few components.
 */
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
    const { stride } = this.#backbone
    const side = this.#inputSize / stride
    const letterbox = createLetterbox(image.imageWidth, image.imageHeight, image.size)
    const inside = imageCells(letterbox, { rows: side, columns: side, stride })
    const eligible = [...inside.keys()].filter((cell) => inside[cell] === 1)
    const cells = this.#random.shuffle(eligible).slice(0, cellsPerImage)
    const { sum, products } = tf.tidy(() => {
      const joined = joinedFeatures(this.#backbone, image)
      const rows = tf.gather(
        tf.reshape(joined, [side * side, this.#channels]),
        tf.tensor1d(cells, 'int32'),
      )
      return { sum: tf.sum(rows, 0), products: tf.matMul(tf.transpose(rows), rows) }
    })
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

    const outputChannels = this.#backbone.levels.reduce(
      (sum, { components }) => sum + components,
      0,
    )
    const matrix = new Float32Array(size * outputChannels)
    const offset = new Float32Array(outputChannels)
    let firstInput = 0
    let firstOutput = 0
    for (const level of this.#backbone.levels) {
      const inputs = levelChannels(level)
      const axes = principalAxes(
        diagonalBlock(correlation, size, firstInput, inputs),
        inputs,
        Math.min(level.components, inputs),
        subspaceIterations,
        this.#random,
      )
      const smallest = (axes.values[0] ?? 0) * smallestEigenvalueShare
      for (const [component, eigenvalue] of axes.values.entries()) {
        // Too few distinct cells leave empty directions; their outputs stay zero.
        if (!(eigenvalue > smallest)) continue
        const output = firstOutput + component
        for (let input = 0; input < inputs; input++) {
          const channel = firstInput + input
          const direction = axes.vectors[component * inputs + input] ?? 0
          const weight = direction / (Math.sqrt(eigenvalue) * (deviation[channel] ?? 1))
          matrix[channel * outputChannels + output] = weight
          offset[output] = (offset[output] ?? 0) - (mean[channel] ?? 0) * weight
        }
      }
      firstInput += inputs
      firstOutput += level.components
    }
    const { id: backboneId } = this.#backbone
    const id = await digest(`${backboneId} ${this.#inputSize}`, matrix, offset)
    return {
      inputSize: this.#inputSize,
      inputChannels: size,
      outputChannels,
      matrix,
      offset,
      id,
      backboneId,
    }
  }
}

/** Rows and columns `first` to `first + count` of a square matrix. */
function diagonalBlock(
  matrix: Float64Array,
  size: number,
  first: number,
  count: number,
): Float64Array {
  const block = new Float64Array(count * count)
  for (let row = 0; row < count; row++) {
    const start = (first + row) * size + first
    block.set(matrix.subarray(start, start + count), row * count)
  }
  return block
}

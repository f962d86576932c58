import * as tf from '@tensorflow/tfjs-core'
// Backbone and projection are differentiated by tfjs; the head's gradient is written out.
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { gradientAtCoarseMap } from '../../core/detection/interpolation'
import type { Backbone } from '../backbone/backbone'
import { runAsync, runNow, type DeviceWork } from '../device/device-work'
import { upsample } from '../backbone/joined-features'
import { kernelName, offsetName, type ParameterBlock } from './parameters'

/** What the trunk made of an image, kept off the device. */
export interface TrunkMap {
  readonly shape: readonly number[]
  readonly values: Float32Array
}

/** Where the network begins: at pixels, or at what a trunk that is not trained has made of them. */
export type NetworkInput =
  /** Row-major [size, size, 3], RGB 0..255. */
  | { readonly kind: 'pixels'; readonly pixels: Float32Array }
  | { readonly kind: 'trunk'; readonly maps: readonly TrunkMap[] }

/** What is to be learned at some cells of an image. */
export interface CellErrors {
  /** Cells of the joined map, row * columns + column. */
  readonly positions: Int32Array
  /** Gradient at their features, row-major [cells, channels]. */
  readonly gradient: Float32Array
}

/** Judges the features of an image, row-major [rows, columns, channels]. */
export type CellJudge = (features: Float32Array) => DeviceWork<CellErrors>

/**
 * The backbone and the projection with weights of their own: while it lives, the backbone computes with them. `dispose`
 * gives it back as it was.
 */
export class TrainableNetwork {
  readonly #backbone: Backbone
  readonly #size: number
  readonly #blocks: readonly ParameterBlock[]
  readonly #tensors = new Map<string, tf.Tensor>()
  #originals = new Map<string, tf.Tensor>()

  /**
   * @param size side of the input in pixels
   * @param blocks of the vectors that are loaded; the head's is left out
   */
  constructor(backbone: Backbone, size: number, blocks: readonly ParameterBlock[]) {
    this.#backbone = backbone
    this.#size = size
    this.#blocks = blocks.filter(({ part }) => part !== 'head')
  }

  /** Takes all weights from the vector. */
  load(vector: Float32Array): void {
    const old = [...this.#tensors.values()]
    const weights = new Map<string, tf.Tensor>()
    for (const { name, shape, part, start, end } of this.#blocks) {
      // A copy: on some backends the tensor is the array itself, which the optimiser changes.
      const tensor = tf.keep(tf.tensor(vector.slice(start, end), [...shape]))
      this.#tensors.set(name, tensor)
      if (part !== 'projection') weights.set(name, tensor)
    }
    const replaced = this.#backbone.exchangeWeights(weights)
    if (this.#originals.size === 0) this.#originals = replaced
    tf.dispose(old)
  }

  /** What the trunk makes of an image. @param pixels row-major [size, size, 3], RGB 0..255 */
  async trunkMaps(pixels: Float32Array): Promise<TrunkMap[]> {
    const maps = tf.tidy(() =>
      this.#backbone.trunk(tf.tensor3d(pixels, [this.#size, this.#size, 3])),
    )
    try {
      return await Promise.all(
        maps.map(async (map) => ({
          shape: map.shape,
          values: Float32Array.from(await map.data()),
        })),
      )
    } finally {
      tf.dispose(maps)
    }
  }

  /**
   * Adds `weight` times the gradient of what `judge` finds in one image to `total`, which has the vector's layout.
   *
   * The judge's gradient at single cells is turned into one at the projected maps, and the sum of its product with them
   * stands for the loss: it has the same gradient, and needs neither a gather nor an interpolation on the device, whose
   * gradients tfjs lacks on WASM or computes for other pixel centres. Where numbers can be read at any time the judge
   * is asked between the forward and the backward pass; elsewhere the forward pass is run once more for it.
   */
  async addGradient(
    input: NetworkInput,
    judge: CellJudge,
    weight: number,
    total: Float32Array,
  ): Promise<void> {
    const isReadable = tf.getBackend() === 'wasm' || tf.getBackend() === 'cpu'
    const known = isReadable ? undefined : await this.#judgeFirst(input, judge)
    const tensors = this.#blocks.flatMap(({ name }) => this.#tensors.get(name) ?? [])
    const gradients = tf.grads(() => {
      const maps = this.#projectedMaps(input)
      const errors = known ?? runNow(this.#judged(maps, judge))
      const products = this.#atMaps(maps, errors).map((error, level) =>
        tf.sum(tf.mul(error, maps[level] ?? 0)),
      )
      return tf.addN(products)
    })(tensors)
    try {
      const values = isReadable
        ? gradients.map((gradient) => gradient.dataSync())
        : await Promise.all(gradients.map((gradient) => gradient.data()))
      this.#blocks.forEach(({ start }, index) => {
        const own = values[index] ?? []
        for (let at = 0; at < own.length; at++) {
          total[start + at] = (total[start + at] ?? 0) + weight * (own[at] ?? 0)
        }
      })
    } finally {
      tf.dispose(gradients)
    }
  }

  /** Frees the weights and gives the backbone its own back. */
  dispose(): void {
    this.#backbone.exchangeWeights(this.#originals)
    tf.dispose([...this.#tensors.values()])
    this.#tensors.clear()
    this.#originals.clear()
  }

  async #judgeFirst(input: NetworkInput, judge: CellJudge): Promise<CellErrors> {
    const maps = tf.tidy(() => this.#projectedMaps(input))
    try {
      return await runAsync(this.#judged(maps, judge))
    } finally {
      tf.dispose(maps)
    }
  }

  /** One map a level, at the level's own resolution, [rows, columns, components]. */
  #projectedMaps(input: NetworkInput): tf.Tensor3D[] {
    const taps = this.#taps(input)
    let next = 0
    return this.#backbone.levels.map(({ channels }, level) => {
      const products = channels.map((_, tap) => {
        const map = taps[next++]
        if (map === undefined) throw new Error('The backbone gave fewer maps than it has taps.')
        return tf.conv2d(map, this.#tensor<tf.Tensor4D>(kernelName(level, tap)), 1, 'valid')
      })
      return tf.add(tf.addN(products), this.#tensor(offsetName(level)))
    })
  }

  #taps(input: NetworkInput): tf.Tensor3D[] {
    const size = this.#size
    if (input.kind === 'pixels')
      return this.#backbone.features(tf.tensor3d(input.pixels, [size, size, 3]))
    const maps = input.maps.map(({ shape, values }) =>
      tf.tensor<tf.Rank.R4>(values, [...shape] as [number, number, number, number]),
    )
    return this.#backbone.decode(maps, size)
  }

  *#judged(maps: readonly tf.Tensor3D[], judge: CellJudge): DeviceWork<CellErrors> {
    const joined = tf.tidy(() =>
      tf.concat(
        maps.map((map, level) => upsample(map, this.#backbone.levels[level]?.coarseness ?? 1)),
        2,
      ),
    )
    let features: Float32Array
    try {
      features = yield joined
    } finally {
      joined.dispose()
    }
    return yield* judge(features)
  }

  /** The gradient at each map. */
  #atMaps(maps: readonly tf.Tensor3D[], { positions, gradient }: CellErrors): tf.Tensor3D[] {
    const width = maps.reduce((sum, { shape }) => sum + shape[2], 0)
    let first = 0
    return maps.map(({ shape }, level) => {
      const [rows, columns, channels] = shape
      const coarseness = this.#backbone.levels[level]?.coarseness ?? 1
      const coarse = { rows, columns, channels, coarseness }
      const values = gradientAtCoarseMap(coarse, positions, gradient, width, first)
      first += channels
      return tf.tensor3d(values, shape)
    })
  }

  #tensor<T extends tf.Tensor>(name: string): T {
    const tensor = this.#tensors.get(name)
    if (tensor === undefined) throw new Error(`The network has no weight '${name}'; load it first.`)
    return tensor as T
  }
}

import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import * as v from 'valibot'
import type { Backbone, BackboneWeight } from './backbone'
import { registerHardSwish } from './hard-swish'
import { Neighbourhood } from './neighbourhood'
import { dependenciesOf, graphNodeSchema, joinHardSwish, type GraphNode } from './network-graph'

const inputNode = 'tower_0/images'

/**
 * Joined at stride 8: the trunk at strides 8 and 16, and the decoder's stride-8 map. The decoder's is tapped where it is
 * smallest: a pointwise layer spreads the 24 channels over 96, and the other 96 are interpolated from stride 16. Both
 * are linear, so a projection loses nothing and costs a third.
 */
const tapLevels = [
  {
    coarseness: 1,
    components: 64,
    taps: [
      { node: 'tower_0/MobilenetV3/expanded_conv_6/expand/hard_swish/mul_1', channels: 192 },
      { node: 'tower_0/CenternetHead/c3_reverse/3x3/separable_conv2d/depthwise', channels: 24 },
    ],
  },
  {
    coarseness: 2,
    components: 96,
    taps: [
      { node: 'tower_0/MobilenetV3/expanded_conv_12/expand/hard_swish/mul_1', channels: 528 },
      { node: 'tower_0/CenternetHead/c4_upsample/add', channels: 96 },
    ],
  },
] as const

/**
 * What lies around a cell, of the taps of each level, at stride 16: parts that tell classes apart, as the figures in a
 * card's corner, may lie far from an object's centre.
 */
const contextLevels = [
  { of: 0, window: 6, stride: 2, components: 32 },
  { of: 1, window: 3, stride: 1, components: 48 },
] as const

const nodes = tapLevels.flatMap(({ taps }) => taps.map(({ node }) => node))

/** The head the network was trained with: probabilities of the COCO classes, and the box's sides in input pixels. */
const stockNodes = ['tower_0/keypoints', 'tower_0/wh']

/** Constants that hold the size each upsampling step of the decoder aims at: input side over the divisor. */
const sizeConstants = [
  { name: 'tower_0/CenternetHead/c5_upsample/up_sampling2d/mul', divisor: 16 },
  { name: 'tower_0/CenternetHead/c4_upsample/up_sampling2d_1/mul', divisor: 8 },
  { name: 'tower_0/CenternetHead/c3_upsample/up_sampling2d_2/mul', divisor: 4 },
] as const

const modelSchema = v.looseObject({
  modelTopology: v.looseObject({
    node: v.array(graphNodeSchema),
  }),
  weightsManifest: v.array(
    v.object({ paths: v.array(v.string()), weights: v.array(v.looseObject({ name: v.string() })) }),
  ),
})

/**
 * MobileNetV3-CenterNet trained on COCO, from the package `@vladmandic/human`, for any input side that is a multiple
 * of 32.
 * @param baseUrl where the app is served; the files lie below it in `models/`
 * @throws Error when the files cannot be fetched or are not the expected network
 */
export async function loadCenterNet(baseUrl: string): Promise<Backbone> {
  const folder = new URL('models/', baseUrl)
  const file = v.parse(
    modelSchema,
    await (await fetchFile(new URL('centernet.json', folder))).json(),
  )
  const parts = await Promise.all(
    file.weightsManifest.flatMap(({ paths }) =>
      paths.map(async (path) => (await fetchFile(new URL(path, folder))).arrayBuffer()),
    ),
  )
  const placeholder = file.modelTopology.node.find(({ name }) => name === inputNode)
  if (placeholder?.attr === undefined)
    throw new Error(`The backbone in ${folder.href} has no input '${inputNode}'.`)
  // The file fixes the side to 512; -1 admits any.
  placeholder.attr['shape'] = { shape: { dim: ['1', '-1', '-1', '3'].map((size) => ({ size })) } }

  registerHardSwish()
  const node = joinHardSwish(file.modelTopology.node)
  const model = await loadGraphModel(
    tf.io.fromMemory({
      modelTopology: { ...file.modelTopology, node },
      weightSpecs: file.weightsManifest.flatMap(
        ({ weights }) => weights,
      ) as unknown as tf.io.WeightsManifestEntry[],
      weightData: await new Blob(parts).arrayBuffer(),
    }),
  )
  return new CenterNet(model, node)
}

async function fetchFile(url: URL): Promise<Response> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new Error(`The backbone's file ${url.href} could not be fetched; reload the page.`, {
      cause: error,
    })
  })
  if (!response.ok) {
    throw new Error(
      `The backbone's file ${url.href} could not be fetched (HTTP ${response.status}); reload the page.`,
    )
  }
  return response
}

class CenterNet implements Backbone {
  readonly id = 'centernet-mobilenetv3/s8+d8+s16+d16+around8+around16'
  readonly stride = 8
  readonly levels = [
    ...tapLevels.map(({ taps, ...level }) => ({
      ...level,
      channels: taps.map(({ channels }) => channels),
    })),
    ...contextLevels.map(({ of, window, stride, components }) => ({
      coarseness: 2,
      components,
      around: { level: of, window, stride },
      channels: tapLevels[of].taps.map(({ channels }) => channels),
    })),
  ]
  readonly inputMultiple = 32
  readonly weights: readonly BackboneWeight[]
  readonly #model: GraphModel
  /** Nodes of the trunk from which the decoder goes on. */
  readonly #cut: readonly string[]
  /** One a tap, level by level. */
  readonly #neighbourhoods: readonly Neighbourhood[]
  #side: number | undefined

  constructor(model: GraphModel, graph: readonly GraphNode[]) {
    this.#model = model
    this.#neighbourhoods = contextLevels.flatMap(({ of, window, stride }) =>
      tapLevels[of].taps.map(({ channels }) => new Neighbourhood(channels, window, stride)),
    )
    const { constants, cut } = dependenciesOf(graph, nodes, isDecoder)
    this.#cut = cut
    this.weights = [...constants].sort().flatMap((name) => {
      const { dtype, shape } = this.weight(name)
      // Kernels and biases; what else is constant are factors of activations, axes and sizes.
      const isWeight = dtype === 'float32' && shape.length > 0
      return isWeight ? [{ name, shape, part: isDecoder(name) ? 'decoder' : 'trunk' }] : []
    })
  }

  features(pixels: tf.Tensor3D): tf.Tensor3D[] {
    return tf.tidy(() => this.#withContext(this.taps(pixels)))
  }

  taps(pixels: tf.Tensor3D): tf.Tensor3D[] {
    return tf.tidy(() => this.#runPixels(pixels, nodes).map(withoutBatch))
  }

  weight(name: string): tf.Tensor {
    const [weight] = this.#model.weights[name] ?? []
    if (weight === undefined)
      throw new Error(`The backbone has no weight '${name}'; its file is of another version.`)
    return weight
  }

  exchangeWeights(tensors: ReadonlyMap<string, tf.Tensor>): Map<string, tf.Tensor> {
    const before = new Map([...tensors.keys()].map((name) => [name, this.weight(name)]))
    for (const [name, tensor] of tensors) {
      const values = this.#model.weights[name]
      // The executor keeps its constants from disposal by this flag; a swapped one needs it as well.
      if (values !== undefined) values[0] = tf.keep(tensor)
    }
    return before
  }

  trunk(pixels: tf.Tensor3D): tf.Tensor4D[] {
    return this.#runPixels(pixels, this.#cut)
  }

  decode(trunk: readonly tf.Tensor4D[], size: number): tf.Tensor3D[] {
    this.#setSide(size)
    const given = Object.fromEntries(this.#cut.map((name, index) => [name, trunk[index]]))
    const wanted = nodes.filter((name) => !(name in given))
    return tf.tidy(() => {
      const decoded = this.#execute(given, wanted)
      const maps = nodes.map((name) => {
        const map = given[name] ?? decoded[wanted.indexOf(name)]
        if (map === undefined) throw new Error(`The backbone gave no map of '${name}'.`)
        return withoutBatch(map)
      })
      return this.#withContext(maps)
    })
  }

  detect(pixels: tf.Tensor3D): { readonly heat: tf.Tensor3D; readonly distances: tf.Tensor3D } {
    const [heat, distances] = tf.tidy(() => this.#runPixels(pixels, stockNodes).map(withoutBatch))
    if (heat === undefined || distances === undefined)
      throw new Error('The backbone has no stock detector; its file is of another version.')
    return { heat, distances }
  }

  dispose(): void {
    this.#model.dispose()
    for (const neighbourhood of this.#neighbourhoods) neighbourhood.dispose()
  }

  /** Appends what lies around the cells; there is a level of that for each of the taps. */
  #withContext(maps: readonly tf.Tensor3D[]): tf.Tensor3D[] {
    const around = this.#neighbourhoods.flatMap((neighbourhood, index) => {
      const map = maps[index]
      return map === undefined ? [] : [neighbourhood.means(map)]
    })
    return [...maps, ...around]
  }

  #runPixels(pixels: tf.Tensor3D, outputNodes: readonly string[]): tf.Tensor4D[] {
    const [side, other] = pixels.shape
    if (side !== other || side % this.inputMultiple !== 0) {
      throw new RangeError(
        `The backbone's input is ${side} x ${other} pixels; it must be square with sides a multiple of ${this.inputMultiple}.`,
      )
    }
    this.#setSide(side)
    return tf.tidy(() => this.#execute({ [inputNode]: tf.expandDims(pixels, 0) }, outputNodes))
  }

  #execute(inputs: Record<string, tf.Tensor>, outputNodes: readonly string[]): tf.Tensor4D[] {
    const outputs = this.#model.execute(inputs, [...outputNodes])
    return (Array.isArray(outputs) ? outputs : [outputs]) as tf.Tensor4D[]
  }

  #setSide(side: number): void {
    if (side === this.#side) return
    for (const { name, divisor } of sizeConstants) {
      const values = this.#model.weights[name]
      if (values === undefined)
        throw new Error(`The backbone has no constant '${name}'; its file is of another version.`)
      const size = side / divisor
      const replacement = tf.tensor1d([size, size], 'int32')
      // The executor keeps its constants from disposal by this flag; a swapped one needs it as well.
      tf.keep(replacement)
      values[0]?.dispose()
      values[0] = replacement
    }
    this.#side = side
  }
}

function isDecoder(name: string): boolean {
  return name.includes('CenternetHead/')
}

function withoutBatch(map: tf.Tensor4D): tf.Tensor3D {
  return tf.squeeze(map, [0])
}

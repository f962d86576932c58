import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import * as v from 'valibot'
import type { Backbone } from './backbone'

const inputNode = 'tower_0/images'

/** Joined at stride 8: trunk stride 8, trunk stride 16 (upsampled), decoder stride 8. */
const taps = [
  {
    node: 'tower_0/MobilenetV3/expanded_conv_6/expand/hard_swish/mul_1',
    channels: 192,
    coarseness: 1,
  },
  {
    node: 'tower_0/MobilenetV3/expanded_conv_12/expand/hard_swish/mul_1',
    channels: 528,
    coarseness: 2,
  },
  { node: 'tower_0/CenternetHead/concat_1', channels: 192, coarseness: 1 },
] as const

/** Constants that hold the size each upsampling step of the decoder aims at: input side over the divisor. */
const sizeConstants = [
  { name: 'tower_0/CenternetHead/c5_upsample/up_sampling2d/mul', divisor: 16 },
  { name: 'tower_0/CenternetHead/c4_upsample/up_sampling2d_1/mul', divisor: 8 },
  { name: 'tower_0/CenternetHead/c3_upsample/up_sampling2d_2/mul', divisor: 4 },
] as const

const modelSchema = v.looseObject({
  modelTopology: v.looseObject({
    node: v.array(
      v.looseObject({ name: v.string(), attr: v.optional(v.record(v.string(), v.unknown())) }),
    ),
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

  const model = await loadGraphModel(
    tf.io.fromMemory({
      modelTopology: file.modelTopology,
      weightSpecs: file.weightsManifest.flatMap(
        ({ weights }) => weights,
      ) as unknown as tf.io.WeightsManifestEntry[],
      weightData: await new Blob(parts).arrayBuffer(),
    }),
  )
  return new CenterNet(model)
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
  readonly id = 'centernet-mobilenetv3/s8+s16+d8'
  readonly stride = 8
  readonly taps = taps
  readonly inputMultiple = 32
  readonly #model: GraphModel
  #side: number | undefined

  constructor(model: GraphModel) {
    this.#model = model
  }

  features(pixels: tf.Tensor3D): tf.Tensor3D[] {
    const [side, other] = pixels.shape
    if (side !== other || side % this.inputMultiple !== 0) {
      throw new RangeError(
        `The backbone's input is ${side} x ${other} pixels; it must be square with sides a multiple of ${this.inputMultiple}.`,
      )
    }
    this.#setSide(side)
    return tf.tidy(() => {
      const outputs = this.#model.execute(
        { [inputNode]: tf.expandDims(pixels, 0) },
        taps.map(({ node }) => node),
      )
      return (Array.isArray(outputs) ? outputs : [outputs]).map((map) =>
        tf.squeeze<tf.Tensor3D>(map, [0]),
      )
    })
  }

  dispose(): void {
    this.#model.dispose()
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

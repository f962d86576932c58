import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
// The engine itself needs no gradients of tfjs: it writes its head's own.
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { afterAll, expect, it } from 'vitest'
import { relativeDeviation } from '../../../../src/engine/backend-probe'
import { chooseBackend } from '../../../../src/engine/backends'

const side = 64
const heads = ['tower_0/keypoints', 'tower_0/wh']
/** The same constants as the engine patches: the decoder's sizes follow the input's. */
const upsampling = [
  ['tower_0/CenternetHead/c5_upsample/up_sampling2d/mul', side / 16],
  ['tower_0/CenternetHead/c4_upsample/up_sampling2d_1/mul', side / 8],
  ['tower_0/CenternetHead/c3_upsample/up_sampling2d_2/mul', side / 4],
] as const

async function loadModel(): Promise<GraphModel> {
  const url = new URL('/models/centernet.json', location.href).href
  const artifacts = await tf.io.http(url).load?.()
  if (artifacts === undefined) throw new Error(`${url} could not be loaded.`)
  const { node } = artifacts.modelTopology as {
    node: { name: string; attr: Record<string, unknown> }[]
  }
  const input = node.find(({ name }) => name === 'tower_0/images')
  if (input !== undefined)
    input.attr['shape'] = { shape: { dim: ['1', '-1', '-1', '3'].map((size) => ({ size })) } }
  return loadGraphModel(tf.io.fromMemory(artifacts))
}

/** Gradients of the mean square of the stock head's outputs, with respect to all filters and biases of the network. */
async function gradients(backend: 'wasm' | 'cpu') {
  await chooseBackend(backend, () => undefined)
  const model = await loadModel()
  const variables: tf.Variable[] = []
  for (const [name, [weight]] of Object.entries(model.weights)) {
    const size = upsampling.find(([constant]) => constant === name)?.[1]
    if (size !== undefined) model.weights[name] = [tf.keep(tf.tensor1d([size, size], 'int32'))]
    else if (weight !== undefined && weight.dtype === 'float32' && weight.size > 1) {
      const variable = tf.variable(weight)
      // The executor disposes of what is not marked as kept.
      tf.keep(variable)
      model.weights[name] = [variable]
      variables.push(variable)
    }
  }
  const pixels = tf.tidy(() =>
    tf.reshape(tf.mul(tf.add(tf.sin(tf.mul(tf.range(0, side * side * 3), 0.05)), 1), 127), [
      1,
      side,
      side,
      3,
    ]),
  )
  const { grads } = tf.variableGrads(() => {
    const outputs = model.execute({ 'tower_0/images': pixels }, heads)
    const losses = (Array.isArray(outputs) ? outputs : [outputs]).map((output) =>
      tf.mean(tf.square(output)),
    )
    return tf.addN(losses) as tf.Scalar
  }, variables)
  const result = Object.values(grads).map((gradient) => Float32Array.from(gradient.dataSync()))
  tf.dispose([grads, pixels, variables])
  model.dispose()
  return result
}

afterAll(() => {
  void tf.setBackend('cpu')
})

it('reaches every weight of the network on WASM, with the numbers of the CPU', async () => {
  const actual = await gradients('wasm')
  const expected = await gradients('cpu')
  expect(expected.length).toBe(166)
  expect(actual.length).toBe(expected.length)
  const deviations = actual.map((gradient, index) => {
    const wanted = expected[index] ?? new Float32Array()
    // Constants of another branch than the two outputs'.
    const unused = wanted.every((value) => value === 0)
    return unused ? Math.max(...gradient.map(Math.abs)) : relativeDeviation(gradient, wanted)
  })
  expect(Math.max(...deviations)).toBeLessThan(1e-3)
})

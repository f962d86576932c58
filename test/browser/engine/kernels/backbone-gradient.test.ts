import * as tf from '@tensorflow/tfjs-core'
// The engine's own modules load the gradients of tfjs where they train.
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { afterAll, expect, it } from 'vitest'
import { relativeDeviation } from '../../../../src/engine/device/backend-probe'
import { chooseBackend } from '../../../../src/engine/device/backends'
import { loadCenterNet } from '../../../../src/engine/backbone/centernet'
import type { BackendName } from '../../../../src/engine/device/protocol'

/**
 * Numbers of the test's own making: `tf.sin` of large arguments differs between devices in its first digits, and the
 * network enlarges what its input differs by.
 */
function waves(size: number, phase: number): Float32Array {
  return Float32Array.from({ length: size }, (_, index) => Math.sin(index * 0.05 + phase))
}

interface Gradients {
  readonly names: readonly string[]
  readonly values: readonly Float32Array[]
}

/** Gradients of the sum of the feature maps times fixed numbers, with respect to all weights. */
async function gradients(name: BackendName, side: number): Promise<Gradients> {
  await chooseBackend(name, () => undefined)
  const before = tf.memory().numTensors
  const backbone = await loadCenterNet(new URL('/', location.href).href)
  const variables = new Map(
    backbone.weights.map((weight) => [weight.name, tf.variable(backbone.weight(weight.name))]),
  )
  const own = backbone.exchangeWeights(variables)
  const pixels = tf.tidy(() =>
    tf.mul<tf.Tensor3D>(tf.add(tf.tensor3d(waves(side * side * 3, 0), [side, side, 3]), 1), 127),
  )
  const { value, grads } = tf.variableGrads(
    () =>
      backbone
        .features(pixels)
        .map((map, tap) =>
          tf.sum<tf.Scalar>(tf.mul(map, tf.tensor(waves(map.size, tap), map.shape))),
        )
        // One by one: `addN` of as many needs more buffers than WebGPU grants a program, and zeros come of it.
        .reduce((sum, value) => tf.add(sum, value)),
    [...variables.values()],
  )
  const values = await Promise.all(
    [...variables.values()].map(async (variable) => {
      const gradient = grads[variable.name]
      return gradient === undefined ? new Float32Array() : Float32Array.from(await gradient.data())
    }),
  )
  backbone.exchangeWeights(own)
  tf.dispose([value, grads, pixels, ...variables.values()])
  backbone.dispose()
  expect(tf.memory().numTensors).toBe(before)
  return { names: [...variables.keys()], values }
}

afterAll(() => {
  void tf.setBackend('cpu')
})

// Small on WebGPU, whose software adapter first compiles hundreds of programs.
it.each([
  { name: 'wasm', side: 64 },
  { name: 'webgpu', side: 32 },
] as const)(
  'reaches every weight of the network on $name, with the numbers of the CPU',
  async ({ name, side }) => {
    const expected = await gradients('cpu', side)
    const actual = await gradients(name, side)
    expect(expected.names.length).toBe(144)
    expect(actual.names).toEqual(expected.names)
    const deviations = expected.names.map((weight, index) => {
      const [got, wanted] = [actual, expected].map(({ values }) => values[index])
      expect(got?.length, weight).toBe(wanted?.length)
      if (got === undefined || wanted === undefined) return Infinity
      // A squeeze whose units are all at rest has no gradient at all.
      const isZero = wanted.every((value) => value === 0)
      return isZero ? Math.max(...got.map(Math.abs)) : relativeDeviation(got, wanted)
    })
    // float32 sums in another order; measured were 1.4e-5 and 0.7e-5.
    expect(Math.max(...deviations)).toBeLessThan(1e-4)
  },
  120_000,
)

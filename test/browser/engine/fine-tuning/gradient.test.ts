/** The gradient of what a network makes of an image, with respect to all its weights. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, describe, expect, it } from 'vitest'
import type { TrainingDepth } from '../../../../src/core/detection/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import { relativeDeviation } from '../../../../src/engine/device/backend-probe'
import { chooseBackend } from '../../../../src/engine/device/backends'
import { loadCenterNet } from '../../../../src/engine/backbone/centernet'
import { parameterBlocks, startingVector } from '../../../../src/engine/fine-tuning/parameters'
import {
  TrainableNetwork,
  type CellJudge,
  type NetworkInput,
} from '../../../../src/engine/fine-tuning/trainable-network'
import type { BackendName } from '../../../../src/engine/device/protocol'
import { baseUrl, randomProjection } from './fixtures'

const size = 64

/** A network on a backend; `evaluate` judges some cells' features by a fixed linear function. */
async function onBackend(backend: BackendName, depth: TrainingDepth) {
  await chooseBackend(backend, () => undefined)
  const backbone = await loadCenterNet(baseUrl)
  const blocks = parameterBlocks(backbone, depth, 3)
  const projection = randomProjection(backbone, size)
  const vector = await startingVector(backbone, blocks, Float32Array.of(1, 2, 3), projection)
  const network = new TrainableNetwork(backbone, size, blocks)
  const random = seededRandom(4)
  const pixels = Float32Array.from({ length: size * size * 3 }, () => random.integer(256))
  const cellCount = (size / backbone.stride) ** 2
  const channels = projection.outputChannels
  const judged = random.shuffle([...Array(cellCount).keys()]).slice(0, cellCount / 2)
  const positions = Int32Array.from(judged)
  const weights = Float32Array.from({ length: judged.length * channels }, () => random.normal())
  let value = 0
  const judge = function* (features: Float32Array) {
    value = 0
    judged.forEach((cell, index) => {
      for (let channel = 0; channel < channels; channel++) {
        const feature = features[cell * channels + channel] ?? NaN
        value += feature * (weights[index * channels + channel] ?? 0)
      }
    })
    return { positions, gradient: weights }
  } satisfies CellJudge
  const evaluate = async (at: Float32Array, input: NetworkInput) => {
    network.load(at)
    const gradient = new Float32Array(at.length)
    const before = tf.memory().numTensors
    await network.addGradient(input, judge, 1, gradient)
    expect(tf.memory().numTensors).toBe(before)
    return { value, gradient }
  }
  const dispose = () => {
    network.dispose()
    backbone.dispose()
  }
  return { blocks, vector, pixels, network, evaluate, dispose }
}

afterAll(() => {
  void tf.setBackend('cpu')
})

describe('the gradient of the network', () => {
  it('is the slope of the judged value along any direction, for every part of the weights', async () => {
    const { blocks, vector, pixels, evaluate, dispose } = await onBackend('wasm', 'full')
    const input: NetworkInput = { kind: 'pixels', pixels }
    const { gradient } = await evaluate(vector, input)
    for (const part of ['projection', 'decoder', 'trunk'] as const) {
      // Uphill, in proportion to each block's own numbers, which differ by orders of magnitude.
      const direction = new Float32Array(vector.length)
      for (const { start, end } of blocks.filter((block) => block.part === part)) {
        const slopes = gradient.subarray(start, end)
        const scale = rms(vector.subarray(start, end)) / (rms(slopes) || 1)
        slopes.forEach((slope, at) => (direction[start + at] = scale * slope))
      }
      // Small enough for the curvature of fifty layers, large enough for single precision.
      const step = 2 ** -18
      const along = (sign: number) =>
        evaluate(
          vector.map((value, at) => value + sign * step * (direction[at] ?? 0)),
          input,
        )
      const numeric = ((await along(1)).value - (await along(-1)).value) / (2 * step)
      const analytic = gradient.reduce((sum, value, at) => sum + value * (direction[at] ?? 0), 0)
      expect(Math.abs(analytic / numeric - 1)).toBeLessThan(0.01)
    }
    expect(gradient.subarray(0, 3)).toEqual(new Float32Array(3))
    dispose()
  }, 60_000)

  it('begins at what the trunk made of the image where the trunk is not trained', async () => {
    const full = await onBackend('wasm', 'full')
    const whole = await full.evaluate(full.vector, { kind: 'pixels', pixels: full.pixels })
    full.dispose()
    const part = await onBackend('wasm', 'decoder')
    part.network.load(part.vector)
    const maps = await part.network.trunkMaps(part.pixels)
    const own = await part.evaluate(part.vector, { kind: 'trunk', maps })
    expect(own.value).toBeCloseTo(whole.value, 3)
    for (const { name, start, end } of part.blocks) {
      const same = full.blocks.find((block) => block.name === name)
      const expected = whole.gradient.subarray(same?.start, same?.end)
      if (name !== 'head')
        expect(relativeDeviation(own.gradient.subarray(start, end), expected)).toBeLessThan(1e-5)
    }
    expect(part.blocks.some((block) => block.part === 'trunk')).toBe(false)
    part.dispose()
  }, 60_000)

  it.each([
    ['wasm', 'full'],
    // From the trunk on: compiling the shaders of the whole network takes a software adapter most of a minute.
    ['webgpu', 'decoder'],
  ] as const)(
    'has on %s the numbers of the CPU at the depth %s',
    async (backend, depth) => {
      const onCpu = await onBackend('cpu', depth)
      const { pixels, vector } = onCpu
      onCpu.network.load(vector)
      const input: NetworkInput =
        depth === 'full'
          ? { kind: 'pixels', pixels }
          : { kind: 'trunk', maps: await onCpu.network.trunkMaps(pixels) }
      const expected = await onCpu.evaluate(vector, input)
      onCpu.dispose()
      const own = await onBackend(backend, depth)
      const actual = await own.evaluate(vector, input)
      own.dispose()
      expect(Math.abs(actual.value / expected.value - 1)).toBeLessThan(1e-3)
      const deviations = own.blocks.slice(1).map(({ name, start, end }) => {
        const found = actual.gradient.subarray(start, end)
        const wanted = expected.gradient.subarray(start, end)
        // Some units never answer: their slopes are zero.
        const isIdle = wanted.every((slope) => slope === 0)
        return {
          name,
          deviation: isIdle ? rms(found) : relativeDeviation(found, wanted),
        }
      })
      expect(deviations.length).toBeGreaterThan(20)
      expect(deviations.filter(({ deviation }) => !(deviation < 1e-3))).toEqual([])
    },
    60_000,
  )
})

function rms(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
}

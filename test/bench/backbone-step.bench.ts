/**
 * Back-propagation through the backbone on WASM at 320 px, one image: all its weights, and the decoder's alone behind a
 * trunk that is computed before. The loss is the sum of the feature maps times fixed random numbers.
 */
import * as tf from '@tensorflow/tfjs-core'
// Side effect only: the engine's own modules load them where they train.
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import type { Backbone, BackboneWeight } from '../../src/engine/backbone/backbone'
import { chooseBackend } from '../../src/engine/device/backends'
import { loadCenterNet } from '../../src/engine/backbone/centernet'
import { atMost, median, plain, type BenchOptions, type BenchResult } from './figure'

const size = 320
const warmUpSteps = 3
const measuredSteps = 15

export async function run(
  _options: BenchOptions,
  report: (text: string) => void,
): Promise<BenchResult> {
  const engine = await chooseBackend('wasm', () => undefined)
  const backbone = await loadCenterNet(new URL('/', location.href).href)
  const pixels = tf.randomUniform<tf.Rank.R3>([size, size, 3], 0, 255, 'float32', 1)
  const trunk = backbone.trunk(pixels)
  const factors = tf.tidy(() =>
    backbone
      .features(pixels)
      .map(({ shape }, index) => tf.randomNormal(shape, 0, 1, 'float32', 2 + index)),
  )
  const loss = (maps: readonly tf.Tensor3D[]): tf.Scalar =>
    tf.addN<tf.Scalar>(maps.map((map, index) => tf.sum(tf.mul(map, factors[index]))))

  const forward = milliseconds(() => {
    tf.tidy(() => backbone.features(pixels).forEach((map) => map.dataSync()))
  })
  const full = withVariables(backbone, ['trunk', 'decoder'], (variables) =>
    milliseconds(() => step(variables, () => loss(backbone.features(pixels)))),
  )
  const decoder = withVariables(backbone, ['decoder'], (variables) =>
    milliseconds(() => step(variables, () => loss(backbone.decode(trunk, size)))),
  )
  tf.dispose([pixels, trunk, factors])
  backbone.dispose()
  report(`fastest: forward ${least(forward)}, step ${least(full)}, decoder ${least(decoder)} ms`)
  return {
    engine,
    figures: [
      plain('backbone-forward-milliseconds', median(forward), 'ms'),
      atMost('backbone-step-milliseconds', median(full), 'ms', 400),
      atMost('decoder-step-milliseconds', median(decoder), 'ms', 150),
    ],
  }
}

/** The gradients, read as an optimiser would. */
function step(variables: tf.Variable[], loss: () => tf.Scalar): void {
  const { value, grads } = tf.variableGrads(loss, variables)
  for (const gradient of Object.values(grads)) gradient.dataSync()
  tf.dispose([value, grads])
}

function withVariables<Result>(
  backbone: Backbone,
  parts: readonly BackboneWeight['part'][],
  work: (variables: tf.Variable[]) => Result,
): Result {
  const variables = new Map(
    backbone.weights
      .filter(({ part }) => parts.includes(part))
      .map(({ name }) => [name, tf.variable(backbone.weight(name))]),
  )
  const before = backbone.exchangeWeights(variables)
  try {
    return work([...variables.values()])
  } finally {
    backbone.exchangeWeights(before)
    tf.dispose([...variables.values()])
  }
}

function milliseconds(work: () => void): number[] {
  const all = Array.from({ length: warmUpSteps + measuredSteps }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return all.slice(warmUpSteps)
}

function least(values: readonly number[]): string {
  return Math.min(...values).toFixed(1)
}

import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, it } from 'vitest'
import type { Backbone } from '../../../../src/engine/backbone'
import { chooseBackend } from '../../../../src/engine/backends'
import { loadCenterNet } from '../../../../src/engine/centernet'
import { baseUrl, makeTinySet, tinyRequest, trainTiny, type TinySet } from './fixtures'

let backbone: Backbone
let set: TinySet

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
  backbone = await loadCenterNet(baseUrl)
  set = await makeTinySet(backbone, 6)
}, 60_000)

afterAll(() => backbone.dispose())

it('try', async () => {
  const head = await trainTiny(backbone, set, tinyRequest(set, 'head', { steps: 60 }))
  console.log('head', head.losses.map((l) => l.toFixed(2)).join(' '))
  for (const depth of ['decoder', 'full'] as const) {
    const before = tf.memory().numTensors
    const t = performance.now()
    const run = await trainTiny(backbone, set, tinyRequest(set, depth))
    console.log(
      depth,
      (performance.now() - t) / 1000,
      tf.memory().numTensors - before,
      run.losses.map((l) => l.toFixed(2)).join(' '),
    )
  }
}, 120_000)

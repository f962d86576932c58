/** The backbone in parts, and with other weights. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../../../src/core/random/seeded'
import type { Backbone } from '../../../../src/engine/backbone/backbone'
import { chooseBackend } from '../../../../src/engine/device/backends'
import { loadCenterNet } from '../../../../src/engine/backbone/centernet'
import { expectNoLeakedTensors } from '../fixtures'

let backbone: Backbone
let pixels: tf.Tensor3D

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
  backbone = await loadCenterNet(new URL('/', location.href).href)
  const random = seededRandom(1)
  pixels = tf.tensor3d(
    Float32Array.from({ length: 96 * 96 * 3 }, () => random.integer(256)),
    [96, 96, 3],
  )
}, 60_000)

afterAll(() => {
  pixels.dispose()
  backbone.dispose()
})

/** Numbers of each map. */
const read = (maps: readonly tf.Tensor[]): Float32Array[] =>
  maps.map((map) => Float32Array.from(map.dataSync()))

describe('the backbone', () => {
  it('gives the same maps in two parts as in one', async () => {
    await expectNoLeakedTensors(async () => {
      const whole = backbone.features(pixels)
      const trunk = backbone.trunk(pixels)
      const parts = backbone.decode(trunk, 96)
      expect(parts.map(({ shape }) => shape)).toEqual(whole.map(({ shape }) => shape))
      expect(read(parts)).toEqual(read(whole))
      tf.dispose([whole, trunk, parts])
    })
  })

  it('names the kernels and biases that its maps depend on, most of them in the trunk', () => {
    const size = (part: string): number =>
      backbone.weights
        .filter((weight) => weight.part === part)
        .reduce((sum, { shape }) => sum + tf.util.sizeFromShape([...shape]), 0)
    expect(backbone.weights.every(({ shape }) => [1, 4].includes(shape.length))).toBe(true)
    expect(size('trunk')).toBeGreaterThan(1e6)
    expect(size('decoder')).toBeGreaterThan(1e5)
    expect(size('decoder')).toBeLessThan(size('trunk') / 4)
  })

  it('computes with exchanged weights, of the decoder only what the decoder makes, and takes them back', () => {
    const stock = backbone.features(pixels)
    const before = read(stock)
    const doubled = new Map(
      backbone.weights
        .filter(({ part }) => part === 'decoder')
        .map(({ name }) => [name, tf.mul(backbone.weight(name), 2)]),
    )
    const originals = backbone.exchangeWeights(doubled)
    const other = backbone.features(pixels)
    const changed = read(other).map(
      (map, index) => !map.every((value, at) => value === before[index]?.[at]),
    )
    // Every level has trunk taps first, then those of the decoder.
    expect(changed).toContain(true)
    expect(changed[0]).toBe(false)
    backbone.exchangeWeights(originals)
    const again = backbone.features(pixels)
    expect(read(again)).toEqual(before)
    tf.dispose([stock, other, again, [...doubled.values()]])
  })
})

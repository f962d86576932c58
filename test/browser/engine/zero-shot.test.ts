/** The stock detector with its real weights, against the boxes that its own graph computes. */
import { loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Box } from '../../../src/core/geometry/box'
import { clipBox } from '../../../src/core/geometry/overlap'
import type { Backbone } from '../../../src/engine/backbone/backbone'
import { chooseBackend } from '../../../src/engine/device/backends'
import { loadCenterNet } from '../../../src/engine/backbone/centernet'
import { decodeImage, Letterboxer } from '../../../src/engine/backbone/letterboxed-image'
import { proposeZeroShot } from '../../../src/engine/backbone/zero-shot'
import { renderShelf, shelfScene } from '../../../src/synth'
import { expectNoLeakedTensors, id } from './fixtures'

const baseUrl = new URL('/', location.href).href
let backbone: Backbone
let image: { readonly imageId: ReturnType<typeof id>; readonly blob: Blob }

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
  backbone = await loadCenterNet(baseUrl)
  image = { imageId: id('shelf'), blob: await renderShelf(shelfScene(3, 0)) }
}, 120_000)

afterAll(() => backbone.dispose())

describe('zero-shot proposals', () => {
  it("hold the best boxes of the graph's own decoding, which has no suppression", async () => {
    const { width, height } = shelfScene(3, 0)
    const { pixels } = new Letterboxer(512).place(await decodeImage(image))
    const original = await loadGraphModel(`${baseUrl}models/centernet.json`)
    const input = tf.tensor4d(pixels, [1, 512, 512, 3])
    const answer = original.execute({ 'tower_0/images': input }, 'tower_0/detections') as tf.Tensor
    // Rows of left, top, right, bottom, score, class.
    const [first = []] = ((await answer.array()) as number[][][])[0] ?? []
    tf.dispose([input, answer])
    original.dispose()

    const { named } = await proposeZeroShot(backbone, image, 100)
    const [left = NaN, top = NaN, right = NaN, bottom = NaN, score = NaN, cocoClass] = first
    const scale = Math.max(width, height) / 512
    const placed: Box = {
      x: left * scale - (Math.max(width, height) - width) / 2,
      y: top * scale - (Math.max(width, height) - height) / 2,
      width: (right - left) * scale,
      height: (bottom - top) * scale,
    }
    const expected = clipBox(placed, width, height)
    expect(named[0]?.score).toBeCloseTo(score, 5)
    expect(named[0]?.cocoClass).toBe(cocoClass)
    for (const side of ['x', 'y', 'width', 'height'] as const)
      expect(named[0]?.box[side]).toBeCloseTo(expected?.[side] ?? NaN, 2)
  })

  it('are in order, within the limit, and leave no tensors behind', async () => {
    await expectNoLeakedTensors(async () => {
      const { named, agnostic } = await proposeZeroShot(backbone, image, 5)
      for (const list of [named, agnostic]) {
        const scores = list.map(({ score }) => score)
        expect(scores).toHaveLength(5)
        expect(scores).toEqual(scores.toSorted((a, b) => b - a))
      }
      // The best agnostic peak is the best peak of any class.
      expect(agnostic[0]?.score).toBe(named[0]?.score)
    })
  })

  it('tell of a file that is no image', async () => {
    const broken = { imageId: id('broken'), blob: new Blob(['no image'], { type: 'image/png' }) }
    await expect(proposeZeroShot(backbone, broken, 5)).rejects.toThrow('cannot be decoded')
  })
})

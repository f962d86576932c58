import { loadGraphModel } from '@tensorflow/tfjs-converter'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyCell } from '../../../src/core/detection/cell-features'
import { imageCells } from '../../../src/core/detection/targets'
import { createLetterbox } from '../../../src/core/geometry/letterbox'
import { seededRandom } from '../../../src/core/random/seeded'
import type { Backbone } from '../../../src/engine/backbone/backbone'
import { chooseBackend } from '../../../src/engine/device/backends'
import { loadCenterNet } from '../../../src/engine/backbone/centernet'
import { decodeImage, Letterboxer } from '../../../src/engine/backbone/letterboxed-image'
import { embedImages, fitProjection } from '../../../src/engine/features/embed'
import { FeatureStore } from '../../../src/engine/features/feature-store'
import { joinedFeatures } from '../../../src/engine/backbone/joined-features'
import { codeScale } from '../../../src/engine/features/projector'
import type { EmbedEvent, Projection } from '../../../src/engine/features/protocol'
import { drawScene, expectNoLeakedTensors, id, recordingContext, type DrawnImage } from './fixtures'

const inputSize = 160
const baseUrl = new URL('/', location.href).href
let backbone: Backbone
let scenes: DrawnImage[]
let projection: Projection

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
  backbone = await loadCenterNet(baseUrl)
  scenes = await Promise.all(Array.from({ length: 6 }, (_, index) => drawScene(index)))
  projection = await fitProjection(
    backbone,
    { images: scenes, inputSize, seed: 3 },
    recordingContext().context,
  )
}, 120_000)

afterAll(() => backbone.dispose())

function noise(size: number): tf.Tensor3D {
  const random = seededRandom(size)
  return tf.tensor3d(
    Float32Array.from({ length: size * size * 3 }, () => random.integer(256)),
    [size, size, 3],
  )
}

describe('the backbone', () => {
  it("answers at the file's own 512 px what the unpatched network does", async () => {
    const original = await loadGraphModel(`${baseUrl}models/centernet.json`)
    const input = noise(512)
    const ours = backbone.features(input)
    const nodes = [
      'tower_0/MobilenetV3/expanded_conv_6/expand/hard_swish/mul_1',
      'tower_0/CenternetHead/c3_reverse/3x3/separable_conv2d/depthwise',
      'tower_0/MobilenetV3/expanded_conv_12/expand/hard_swish/mul_1',
      'tower_0/CenternetHead/c4_upsample/add',
    ]
    const theirs = original.execute(
      { 'tower_0/images': tf.expandDims(input, 0) },
      nodes,
    ) as tf.Tensor[]
    for (const [index, tensor] of theirs.entries()) {
      const expected = await tensor.data()
      const actual = await ours[index]?.data()
      expect(actual).toEqual(expected)
    }
    tf.dispose([input, ours, theirs])
    original.dispose()
  })

  it.each([96, 160, 320])('gives maps of the right size for an input of %i px', (size) => {
    const input = noise(size)
    const maps = backbone.features(input)
    expect(maps.map(({ shape }) => shape)).toEqual([
      [size / 8, size / 8, 192],
      [size / 8, size / 8, 24],
      [size / 16, size / 16, 528],
      [size / 16, size / 16, 96],
      // The means around the cells, of the fine taps and of the coarse ones.
      [size / 16, size / 16, 192],
      [size / 16, size / 16, 24],
      [size / 16, size / 16, 528],
      [size / 16, size / 16, 96],
    ])
    tf.dispose([input, maps])
  })

  it('refuses sides it cannot halve five times', () => {
    const input = noise(100)
    expect(() => backbone.features(input)).toThrow('multiple of 32')
    input.dispose()
  })

  it('says which file is missing', async () => {
    await expect(loadCenterNet(`${baseUrl}nowhere/`)).rejects.toThrow(
      'nowhere/models/centernet.json',
    )
  })
})

describe('the projection', () => {
  it('is the same for a seed and has its own name for every input size', async () => {
    const again = await fitProjection(
      backbone,
      { images: scenes, inputSize, seed: 3 },
      recordingContext().context,
    )
    expect(again).toEqual(projection)
    const larger = { images: scenes.slice(0, 2), inputSize: 192, seed: 3 }
    expect((await fitProjection(backbone, larger, recordingContext().context)).id).not.toBe(
      projection.id,
    )
  })

  it('whitens: the cells it was fitted on have mean 0 and, uncorrelated, variance 1', async () => {
    const store = new FeatureStore()
    await embedImages(
      backbone,
      store,
      { images: scenes, projection },
      recordingContext<EmbedEvent>().context,
    )
    const channels = [0, 1, 2, 3]
    const columns: number[][] = channels.map(() => [])
    for (const { imageId } of scenes) {
      const features = store.get(imageId)
      const { imageWidth, imageHeight } = features
      const inside = imageCells(createLetterbox(imageWidth, imageHeight, inputSize), features)
      const cell = new Float32Array(features.channels)
      for (const index of inside.keys()) {
        if (inside[index] === 0) continue
        copyCell(features, features.codes, index, cell, 0)
        columns.forEach((column, position) => column.push(cell[channels[position] ?? 0] ?? 0))
      }
    }
    const mean = (values: number[]): number =>
      values.reduce((sum, value) => sum + value, 0) / values.length
    for (const [i, a] of columns.entries()) {
      expect(Math.abs(mean(a))).toBeLessThan(0.05)
      for (const [j, b] of columns.entries()) {
        const covariance = mean(a.map((value, index) => value * (b[index] ?? 0)))
        expect(Math.abs(covariance - (i === j ? 1 : 0))).toBeLessThan(0.05)
      }
    }
  })

  it('may be applied before interpolating: the codes are those of the joined map', async () => {
    const [scene] = scenes
    if (scene === undefined) throw new Error('no scene')
    const store = new FeatureStore()
    await embedImages(
      backbone,
      store,
      { images: [scene], projection },
      recordingContext<EmbedEvent>().context,
    )
    const image = new Letterboxer(inputSize).place(await decodeImage(scene))
    const expected = tf.tidy(() => {
      const joined = joinedFeatures(backbone, image)
      const cells = tf.reshape(joined, [-1, projection.inputChannels])
      const matrix = tf.tensor2d(projection.matrix, [
        projection.inputChannels,
        projection.outputChannels,
      ])
      return tf.add(tf.matMul(cells, matrix), tf.tensor1d(projection.offset))
    })
    const values = await expected.data()
    const features = store.get(scene.imageId)
    const { channels } = features
    const cell = new Float32Array(channels)
    // What the codes cut off is cut off before it is interpolated; channels where that happens are left out.
    const largest = new Float32Array(channels)
    values.forEach((value, index) => {
      largest[index % channels] = Math.max(largest[index % channels] ?? 0, Math.abs(value))
    })
    const whole = [...largest.keys()].filter((channel) => (largest[channel] ?? NaN) < 6)
    expect(whole.length).toBeGreaterThan(channels / 2)
    let worst = 0
    for (let index = 0; index < values.length / channels; index++) {
      copyCell(features, features.codes, index, cell, 0)
      for (const channel of whole) {
        const value = values[index * channels + channel] ?? NaN
        worst = Math.max(worst, Math.abs(value - (cell[channel] ?? NaN)))
      }
    }
    expect(worst).toBeLessThan(codeScale * 0.55)
    expected.dispose()
  })

  it('refuses an input size the backbone cannot take, and a projection of another backbone', async () => {
    const context = recordingContext<EmbedEvent>().context
    const params = { images: scenes, inputSize: 100, seed: 1 }
    await expect(fitProjection(backbone, params, recordingContext().context)).rejects.toThrow(
      'multiple of 32',
    )
    const foreign = { ...projection, inputChannels: 7 }
    await expect(
      embedImages(backbone, new FeatureStore(), { images: scenes, projection: foreign }, context),
    ).rejects.toThrow('7 channels')
  })

  it('cannot be fitted when no image is whole', async () => {
    const images = [
      { imageId: id('text'), blob: new Blob(['not an image'], { type: 'image/jpeg' }) },
    ]
    await expect(
      fitProjection(backbone, { images, inputSize, seed: 1 }, recordingContext().context),
    ).rejects.toThrow('none of the images could be decoded')
  })
})

describe('embedding', () => {
  it('reports each image, goes on after a broken one, and leaves no tensor behind', async () => {
    const [first, second] = scenes
    if (first === undefined || second === undefined) throw new Error('no scenes')
    const truncated = { imageId: id('truncated'), blob: first.blob.slice(0, 200) }
    const empty = { imageId: id('empty'), blob: new Blob([]) }
    const text = { imageId: id('text'), blob: new Blob(['hello'], { type: 'image/jpeg' }) }
    const { context, events } = recordingContext<EmbedEvent>()
    const store = new FeatureStore()
    await expectNoLeakedTensors(async () => {
      const images = [empty, first, truncated, text, second]
      expect(await embedImages(backbone, store, { images, projection }, context)).toEqual({
        embedded: 2,
        failed: 3,
      })
    })
    expect(events.map(({ kind, done }) => `${kind} ${done}`)).toEqual([
      'failed 1',
      'embedded 2',
      'failed 3',
      'failed 4',
      'embedded 5',
    ])
    const messages = events.flatMap((event) => (event.kind === 'failed' ? [event.message] : []))
    expect(messages[0]).toContain('Image empty cannot be decoded (0 bytes')
    expect(store.has(first.imageId, projection.id)).toBe(true)
    expect(store.has(text.imageId, projection.id)).toBe(false)
  })

  it('turns a photo by its EXIF orientation once', async () => {
    const canvas = new OffscreenCanvas(120, 60)
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no 2d context')
    context.fillStyle = '#fff'
    context.fillRect(0, 0, 120, 60)
    context.fillStyle = '#f00'
    context.fillRect(0, 0, 30, 30) // top left as stored; top right when shown by orientation 6
    const jpeg = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 })
    const image = { imageId: id('turned'), blob: await withOrientation(jpeg, 6) }
    const { imageWidth, imageHeight, pixels } = new Letterboxer(120).place(await decodeImage(image))
    expect([imageWidth, imageHeight]).toEqual([60, 120])
    const at = (x: number, y: number): number[] => [
      ...pixels.slice((y * 120 + x) * 3, (y * 120 + x) * 3 + 3),
    ]
    // The portrait lies at x 30..90 of the square.
    const [red = 0, green = 255] = at(80, 10)
    expect(red).toBeGreaterThan(200)
    expect(green).toBeLessThan(80)
    expect(at(40, 10)[1]).toBeGreaterThan(200)
    expect(at(10, 60)).toEqual([128, 128, 128])
  })
})

/** The JPEG with an EXIF block that holds nothing but the orientation. */
async function withOrientation(jpeg: Blob, orientation: number): Promise<Blob> {
  const tiff = [
    0x4d,
    0x4d,
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    0x01,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    orientation,
    0,
    0,
    0,
    0,
    0,
    0,
  ]
  const exif = [0x45, 0x78, 0x69, 0x66, 0, 0, ...tiff]
  const segment = Uint8Array.from([0xff, 0xe1, 0, exif.length + 2, ...exif])
  return new Blob([jpeg.slice(0, 2), segment, jpeg.slice(2)], { type: 'image/jpeg' })
}

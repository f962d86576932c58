import * as tf from '@tensorflow/tfjs-core'
import { expect } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import type { ModelSettings } from '../../../src/core/detection/types'
import { seededRandom } from '../../../src/core/random/seeded'
import { FeatureStore } from '../../../src/engine/features/feature-store'
import type { EmbedImage } from '../../../src/engine/backbone/protocol'
import type { FeatureMap } from '../../../src/engine/features/protocol'
import type { TrainRequest } from '../../../src/engine/head/protocol'
import type { HandlerContext } from '../../../src/rpc/types'

export const id = (name: string): ImageId => name as ImageId
export const [disc, square] = ['disc', 'square'] as [CategoryId, CategoryId]

/** A handler's context that keeps what was emitted. */
export function recordingContext<Event>(controller = new AbortController()) {
  const events: Event[] = []
  const context: HandlerContext<Event> = {
    signal: controller.signal,
    emit: (event) => events.push(event),
  }
  return { context, events, controller }
}

/** Fails when `work` leaves tensors behind, whether it succeeds or not. */
export async function expectNoLeakedTensors(work: () => Promise<unknown>): Promise<void> {
  const before = tf.memory().numTensors
  await work()
  expect(tf.memory().numTensors).toBe(before)
}

const grid = { rows: 8, columns: 8, channels: 6, stride: 8 }

/**
 * Features without any network: channel 0 marks discs, channel 1 squares, both smeared over the object; the others are
 * noise. Two objects an image, at different places.
 */
export function syntheticTraining(imageCount: number): {
  store: FeatureStore
  request: TrainRequest
} {
  const random = seededRandom(11)
  const store = new FeatureStore()
  const side = grid.rows * grid.stride
  const examples = Array.from({ length: imageCount }, (_, index) => {
    const imageId = id(`image-${index}`)
    const codes = Int8Array.from({ length: grid.rows * grid.columns * grid.channels }, () =>
      Math.round(10 * random.normal()),
    )
    const boxes = [disc, square].map((categoryId, channel) => {
      const row = 1 + random.integer(6)
      const column = 1 + random.integer(2) + channel * 4
      for (let y = row - 1; y <= row + 1; y++) {
        for (let x = column - 1; x <= column + 1; x++) {
          const centre = y === row && x === column
          codes[(y * grid.columns + x) * grid.channels + channel] = centre ? 100 : 45
        }
      }
      const size = 20
      const middle = (cell: number): number => (cell + 0.5) * grid.stride - size / 2
      const box = { x: middle(column), y: middle(row), width: size, height: size }
      return { categoryId, box, crowd: false }
    })
    const features: FeatureMap = {
      ...grid,
      levels: [{ coarseness: 1, channels: grid.channels }],
      imageId,
      projectionId: 'synthetic',
      codes,
      scale: 1 / 32,
      imageWidth: side,
      imageHeight: side,
    }
    store.set(features)
    return { imageId, boxes }
  })
  const settings: ModelSettings = {
    inputSize: side,
    committee: 2,
    steps: 25,
    hidden: 8,
    learningRate: 0.02,
    start: 'scratch',
    depth: 'head',
    views: 0,
  }
  return { store, request: { examples, categories: [disc, square], settings, seed: 5 } }
}

export interface DrawnImage extends EmbedImage {
  readonly boxes: TrainRequest['examples'][number]['boxes']
}

/** A PNG with one red disc and one blue square on a mottled ground. */
export async function drawScene(index: number, width = 192, height = 144): Promise<DrawnImage> {
  const random = seededRandom(1000 + index)
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no 2d context')
  context.fillStyle = '#d8d2c8'
  context.fillRect(0, 0, width, height)
  for (let spot = 0; spot < 60; spot++) {
    context.fillStyle = `hsl(${random.integer(360)} 20% ${50 + random.integer(40)}%)`
    context.fillRect(random.integer(width), random.integer(height), 4, 4)
  }
  const size = 36
  const boxes = [disc, square].map((categoryId, position) => {
    const x = 4 + random.integer(width / 2 - size - 8) + (position * width) / 2
    const y = 4 + random.integer(height - size - 8)
    context.fillStyle = categoryId === disc ? '#c8201c' : '#2038c0'
    context.beginPath()
    if (categoryId === disc) context.arc(x + size / 2, y + size / 2, size / 2, 0, 7)
    else context.rect(x, y, size, size)
    context.fill()
    return { categoryId, box: { x, y, width: size, height: size }, crowd: false }
  })
  return {
    imageId: id(`scene-${index}`),
    blob: await canvas.convertToBlob({ type: 'image/png' }),
    boxes,
  }
}

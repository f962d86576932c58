/** The same training gives the same head: bit by bit on one backend with any number of threads, in its figures on all. */
import { getThreadsCount, setThreadsCount } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { CategoryId } from '../../../src/core/dataset/types'
import { defaultModelSettings } from '../../../src/core/detection/model-settings'
import { evaluateDetections } from '../../../src/core/evaluation/evaluate'
import { chooseBackend } from '../../../src/engine/device/backends'
import { loadCenterNet } from '../../../src/engine/backbone/centernet'
import { embedImages, fitProjection } from '../../../src/engine/features/embed'
import { FeatureStore } from '../../../src/engine/features/feature-store'
import { defaultMinScore, Predictor } from '../../../src/engine/head/predict'
import type { BackendName } from '../../../src/engine/device/protocol'
import type { Projection } from '../../../src/engine/features/protocol'
import type { TrainEvent, TrainedHead } from '../../../src/engine/head/protocol'
import { defaultRecipe, trainHead } from '../../../src/engine/head/train'
import { renderShelf, shelfScene } from '../../../src/synth'
import { id, recordingContext } from './fixtures'

const baseUrl = new URL('/', location.href).href
/** One for all products: the rare ones are on few of so few shelves. */
const product = 'product' as CategoryId
const trainingImages = 8
const testImages = 8

type Shelf = Awaited<ReturnType<typeof drawShelf>>
let shelves: Shelf[]
let projection: Projection
/** Of the WASM backend. */
let features: FeatureStore

/** A drawn shelf with its exact boxes. */
async function drawShelf(index: number) {
  const scene = shelfScene(5, index)
  const boxes = scene.objects.map(({ box }) => ({ categoryId: product, box, crowd: false }))
  return { imageId: id(`shelf-${index}`), blob: await renderShelf(scene), boxes }
}

beforeAll(async () => {
  const count = trainingImages + testImages
  shelves = await Promise.all(Array.from({ length: count }, (_, index) => drawShelf(index)))
  await chooseBackend('wasm', () => undefined)
  features = await embed()
}, 120_000)

/** Embeds all shelves on the current backend; the first to do so fits the projection, as in a project. */
async function embed(): Promise<FeatureStore> {
  const backbone = await loadCenterNet(baseUrl)
  const store = new FeatureStore()
  const { context } = recordingContext()
  const { inputSize } = settings
  try {
    projection ??= await fitProjection(backbone, { images: shelves, inputSize, seed: 1 }, context)
    await embedImages(backbone, store, { images: shelves, projection }, context)
    return store
  } finally {
    backbone.dispose()
  }
}

const settings = {
  ...defaultModelSettings,
  inputSize: 192,
  committee: 2,
  hidden: 32,
  steps: 60,
  views: 0,
}
/** Small steps, for the slowest backends; hard negatives are searched for twice. */
const recipe = { ...defaultRecipe, imagesPerStep: 4, searchedImages: 8, hardNegativeInterval: 20 }

function train(store: FeatureStore, change = {}, initial?: TrainedHead): Promise<TrainedHead> {
  const request = {
    examples: shelves.slice(0, trainingImages).map(({ imageId, boxes }) => ({ imageId, boxes })),
    categories: [product],
    settings: { ...settings, ...change },
    seed: 1,
    initial,
  }
  return trainHead(request, store, recordingContext<TrainEvent>().context, recipe)
}

/** AP of a head on the shelves it was not shown. */
async function measure(head: TrainedHead, store: FeatureStore) {
  const predictor = new Predictor(head)
  try {
    const images = []
    for (const { imageId, boxes } of shelves.slice(trainingImages)) {
      const { detections } = await predictor.predict(store.get(imageId), defaultMinScore)
      images.push({ imageId, truth: boxes, detections })
    }
    const { ap, ap50 } = evaluateDetections(images, [product]).metrics
    return { ap: ap ?? NaN, ap50: ap50 ?? NaN }
  } finally {
    predictor.dispose()
  }
}

describe('two runs with one seed', () => {
  it.each<BackendName>(['wasm', 'cpu', 'webgpu'])('have the same digest on %s', async (backend) => {
    await chooseBackend(backend, () => undefined)
    const short = { steps: 6, hidden: 8 }
    const first = await train(features, short)
    expect((await train(features, short)).digest).toBe(first.digest)
    const warm = { ...short, start: 'warm' }
    const second = await train(features, warm, first)
    expect((await train(features, warm, first)).digest).toBe(second.digest)
    expect(second.digest).not.toBe(first.digest)
  })
})

describe('threads of the WASM backend', () => {
  const name = (count: number): string => `wasm-${count}`
  const counts = [1, 2, 4]

  beforeAll(() => {
    // The backend takes no more threads than half of these.
    vi.spyOn(navigator, 'hardwareConcurrency', 'get').mockReturnValue(8)
    for (const count of counts)
      tf.registerBackend(name(count), () => tf.findBackendFactory('wasm')(), 0)
  })

  afterAll(async () => {
    vi.restoreAllMocks()
    setThreadsCount(-1)
    await tf.setBackend('wasm')
    for (const count of counts) tf.removeBackend(name(count))
  })

  it('share the work without changing any bit of the head', async () => {
    const digests = new Set<string>()
    for (const count of counts) {
      tf.copyRegisteredKernels('wasm', name(count))
      setThreadsCount(count)
      await tf.setBackend(name(count))
      expect(getThreadsCount()).toBe(count)
      digests.add((await train(features, { steps: 25, hidden: 64, committee: 5 })).digest)
    }
    expect(digests.size).toBe(1)
  })
})

describe('the average precision', () => {
  let reference: { readonly ap: number; readonly ap50: number }

  beforeAll(async () => {
    await chooseBackend('wasm', () => undefined)
    reference = await measure(await train(features), features)
  })

  it('says on WASM that the detector has learned something', () => {
    expect(reference.ap50).toBeGreaterThan(0.2)
  })

  it('is the same on the CPU within 0.02, embedding included', async () => {
    await chooseBackend('cpu', () => undefined)
    const store = await embed()
    const own = await measure(await train(store), store)
    expect(Math.abs(own.ap - reference.ap)).toBeLessThan(0.02)
    expect(Math.abs(own.ap50 - reference.ap50)).toBeLessThan(0.02)
  }, 180_000)

  it('is the same on WebGPU within 0.02, for the same features', async () => {
    await chooseBackend('webgpu', () => undefined)
    const own = await measure(await train(features), features)
    expect(Math.abs(own.ap - reference.ap)).toBeLessThan(0.02)
    expect(Math.abs(own.ap50 - reference.ap50)).toBeLessThan(0.02)
  }, 180_000)
})

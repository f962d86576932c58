/** One suite for every backend: the engine's calls give the CPU's numbers, leave no tensor behind, and need no more memory the longer they run. */
import { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ParameterValues } from '../../../src/core/acquisition/types'
import { seededRandom } from '../../../src/core/random/seeded'
import { relativeDeviation } from '../../../src/engine/device/backend-probe'
import { loadCenterNet } from '../../../src/engine/backbone/centernet'
import { decodeImage, Letterboxer } from '../../../src/engine/backbone/letterboxed-image'
import { embedImages } from '../../../src/engine/features/embed'
import { createEngine } from '../../../src/engine/engine'
import { FeatureStore } from '../../../src/engine/features/feature-store'
import { rawOutputs, uploadMapHead } from '../../../src/engine/head/committee-outputs'
import { headGradient } from '../../../src/engine/head/gradient'
import { initialParameters, shapeOf, unpackHead } from '../../../src/engine/head/head'
import { tapFeatures } from '../../../src/engine/backbone/joined-features'
import { Predictor } from '../../../src/engine/head/predict'
import type { EngineMethods } from '../../../src/engine/protocol'
import type { BackendName, ProgressEvent } from '../../../src/engine/device/protocol'
import type { EmbedEvent, Projection } from '../../../src/engine/features/protocol'
import type { TrainEvent, TrainRequest, TrainedHead } from '../../../src/engine/head/protocol'
import { defaultRecipe, trainHead } from '../../../src/engine/head/train'
import { createSharedBatch, createTrainingSet } from '../../../src/engine/head/training-set'
import { shareImages } from '../../../src/engine/head/shares'
import type { HandlerContext } from '../../../src/rpc/types'
import {
  drawScene,
  expectNoLeakedTensors,
  id,
  recordingContext,
  syntheticTraining,
  type DrawnImage,
} from './fixtures'

const baseUrl = new URL('/', location.href).href
/** Small, for the slowest backend; every layer of the network is there all the same. */
const inputSize = 64
/** Of the largest number the CPU backend gives. */
const tolerance = 1e-3
/** The CPU first: the others are compared with it. */
const backends: readonly BackendName[] = ['cpu', 'wasm', 'webgpu']

interface Numbers {
  readonly taps: readonly Float32Array[]
  readonly codes: Int8Array
  readonly loss: number
  readonly gradient: Float32Array
  readonly outputs: Float32Array
  readonly detections: Awaited<ReturnType<Predictor['predict']>>['detections']
}

const engine = createEngine()
let scenes: DrawnImage[]
/** Fitted and trained on the CPU. */
let projection: Projection
let head: TrainedHead
let expected: Numbers

beforeAll(async () => {
  scenes = await Promise.all([drawScene(0), drawScene(1)])
})

type Call = (context: HandlerContext<unknown>) => Promise<unknown>

/** A call of the engine, and how it comes to its end. */
interface EngineCall {
  readonly name: string
  readonly done: Call
  /** Done on WASM only: too slow on the others. */
  readonly slow?: boolean
  /** Fails, half-way where it can. */
  readonly failed: Call
  readonly reason: string
  /** Takes long enough to be cancelled after so many events, where `done` does not. */
  readonly endless?: Call
  /** 0 is before it starts. */
  readonly events: number
}

const broken = { imageId: id('broken'), blob: new Blob(['no image'], { type: 'image/png' }) }
const { request } = syntheticTraining(4)
const imageIds = request.examples.map(({ imageId }) => imageId)

/** The request with some steps at a learning rate. */
function training(steps: number, learningRate = request.settings.learningRate): TrainRequest {
  return { ...request, settings: { ...request.settings, steps, learningRate } }
}

let renamed = 0
/** The head under a name of its own, so that nothing is known of the images yet. */
function renamedHead(): TrainedHead {
  renamed += 1
  const weights = head.weights.map((weight) => ({ ...weight, name: `${weight.name} ${renamed}` }))
  return { ...head, weights }
}

/** Two images labelled, two not. */
function querying(parameters: ParameterValues): EngineMethods['acquire']['params'] {
  const queried = request.examples.map(({ imageId, boxes }) => ({
    imageId,
    key: imageId,
    truth: boxes,
  }))
  return {
    head: renamedHead(),
    strategyId: 'entropy',
    parameters,
    batchSize: 1,
    seed: 1,
    rounds: 1,
    labeled: queried.slice(0, 2),
    unlabeled: queried.slice(2),
    categories: request.categories.map((categoryId) => ({ id: categoryId, name: categoryId })),
    cost: { secondsPerImage: 7, secondsPerBox: 7 },
  }
}

const called = async (result: unknown): Promise<unknown> => result

const calls: readonly EngineCall[] = [
  {
    name: 'fitProjection',
    done: (context) =>
      called(engine.fitProjection({ images: scenes.slice(1), inputSize, seed: 1 }, context)),
    endless: (context) =>
      called(engine.fitProjection({ images: scenes, inputSize, seed: 1 }, context)),
    failed: (context) =>
      called(engine.fitProjection({ images: [broken], inputSize, seed: 1 }, context)),
    reason: 'none of the images could be decoded',
    events: 1,
  },
  {
    name: 'embed',
    done: (context) => called(engine.embed({ images: scenes, projection }, context)),
    failed: (context) => {
      const foreign = { ...projection, inputChannels: 7 }
      return called(engine.embed({ images: scenes, projection: foreign }, context))
    },
    reason: '7 channels',
    events: 1,
  },
  {
    name: 'train',
    done: (context) => called(engine.train(training(3), context)),
    failed: (context) => called(engine.train(training(3, 1e30), context)),
    reason: 'diverged',
    endless: (context) => called(engine.train(training(100_000), context)),
    events: 5,
  },
  {
    name: 'predict',
    done: (context) => called(engine.predict({ head, imageIds }, context)),
    failed: (context) => {
      const foreign = { ...head, projectionId: 'other' }
      return called(engine.predict({ head: foreign, imageIds }, context))
    },
    reason: 'projection synthetic',
    events: 1,
  },
  {
    name: 'gather',
    done: (context) =>
      called(engine.gather({ head: renamedHead(), strategyId: 'pal', imageIds }, context)),
    failed: (context) => {
      const foreign = { ...renamedHead(), weights: head.weights.slice(1) }
      return called(engine.gather({ head: foreign, strategyId: 'pal', imageIds }, context))
    },
    reason: 'train it again',
    events: 1,
  },
  {
    name: 'acquire',
    done: (context) => called(engine.acquire(querying({}), context)),
    failed: (context) => called(engine.acquire(querying({ aggregation: 'odd' }), context)),
    reason: 'choose one of',
    events: 1,
  },
  {
    name: 'proposeZeroShot',
    done: (context) => called(engine.proposeZeroShot({ image: scenes[0] ?? broken }, context)),
    slow: true,
    failed: (context) => called(engine.proposeZeroShot({ image: broken }, context)),
    reason: 'cannot be decoded',
    events: 0,
  },
]

interface MemorySample {
  readonly tensors: number
  readonly bytes: number
  /** On the graphics card; 0 elsewhere. */
  readonly graphicsBytes: number
  /** Of the WASM module; 0 elsewhere. */
  readonly heapBytes: number
}

/** The whole memory of the module, which tfjs's types leave out. */
function heapOf({ wasm }: BackendWasm): Uint8Array {
  return (wasm as unknown as { readonly HEAPU8: Uint8Array }).HEAPU8
}

function sampleMemory(): MemorySample {
  const memory = tf.memory() as tf.MemoryInfo & { readonly numBytesInGPU?: number }
  const backend = tf.backend()
  return {
    tensors: memory.numTensors,
    bytes: memory.numBytes,
    graphicsBytes: memory.numBytesInGPU ?? 0,
    heapBytes: backend instanceof BackendWasm ? heapOf(backend).byteLength : 0,
  }
}

async function compute(): Promise<Numbers> {
  const [scene] = scenes
  if (scene === undefined) throw new Error('no scene')
  const backbone = await loadCenterNet(baseUrl)
  const maps = tapFeatures(backbone, new Letterboxer(inputSize).place(await decodeImage(scene)))
  const taps = await Promise.all(maps.map(async (map) => new Float32Array(await map.data())))
  tf.dispose(maps)
  const embedded = new FeatureStore()
  const images = [scene]
  const { context } = recordingContext<EmbedEvent>()
  await embedImages(backbone, embedded, { images, projection }, context)
  backbone.dispose()

  const { store } = syntheticTraining(4)
  const shape = shapeOf(head)
  const { images: all } = createTrainingSet(request, store)
  const labeled = shareImages(all, shape.members, 3, () => all).map((share) =>
    share.map(({ views: [itself] }) => itself),
  )
  const random = seededRandom(3)
  const { cellLimits } = defaultRecipe
  const batch = createSharedBatch(labeled, cellLimits, 0.1, random.fork('cells'))
  const parameters = initialParameters(shape, [0.3, 0.3, 0.3, 0.3], random.fork('weights'))
  const dropout = Float32Array.from({ length: batch.cellCount * shape.hidden }, (_, index) =>
    index % 10 === 0 ? 0 : 1 / 0.9,
  )
  const { loss, gradient } = await headGradient(shape, parameters, batch, dropout)

  const features = store.get(id('image-0'))
  const tensors = uploadMapHead(shape, unpackHead(head), features.levels)
  const outputs = await rawOutputs(tensors, features)
  tf.dispose(tensors)
  const predictor = new Predictor(head)
  const { detections } = await predictor.predict(features, 0.05)
  predictor.dispose()
  return { taps, codes: embedded.get(scene.imageId).codes, loss, gradient, outputs, detections }
}

describe.each(backends)('the engine on %s', (backend) => {
  let numbers: Numbers

  beforeAll(async () => {
    const started = { signal: new AbortController().signal, emit: () => undefined }
    await engine.start({ baseUrl, backend }, started)
    if (backend === 'cpu') {
      projection = await engine.fitProjection(
        { images: scenes, inputSize, seed: 1 },
        recordingContext<ProgressEvent>().context,
      )
      const { store } = syntheticTraining(4)
      head = await trainHead(training(40), store, recordingContext<TrainEvent>().context)
    }
    numbers = await compute()
    if (backend === 'cpu') expected = numbers
  }, 180_000)

  describe("has the CPU's numbers", () => {
    it('of every feature map, and of its codes but for rounding', () => {
      expect(numbers.taps).toHaveLength(expected.taps.length)
      numbers.taps.forEach((tap, index) => {
        expect(relativeDeviation(tap, expected.taps[index] ?? new Float32Array(0))).toBeLessThan(
          tolerance,
        )
      })
      const differences = numbers.codes.map((code, index) =>
        Math.abs(code - (expected.codes[index] ?? NaN)),
      )
      expect(Math.max(...differences)).toBeLessThanOrEqual(1)
      // Only a value within 1e-3 of the border between two codes may fall on its other side.
      const moved = differences.filter((difference) => difference > 0).length
      expect(moved / differences.length).toBeLessThan(0.02)
    })

    it('of a training step', () => {
      expect(Math.abs(numbers.loss / expected.loss - 1)).toBeLessThan(tolerance)
      expect(expected.gradient.some((slope) => slope !== 0)).toBe(true)
      expect(relativeDeviation(numbers.gradient, expected.gradient)).toBeLessThan(tolerance)
    })

    it("of a head's outputs, and of the boxes left after suppression", () => {
      expect(relativeDeviation(numbers.outputs, expected.outputs)).toBeLessThan(tolerance)
      expect(expected.detections.length).toBeGreaterThan(1)
      expect(numbers.detections).toHaveLength(expected.detections.length)
      numbers.detections.forEach(({ box, categoryId, score }, index) => {
        const other = expected.detections[index]
        expect(categoryId).toBe(other?.categoryId)
        expect(Math.abs(score - (other?.score ?? NaN))).toBeLessThan(tolerance)
        for (const side of ['x', 'y', 'width', 'height'] as const)
          expect(Math.abs(box[side] - (other?.box[side] ?? NaN))).toBeLessThan(64 * tolerance)
      })
    })
  })

  describe('leaves no tensor behind', () => {
    beforeAll(() => {
      const { store } = syntheticTraining(4)
      const features = imageIds.map((imageId) => store.get(imageId))
      void engine.loadFeatures({ features }, recordingContext<never>().context)
    })

    it.for(calls)('when $name is done', async ({ done, slow }, { skip }) => {
      skip(slow === true && backend !== 'wasm', 'a network run at 512 px takes half a minute here')
      await expectNoLeakedTensors(() => done(recordingContext().context))
    })

    it.for(calls)('when $name fails', async ({ failed, reason }) => {
      await expectNoLeakedTensors(() =>
        expect(failed(recordingContext().context)).rejects.toThrow(reason),
      )
    })

    it.for(calls)('when $name is cancelled', async ({ done, endless = done, events }) => {
      const controller = new AbortController()
      const cancel = (): void => controller.abort(new DOMException('Enough', 'AbortError'))
      let left = events
      if (left === 0) cancel()
      const emit = (): void => {
        left -= 1
        if (left === 0) cancel()
      }
      await expectNoLeakedTensors(() =>
        expect(endless({ signal: controller.signal, emit })).rejects.toThrow('Enough'),
      )
    })
  })

  it('needs no more memory after 200 training steps than after a few', async () => {
    const { store } = syntheticTraining(4)
    const settings = { ...request.settings, committee: 1, steps: 200 }
    const samples: MemorySample[] = []
    const emit = (event: TrainEvent): void => {
      if (event.kind === 'step') samples.push(sampleMemory())
    }
    const context = { signal: new AbortController().signal, emit }
    // Batches differ in size by what their images hold; these limits make all alike.
    const cellLimits = { positives: 8, hardNegatives: 8, randomNegatives: 8 }
    const recipe = { ...defaultRecipe, cellLimits, hardNegativeInterval: 20 }
    await trainHead({ ...request, settings }, store, context, recipe)
    expect(samples).toHaveLength(200)
    const largest = (part: readonly MemorySample[], kind: keyof MemorySample): number =>
      Math.max(...part.map((sample) => sample[kind]))
    for (const kind of ['tensors', 'bytes', 'graphicsBytes', 'heapBytes'] as const) {
      // The first search for hard negatives, after 20 steps, is the last thing that is new.
      expect(largest(samples.slice(50), kind)).toBeLessThanOrEqual(
        largest(samples.slice(0, 50), kind),
      )
    }
  })
})

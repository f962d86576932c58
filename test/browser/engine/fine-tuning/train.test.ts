/** Training below the head, on a few drawn scenes. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { TrainingDepth } from '../../../../src/core/detection/types'
import type { Backbone } from '../../../../src/engine/backbone/backbone'
import { chooseBackend } from '../../../../src/engine/device/backends'
import { loadCenterNet } from '../../../../src/engine/backbone/centernet'
import { embedImages } from '../../../../src/engine/features/embed'
import { FeatureStore } from '../../../../src/engine/features/feature-store'
import { trainDetector } from '../../../../src/engine/fine-tuning/train-detector'
import { withNetwork } from '../../../../src/engine/fine-tuning/with-network'
import { Predictor } from '../../../../src/engine/head/predict'
import type { EmbedEvent } from '../../../../src/engine/features/protocol'
import type { Checkpoint, TrainEvent, TrainedHead } from '../../../../src/engine/head/protocol'
import { disc, expectNoLeakedTensors, id, recordingContext, square } from '../fixtures'
import {
  baseUrl,
  makeTinySet,
  stillRecipes,
  tinyRecipes,
  tinyRequest,
  trainTiny,
  type TinySet,
} from './fixtures'

let backbone: Backbone
let set: TinySet

beforeAll(async () => {
  await chooseBackend('wasm', () => undefined)
  backbone = await loadCenterNet(baseUrl)
  set = await makeTinySet(backbone, 4)
}, 60_000)

afterAll(() => backbone.dispose())

afterEach(() => {
  vi.restoreAllMocks()
})

const lastMean = (losses: readonly number[]): number =>
  losses.slice(-8).reduce((sum, loss) => sum + loss, 0) / 8

/** Everything the backbone computes for a fixed image. */
function stockMaps(): Float32Array[] {
  const maps = tf.tidy(() => backbone.features(tf.fill([96, 96, 3], 90)))
  const values = maps.map((map) => Float32Array.from(map.dataSync()))
  tf.dispose(maps)
  return values
}

describe('on the same images and in as many steps', () => {
  it('decoder and full reach a lower loss than head, leave no tensor behind, and give the backbone back', async () => {
    const before = stockMaps()
    const steps = 240
    // Too few units to make up for features that do not suit the objects.
    const settings = { hidden: 3 }
    const train = (depth: TrainingDepth, own: number) =>
      trainTiny(backbone, set, tinyRequest(set, depth, { ...settings, steps: own }), stillRecipes)
    const head = await train('head', steps)
    const reached = { decoder: 0.99, full: 0.95 }
    for (const depth of ['decoder', 'full'] as const) {
      await expectNoLeakedTensors(async () => {
        const run = await train(depth, steps / 2)
        expect(run.losses).toHaveLength(steps)
        expect(lastMean(run.losses)).toBeLessThan(reached[depth] * lastMean(head.losses))
        const parts = new Set(
          run.head.tuned?.network?.map(
            ({ name }) => backbone.weights.find((weight) => weight.name === name)?.part,
          ),
        )
        expect(parts).toEqual(new Set(depth === 'full' ? ['decoder', 'trunk'] : ['decoder']))
      })
    }
    expect(stockMaps()).toEqual(before)
  }, 90_000)
})

describe('a head with a network of its own', () => {
  let head: TrainedHead

  beforeAll(async () => {
    head = (await trainTiny(backbone, set, tinyRequest(set, 'full', { steps: 100 }))).head
  }, 120_000)

  it('finds the objects in features that its network makes', async () => {
    const { tuned } = head
    if (tuned === undefined) throw new Error('nothing was tuned')
    expect(head.projectionId).toBe(tuned.id)
    expect(tuned.id).not.toBe(set.projection.id)
    const store = new FeatureStore()
    const params = { images: set.scenes, projection: tuned }
    const { context } = recordingContext<EmbedEvent>()
    await expectNoLeakedTensors(() =>
      withNetwork(backbone, tuned, () => embedImages(backbone, store, params, context)),
    )
    const predictor = new Predictor(head)
    for (const { imageId, boxes } of set.scenes) {
      const { detections } = await predictor.predict(store.get(imageId), 0.2)
      for (const { categoryId, box } of boxes) {
        const found = detections.find((detection) => detection.categoryId === categoryId)
        expect(Math.abs((found?.box.x ?? NaN) - box.x)).toBeLessThan(10)
        expect(Math.abs((found?.box.y ?? NaN) - box.y)).toBeLessThan(10)
      }
    }
    await expect(predictor.predict(set.store.get(id('scene-0')), 0.2)).rejects.toThrow('projection')
    predictor.dispose()
  })

  it('is where a warm start goes on from, at once with the network', async () => {
    const request = tinyRequest(set, 'full', { steps: 8, start: 'warm' })
    const { losses, events } = await trainTiny(backbone, set, { ...request, initial: head })
    const told = events.flatMap((event) => (event.kind === 'phase' ? [event.phase] : []))
    expect(told).toEqual(['tuning', 'finishing'])
    expect(losses).toHaveLength(4)
    const fresh = await trainTiny(backbone, set, tinyRequest(set, 'decoder', { steps: 4 }))
    expect(lastMean(losses)).toBeLessThan(0.6 * lastMean(fresh.losses))
  }, 60_000)

  it('cannot be started from at another depth', async () => {
    const request = tinyRequest(set, 'decoder', { start: 'warm' })
    await expect(trainTiny(backbone, set, { ...request, initial: head })).rejects.toThrow(
      'start from scratch',
    )
  })
})

describe('training the decoder', () => {
  it('reports its phases, and every step of both stages with the time left', async () => {
    const { events } = await trainTiny(backbone, set, tinyRequest(set, 'decoder', { steps: 3 }))
    const told = events.map((event) => {
      if (event.kind === 'phase') return event.phase
      return event.kind === 'step' ? `${event.step}/${event.steps}` : event.kind
    })
    expect(told).toEqual([
      ...['sampling', 'training', '1/6', '2/6', '3/6', 'checkpoint'],
      ...['tuning', '4/6', '5/6', '6/6', 'checkpoint', 'finishing'],
    ])
    const last = events.at(-3)
    expect(last).toMatchObject({ kind: 'step', secondsLeft: 0 })
  })

  it('gives the same weights for a seed and others for another', async () => {
    const request = tinyRequest(set, 'decoder', { steps: 6 })
    const [a, b] = [
      await trainTiny(backbone, set, request),
      await trainTiny(backbone, set, request),
    ]
    const c = await trainTiny(backbone, set, { ...request, seed: 6 })
    expect(a.head).toEqual(b.head)
    expect(a.head.digest).toBe(b.head.digest)
    expect(a.head.digest).not.toBe(c.head.digest)
    expect(a.head.projectionId).not.toBe(c.head.projectionId)
  })

  it('goes on from a checkpoint of either stage as if it had never stopped', async () => {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += 2000))
    const request = tinyRequest(set, 'decoder', { steps: 6 })
    const straight = await trainTiny(backbone, set, request)
    const checkpoints = checkpointsOf(straight.events)
    const stages = checkpoints.map(({ parameters }) => parameters.length)
    // Several of either stage.
    expect(new Set(stages).size).toBe(2)
    expect(stages.length).toBeGreaterThan(6)
    expect(checkpoints.at(-1)?.losses).toHaveLength(12)
    for (const checkpoint of checkpoints.filter((_, index) => index % 3 === 0)) {
      // As it comes back from storage.
      const resumed = await trainTiny(backbone, set, {
        ...request,
        checkpoint: structuredClone(checkpoint),
      })
      expect(resumed.events).toContainEqual({ kind: 'resumed', step: checkpoint.step })
      expect(resumed.head).toEqual(straight.head)
      expect(checkpointsOf(resumed.events).at(-1)?.losses ?? checkpoint.losses).toEqual(
        checkpoints.at(-1)?.losses,
      )
    }
  }, 60_000)

  it('is rolled back when it diverges, and recovers', async () => {
    const { tuning } = tinyRecipes
    const wild = { ...tuning, rates: { ...tuning.rates, decoder: 1e3 } }
    const recipes = { ...tinyRecipes, tuning: wild }
    const request = tinyRequest(set, 'decoder', { steps: 12 })
    const { events, head } = await trainTiny(backbone, set, request, recipes)
    expect(events.some(({ kind }) => kind === 'rolled-back')).toBe(true)
    for (const { values } of [...head.weights, ...(head.tuned?.network ?? [])])
      expect(values.every(Number.isFinite)).toBe(true)
  }, 60_000)

  it('stops between images when it is cancelled, and gives the backbone back', async () => {
    const before = stockMaps()
    const controller = new AbortController()
    const { context, events } = recordingContext<TrainEvent>(controller)
    const emit = (event: TrainEvent): void => {
      context.emit(event)
      if (event.kind === 'step' && event.step === 7)
        controller.abort(new DOMException('Cancelled', 'AbortError'))
    }
    await expectNoLeakedTensors(async () => {
      const request = tinyRequest(set, 'decoder', { steps: 5 })
      const training = trainDetector(
        backbone,
        request,
        set.store,
        { signal: controller.signal, emit },
        tinyRecipes,
      )
      await expect(training).rejects.toThrow('Cancelled')
    })
    expect(events.filter(({ kind }) => kind === 'step')).toHaveLength(7)
    expect(stockMaps()).toEqual(before)
  })

  it('needs the images, and the projection of their features', async () => {
    const request = tinyRequest(set, 'decoder', { steps: 1 })
    const { tuning } = request
    if (tuning === undefined) throw new Error('no inputs')
    await expect(trainTiny(backbone, set, { ...request, tuning: undefined })).rejects.toThrow(
      'needs the images',
    )
    const foreign = { ...tuning, projection: { ...tuning.projection, id: 'other' } }
    await expect(trainTiny(backbone, set, { ...request, tuning: foreign })).rejects.toThrow(
      'embed them again',
    )
    await expectNoLeakedTensors(() =>
      expect(
        trainTiny(backbone, set, { ...request, tuning: { ...tuning, images: [] } }),
      ).rejects.toThrow('the files of all examples'),
    )
  })

  it('learns from images that hold nothing, as long as one holds a box', async () => {
    const request = tinyRequest(set, 'decoder', { steps: 4 })
    const [first, ...others] = request.examples
    const examples = [...(first ? [first] : []), ...others.map((one) => ({ ...one, boxes: [] }))]
    const { losses, head } = await trainTiny(backbone, set, { ...request, examples })
    expect(losses.every(Number.isFinite)).toBe(true)
    expect(head.categories).toEqual([disc, square])
  })
})

describe('a step on WebGPU', () => {
  it('has the loss that it has on WASM, where the judge is asked within the one forward pass', async () => {
    const request = tinyRequest(set, 'decoder', { steps: 1 })
    const expected = await trainTiny(backbone, set, request)
    await chooseBackend('webgpu', () => undefined)
    try {
      await expectNoLeakedTensors(async () => {
        const { losses } = await trainTiny(backbone, set, request)
        expect(losses).toHaveLength(2)
        losses.forEach((loss, step) => {
          expect(Math.abs(loss / (expected.losses[step] ?? NaN) - 1)).toBeLessThan(1e-3)
        })
      })
    } finally {
      await chooseBackend('wasm', () => undefined)
    }
  }, 120_000)
})

const checkpointsOf = (events: readonly TrainEvent[]): Checkpoint[] =>
  events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint] : []))

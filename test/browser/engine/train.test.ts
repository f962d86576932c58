/** The same suite on every backend this browser offers: software adapters where there is no GPU, real kernels in any case. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { chooseBackend } from '../../../src/engine/device/backends'
import { Predictor } from '../../../src/engine/head/predict'
import type { BackendName } from '../../../src/engine/device/protocol'
import type { TrainEvent, TrainedHead } from '../../../src/engine/head/protocol'
import { trainHead } from '../../../src/engine/head/train'
import {
  disc,
  expectNoLeakedTensors,
  id,
  recordingContext,
  square,
  syntheticTraining,
} from './fixtures'

const losses = (events: readonly TrainEvent[]): number[] =>
  events.flatMap((event) => (event.kind === 'step' ? [event.loss] : []))

async function train(overrides: { steps?: number; learningRate?: number; seed?: number } = {}) {
  const { store, request } = syntheticTraining(6)
  const { seed = request.seed, ...settings } = overrides
  const { context, events } = recordingContext<TrainEvent>()
  const changed = { ...request, seed, settings: { ...request.settings, ...settings } }
  const head = await trainHead(changed, store, context)
  return { head, losses: losses(events), events, store }
}

const backends: BackendName[] = ['wasm', 'cpu', 'webgpu']
const firstLosses = new Map<BackendName, number[]>()

describe.each(backends)('training on %s', (backend) => {
  beforeAll(async () => {
    await chooseBackend(backend, () => undefined)
  })

  it('lowers the loss and leaves no tensor behind', async () => {
    await expectNoLeakedTensors(async () => {
      const run = await train()
      firstLosses.set(backend, run.losses)
      expect(run.losses).toHaveLength(25)
      expect(run.losses.at(-1)).toBeLessThan((run.losses[0] ?? 0) * 0.6)
    })
  })

  it('has the losses of the WASM backend within 1e-3', () => {
    const reference = firstLosses.get('wasm') ?? []
    expect(reference).toHaveLength(25)
    const own = firstLosses.get(backend) ?? []
    own.forEach((loss, step) => {
      expect(Math.abs(loss / (reference[step] ?? NaN) - 1)).toBeLessThan(1e-3)
    })
  })
})

describe('training', () => {
  beforeAll(async () => {
    await chooseBackend('wasm', () => undefined)
  })

  it('reports its phases and every step with the time left', async () => {
    const { events } = await train({ steps: 4 })
    const told = events.map((event) => {
      if (event.kind === 'phase') return event.phase
      return event.kind === 'step' ? event.step : event.kind
    })
    expect(told).toEqual(['sampling', 'training', 1, 2, 3, 4, 'checkpoint', 'finishing'])
    const last = events.at(-3)
    expect(last).toMatchObject({ kind: 'step', steps: 4, secondsLeft: 0 })
  })

  it('gives the same weights for a seed and others for another', async () => {
    const [a, b, c] = [await train(), await train(), await train({ seed: 6 })]
    expect(a.head).toEqual(b.head)
    expect(a.head.weights[0]?.values).not.toEqual(c.head.weights[0]?.values)
  })

  it('finds the objects it was shown, each with its class and box', async () => {
    const { head, store } = await train({ steps: 150 })
    const { request } = syntheticTraining(6)
    const predictor = new Predictor(head)
    for (const { imageId, boxes } of request.examples) {
      const { detections } = await predictor.predict(store.get(imageId), 0.3)
      for (const { categoryId, box } of boxes) {
        const found = detections.find((detection) => detection.categoryId === categoryId)
        expect(Math.abs((found?.box.x ?? NaN) - box.x)).toBeLessThan(4)
        expect(Math.abs((found?.box.width ?? NaN) - box.width)).toBeLessThan(5)
        expect(found?.memberScores).toHaveLength(2)
        expect(found?.classProbabilities).toHaveLength(2)
      }
    }
    predictor.dispose()
  })

  it('predicts without leaving tensors behind, and refuses features of another projection', async () => {
    const { head, store } = await train({ steps: 2 })
    const features = store.get(id('image-0'))
    await expectNoLeakedTensors(async () => {
      const predictor = new Predictor(head)
      await predictor.predict(features, 0.01)
      const foreign = { ...features, projectionId: 'other' }
      await expect(predictor.predict(foreign, 0.01)).rejects.toThrow('projection other')
      predictor.dispose()
    })
  })

  it('refuses a stored head whose arrays do not fit its settings', async () => {
    const { head } = await train({ steps: 1 })
    const broken: TrainedHead = { ...head, settings: { ...head.settings, hidden: 9 } }
    expect(() => new Predictor(broken)).toThrow('train it again')
  })

  it('stops between steps when it is cancelled, leaving no tensor behind', async () => {
    const { store, request } = syntheticTraining(6)
    const { context, events, controller } = recordingContext<TrainEvent>()
    const long = { ...request, settings: { ...request.settings, steps: 100_000 } }
    await expectNoLeakedTensors(async () => {
      const training = trainHead(long, store, context)
      setTimeout(() => controller.abort(new DOMException('Cancelled', 'AbortError')), 100)
      await expect(training).rejects.toThrow('Cancelled')
    })
    expect(losses(events).length).toBeLessThan(100_000)
  })

  it('says so when the loss is not a number', async () => {
    const before = tf.memory().numTensors
    await expect(train({ learningRate: 1e30 })).rejects.toThrow(
      /diverged at step \d+ of 25.*learning rate/,
    )
    expect(tf.memory().numTensors).toBe(before)
  })

  it.each([
    ['no image', { examples: [] }, 'label some images first'],
    ['no box', { examples: [{ imageId: id('image-0'), boxes: [] }] }, 'draw at least one box'],
    ['an unknown category', { categories: [disc] }, 'category square'],
    [
      'an image without features',
      { examples: [{ imageId: id('absent'), boxes: [] }] },
      'Image absent has no features',
    ],
  ])('refuses to train on %s', async (_, change, message) => {
    const { store, request } = syntheticTraining(2)
    const { context } = recordingContext<TrainEvent>()
    await expect(trainHead({ ...request, ...change }, store, context)).rejects.toThrow(message)
  })

  it('learns from images that hold nothing, as long as one holds a box', async () => {
    const { store, request } = syntheticTraining(3)
    const [first, ...others] = request.examples
    const examples = [
      ...others.map((example) => ({ ...example, boxes: [] })),
      ...(first ? [first] : []),
    ]
    const { context, events } = recordingContext<TrainEvent>()
    const head = await trainHead(
      { ...request, examples, categories: [disc, square] },
      store,
      context,
    )
    expect(losses(events).every(Number.isFinite)).toBe(true)
    expect(head.weights).toHaveLength(8)
  })
})

/** The engine as the page uses it: a real worker behind the typed client. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ModelSettings } from '../../../src/core/detection/types'
import { createEngineClient } from '../../../src/engine/client'
import type { EngineInfo } from '../../../src/engine/device/protocol'
import type { EmbedEvent, Projection } from '../../../src/engine/features/protocol'
import type { TrainRequest } from '../../../src/engine/head/protocol'
import { disc, drawScene, id, square, type DrawnImage } from './fixtures'

const baseUrl = new URL('/', location.href).href
const inputSize = 160
const settings: ModelSettings = {
  inputSize,
  committee: 3,
  steps: 80,
  hidden: 16,
  learningRate: 0.01,
  start: 'scratch',
  depth: 'head',
  views: 0,
}
const engine = createEngineClient()
let info: EngineInfo
let training: DrawnImage[]
let held: DrawnImage[]
let projection: Projection

const request = (steps = settings.steps): TrainRequest => ({
  examples: training.map(({ imageId, boxes }) => ({ imageId, boxes })),
  categories: [disc, square],
  settings: { ...settings, steps },
  seed: 1,
})

beforeAll(async () => {
  const scenes = await Promise.all(Array.from({ length: 16 }, (_, index) => drawScene(index)))
  training = scenes.slice(0, 10)
  held = scenes.slice(10)
  info = await engine.call('start', { baseUrl })
  projection = await engine.call('fitProjection', { images: training, inputSize, seed: 1 })
  await engine.call('embed', { images: scenes, projection })
}, 120_000)

afterAll(() => engine.close())

describe('the engine worker', () => {
  it('measures every backend and takes the fastest that agrees with the CPU', () => {
    expect(info.probes.map(({ name }) => name).toSorted()).toEqual([
      'cpu',
      'wasm',
      'webgl',
      'webgpu',
    ])
    const chosen = info.probes.find(({ name }) => name === info.backend)
    expect(chosen?.problem).toBeUndefined()
    for (const { gflops, deviation, problem } of info.probes) {
      if (problem === undefined) {
        expect(deviation).toBeLessThan(5e-3)
        expect(gflops).toBeLessThanOrEqual(chosen?.gflops ?? 0)
      } else {
        expect(gflops).toBeUndefined()
        expect(problem).not.toBe('')
      }
    }
  })

  it('learns to detect objects in images it was not shown', async () => {
    const head = await engine.call('train', request())
    const imageIds = held.map(({ imageId }) => imageId)
    const predictions = await engine.call('predict', { head, imageIds })
    expect(predictions.map(({ imageId }) => imageId)).toEqual(imageIds)
    for (const { detections } of predictions) {
      const scores = detections.map(({ score }) => score)
      expect(scores).toEqual(scores.toSorted((a, b) => b - a))
    }
    const { metrics } = await engine.call('evaluate', {
      images: predictions.map(({ imageId, detections }) => ({
        imageId,
        detections,
        truth: held.find((image) => image.imageId === imageId)?.boxes ?? [],
      })),
      categories: [disc, square],
    })
    expect(metrics.ap50).toBeGreaterThan(0.9)
  })

  it('predicts the same from features that were stored and loaded again', async () => {
    const head = await engine.call('train', request(10))
    const kept: Extract<EmbedEvent, { kind: 'embedded' }>[] = []
    await engine.call(
      'embed',
      { images: held, projection },
      {
        onEvent: (event) => {
          if (event.kind === 'embedded') kept.push(event)
        },
      },
    )
    const imageIds = held.map(({ imageId }) => imageId)
    const before = await engine.call('predict', { head, imageIds })
    await engine.call('clearFeatures', undefined)
    expect(await engine.call('missingFeatures', { imageIds, projectionId: projection.id })).toEqual(
      imageIds,
    )
    await expect(engine.call('predict', { head, imageIds })).rejects.toThrow('has no features')

    await engine.call('loadFeatures', {
      features: kept.map(({ features }) => structuredClone(features)),
    })
    expect(await engine.call('missingFeatures', { imageIds, projectionId: projection.id })).toEqual(
      [],
    )
    expect(await engine.call('missingFeatures', { imageIds, projectionId: 'other' })).toEqual(
      imageIds,
    )
    expect(await engine.call('predict', { head, imageIds })).toEqual(before)
    await engine.call('embed', { images: training, projection })
  })

  it('learns from other views of the images, whose features come back with theirs', async () => {
    const kept: Extract<EmbedEvent, { kind: 'embedded' }>[] = []
    const images = training
    const onEvent = (event: EmbedEvent) => {
      if (event.kind === 'embedded') kept.push(event)
    }
    const imageIds = images.map(({ imageId }) => imageId)
    const projectionId = projection.id
    const withViews = { ...request(20), settings: { ...settings, steps: 20, views: 2 } }
    await expect(engine.call('train', withViews)).rejects.toThrow('features of 0 views')
    expect(await engine.call('holdFeatures', { imageIds, projectionId, views: 2 })).toEqual(
      imageIds,
    )

    await engine.call('embed', { images, projection, views: 2 }, { onEvent })
    expect(await engine.call('holdFeatures', { imageIds, projectionId, views: 2 })).toEqual([])
    for (const { features } of kept) {
      expect(features.views?.map(({ mirrored }) => mirrored)).toEqual([true, false])
      for (const { codes } of features.views ?? []) {
        expect(codes).toHaveLength(features.codes.length)
        expect(codes).not.toEqual(features.codes)
      }
    }
    const head = await engine.call('train', withViews)
    await engine.call('clearFeatures', undefined)
    await engine.call('loadFeatures', { features: kept.map(({ features }) => features) })
    expect((await engine.call('train', withViews)).digest).toBe(head.digest)
    // Views that are there but not asked for teach nothing.
    const plain = await engine.call('train', request(20))
    expect(plain.digest).not.toBe(head.digest)
    await engine.call('embed', { images: training, projection })
    expect((await engine.call('train', request(20))).digest).toBe(plain.digest)
    await engine.call('embed', { images: held, projection })
  })

  it('stops a training when the page cancels it, and then goes on working', async () => {
    const controller = new AbortController()
    let steps = 0
    const long = engine.call('train', request(100_000), {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === 'step' && ++steps === 3) controller.abort()
      },
    })
    await expect(long).rejects.toThrow(/abort/i)
    // Calls are answered in turn, so this one ends only if the worker has really stopped the long one.
    const head = await engine.call('train', request(2))
    expect(head.weights).toHaveLength(12)
  })

  it('does not start a call that was cancelled while it waited', async () => {
    const controller = new AbortController()
    const first = engine.call('train', request(5))
    const events: EmbedEvent[] = []
    const second = engine.call(
      'embed',
      { images: held, projection },
      {
        signal: controller.signal,
        onEvent: (event) => events.push(event),
      },
    )
    controller.abort()
    await expect(second).rejects.toThrow(/abort/i)
    await first
    await engine.call('predict', { head: await first, imageIds: [id('scene-0')] })
    expect(events).toEqual([])
  })

  it('passes errors on in words', async () => {
    const unknown = { ...request(), categories: [disc] }
    await expect(engine.call('train', unknown)).rejects.toThrow('category square')
  })
})

describe('an engine that was not started', () => {
  it('says what to do first', async () => {
    const fresh = createEngineClient()
    await expect(fresh.call('train', request())).rejects.toThrow("call 'start' first")
    fresh.close()
  })
})

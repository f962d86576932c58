/** Queries on the real engine: what strategies are told, and that the choice depends on nothing else. */
import { beforeAll, describe, expect, it } from 'vitest'
import { strategies } from '../../../src/core/acquisition/registry'
import type { AcquisitionNeed } from '../../../src/core/acquisition/types'
import type { ImageId } from '../../../src/core/dataset/types'
import type { Detection } from '../../../src/core/detection/types'
import { createEngine } from '../../../src/engine/engine'
import { FeatureStore } from '../../../src/engine/features/feature-store'
import { Finder } from '../../../src/engine/query/finder'
import { loadCenterNet } from '../../../src/engine/backbone/centernet'
import { embedMirrored } from '../../../src/engine/features/mirror-images'
import { poolMinScore } from '../../../src/core/detection/model-settings'
import { Predictor } from '../../../src/engine/head/predict'
import type { EngineMethods } from '../../../src/engine/protocol'
import type { BackendName, ProgressEvent } from '../../../src/engine/device/protocol'
import type { FeatureMap, Projection } from '../../../src/engine/features/protocol'
import type { TrainedHead } from '../../../src/engine/head/protocol'
import type { Acquisition } from '../../../src/engine/query/protocol'
import {
  disc,
  drawScene,
  expectNoLeakedTensors,
  id,
  recordingContext,
  square,
  type DrawnImage,
} from './fixtures'

type AcquireParams = EngineMethods['acquire']['params']

const baseUrl = new URL('/', location.href).href
const inputSize = 128
const store = new FeatureStore()
const engine = createEngine(store)
const quiet = () => recordingContext<ProgressEvent>().context
let labeled: DrawnImage[]
let unlabeled: DrawnImage[]
let projection: Projection
let head: TrainedHead
let maps: FeatureMap[]

async function startEngine(target: typeof engine, backend: BackendName): Promise<void> {
  await target.start({ baseUrl, backend }, recordingContext().context)
}

/** A file's content stands for it, as in the app; the order of the keys is not that of the images. */
const keyOf = (imageId: ImageId): ImageId => id(`${100 - Number(imageId.slice('scene-'.length))}`)

function queryOf(strategyId: string, changes: Partial<AcquireParams> = {}): AcquireParams {
  return {
    head,
    strategyId,
    parameters: {},
    batchSize: 3,
    seed: 7,
    rounds: 1,
    unlabeled: unlabeled.map(({ imageId }) => ({ imageId, key: keyOf(imageId) })),
    labeled: labeled.map(({ imageId, boxes }) => ({
      imageId,
      key: keyOf(imageId),
      truth: boxes,
    })),
    categories: [
      { id: disc, name: 'disc' },
      { id: square, name: 'square' },
    ],
    cost: { secondsPerImage: 7, secondsPerBox: 7 },
    mirror: { images: unlabeled, projection },
    ...changes,
  }
}

async function acquire(
  strategyId: string,
  changes: Partial<AcquireParams> = {},
  target = engine,
): Promise<Acquisition> {
  return target.acquire(queryOf(strategyId, changes), quiet())
}

/** An engine that has nothing but the features. */
async function freshEngine(features: readonly FeatureMap[] = maps): Promise<typeof engine> {
  const fresh = createEngine()
  await startEngine(fresh, 'wasm')
  await fresh.loadFeatures({ features }, recordingContext().context)
  return fresh
}

beforeAll(async () => {
  const scenes = await Promise.all(Array.from({ length: 16 }, (_, index) => drawScene(index)))
  labeled = scenes.slice(0, 8)
  unlabeled = scenes.slice(8)
  await startEngine(engine, 'wasm')
  projection = await engine.fitProjection({ images: scenes, inputSize, seed: 1 }, quiet())
  await engine.embed({ images: scenes, projection }, recordingContext().context)
  head = await engine.train(
    {
      examples: labeled.map(({ imageId, boxes }) => ({ imageId, boxes })),
      categories: [disc, square],
      settings: {
        inputSize,
        committee: 3,
        steps: 150,
        hidden: 16,
        learningRate: 0.01,
        start: 'scratch',
        depth: 'head',
        views: 0,
      },
      seed: 2,
    },
    recordingContext().context,
  )
  maps = scenes.map(({ imageId }) => store.get(imageId))
}, 120_000)

describe('a head', () => {
  it('tells which images each member never saw: they take turns', () => {
    expect(head.heldOut).toEqual(
      [0, 1, 2].map((member) =>
        labeled.filter((_, position) => position % 3 === member).map(({ imageId }) => imageId),
      ),
    )
  })

  it('cannot tell after a warm start, as the head before has seen them all', async () => {
    const examples = labeled.map(({ imageId, boxes }) => ({ imageId, boxes }))
    const settings = { ...head.settings, steps: 2, start: 'warm' as const }
    const warm = await engine.train(
      { examples, categories: head.categories, settings, seed: 2, initial: head },
      recordingContext().context,
    )
    expect(warm.heldOut).toBeUndefined()
  })
})

describe('what is found in an image', () => {
  const needs = (...list: AcquisitionNeed[]): ReadonlySet<AcquisitionNeed> => new Set(list)

  it('is out of fold what the one member sees that never trained on it', async () => {
    const finder = new Finder(head)
    const [, second] = maps
    const found = await finder.find(second, undefined, needs('out-of-fold'))
    finder.dispose()
    const alone = new Predictor({
      ...head,
      settings: { ...head.settings, committee: 1 },
      weights: head.weights.filter(({ name }) => name.startsWith('member-1/')),
    })
    const { detections } = await alone.predict(second, poolMinScore)
    alone.dispose()
    expect(detections.length).toBeGreaterThan(0)
    expect(found.outOfFold?.detections).toEqual(detections)
    expect(found.outOfFold?.support).toHaveLength(detections.length)
    for (const { memberScores } of found.outOfFold?.detections ?? [])
      expect(memberScores).toHaveLength(1)
  })

  it('is asked out of fold of labelled images only', () => {
    const finder = new Finder(head)
    expect([...finder.openNeeds(labeled[0].imageId, ['peaks'])]).toEqual(['out-of-fold', 'peaks'])
    expect([...finder.openNeeds(unlabeled[0].imageId, ['peaks', 'out-of-fold'])]).toEqual(['peaks'])
    finder.dispose()
  })

  it('is in the mirrored image the same, back in its place within a cell', async () => {
    const backbone = await loadCenterNet(baseUrl)
    const finder = new Finder(head)
    const best = (found: readonly Detection[] | undefined, categoryId: string): Detection => {
      const detection = found?.find((candidate) => candidate.categoryId === categoryId)
      if (detection === undefined) throw new Error(`no ${categoryId} found`)
      return detection
    }
    // Cells are 8 input pixels, and the image is larger than the input.
    const cell = (8 * 192) / inputSize
    let compared = 0
    for await (const mirror of embedMirrored(backbone, store, { images: unlabeled, projection })) {
      const features = store.get(mirror.imageId)
      const found = await finder.find(features, mirror, needs('mirrored'))
      for (const categoryId of [disc, square]) {
        const [a, b] = [best(found.detections, categoryId), best(found.mirrored, categoryId)]
        const centre = ({ box }: Detection) => [box.x + box.width / 2, box.y + box.height / 2]
        const [[x, y], [mirroredX, mirroredY]] = [centre(a), centre(b)]
        expect(Math.abs(x - mirroredX)).toBeLessThan(cell)
        expect(Math.abs(y - mirroredY)).toBeLessThan(cell)
        compared += 1
      }
    }
    finder.dispose()
    backbone.dispose()
    expect(compared).toBe(16)
  })

  it('is, of features, their mean over the image without the bars', async () => {
    // 16 x 16 cells for 192 x 144 pixels: rows 2 to 13 lie on the image. Channel 1 is of half the resolution.
    const codes = new Int8Array(256 + 64)
    for (let row = 0; row < 16; row++) codes.fill(row, row * 16, row * 16 + 16)
    for (let row = 0; row < 8; row++) codes.fill(10 * row, 256 + row * 8, 256 + row * 8 + 8)
    const levels = [
      { coarseness: 1, channels: 1 },
      { coarseness: 2, channels: 1 },
    ]
    const finder = new Finder(undefined)
    const map = { ...maps[0], rows: 16, columns: 16, channels: 2, stride: 8, levels, codes }
    const found = await finder.find({ ...map, scale: 0.5 }, undefined, needs('features'))
    finder.dispose()
    // Means of 2..13 and of 10..60, halved.
    expect([...(found.feature ?? [])]).toEqual([3.75, 17.5])
    expect(found.objectFeature).toBeUndefined()
  })
})

describe('a query', () => {
  it('chooses from the unlabelled images with every strategy, and says why', async () => {
    for (const { id: strategyId } of strategies) {
      const { picks, calibration } = await acquire(strategyId)
      expect(picks, strategyId).toHaveLength(3)
      expect(new Set(picks.map(({ imageId }) => imageId)).size).toBe(3)
      const pool = unlabeled.map(({ imageId }) => imageId)
      for (const { imageId, reason, score } of picks) {
        expect(pool).toContain(imageId)
        expect(reason).not.toBe('')
        expect(Number.isFinite(score)).toBe(true)
      }
      expect(calibration?.images).toBe(8)
    }
  })

  it('chooses the same again, in an engine that gathered in parts, whatever the order of the images', async () => {
    const fresh = await freshEngine()
    for (const { id: strategyId } of strategies) {
      const once = await acquire(strategyId)
      const imageIds = maps.map(({ imageId }) => imageId)
      const mirror = { images: unlabeled, projection }
      for (const part of [imageIds.slice(0, 5), imageIds.slice(5)])
        await fresh.gather({ head, strategyId, imageIds: part, mirror }, quiet())
      const { unlabeled: pool, labeled: known } = queryOf(strategyId)
      const turned = { unlabeled: pool.toReversed(), labeled: known.toReversed() }
      const again = await acquire(strategyId, turned, fresh)
      expect(again.picks, strategyId).toEqual(once.picks)
    }
  })

  it('draws by the keys, not by the ids', async () => {
    const ids = new Map(maps.map(({ imageId }, index) => [imageId, id(`other-${99 - index}`)]))
    const renamed = (imageId: ImageId): ImageId => ids.get(imageId) ?? imageId
    const fresh = await freshEngine(maps.map((map) => ({ ...map, imageId: renamed(map.imageId) })))
    for (const strategyId of ['random', 'entropy', 'core-set']) {
      const query = queryOf(strategyId)
      const here = await acquire(strategyId)
      const there = await acquire(
        strategyId,
        {
          unlabeled: query.unlabeled.map((item) => ({ ...item, imageId: renamed(item.imageId) })),
          labeled: query.labeled.map((item) => ({ ...item, imageId: renamed(item.imageId) })),
          head: { ...head, heldOut: head.heldOut?.map((list) => list.map(renamed)) },
        },
        fresh,
      )
      expect(there.picks.map(({ imageId }) => imageId)).toEqual(
        here.picks.map(({ imageId }) => renamed(imageId)),
      )
    }
  })

  it('is answered from what was predicted, without looking at the images again', async () => {
    const own = new FeatureStore()
    const fresh = createEngine(own)
    await startEngine(fresh, 'wasm')
    await fresh.loadFeatures({ features: maps }, recordingContext().context)
    const imageIds = unlabeled.map(({ imageId }) => imageId)
    await fresh.predict({ head, imageIds, minScore: poolMinScore }, quiet())
    own.clear()
    expect(await fresh.gather({ head, strategyId: 'entropy', imageIds }, quiet())).toEqual([])
    // Another strategy wants more of them.
    expect(await fresh.gather({ head, strategyId: 'bald', imageIds }, quiet())).toEqual(imageIds)
  })

  it('says which images it can tell nothing of, and lets them be asked for all the same', async () => {
    const fresh = await freshEngine(maps.slice(0, 14))
    const imageIds = unlabeled.map(({ imageId }) => imageId)
    const query = { head, strategyId: 'consistency', imageIds }
    expect(new Set(await fresh.gather(query, quiet()))).toEqual(new Set(imageIds))
    const mirror = { images: unlabeled, projection }
    expect(await fresh.gather({ ...query, mirror }, quiet())).toEqual(imageIds.slice(6))
    const { picks } = await acquire('consistency', { batchSize: 8, mirror }, fresh)
    expect(new Set(picks.map(({ imageId }) => imageId))).toEqual(new Set(imageIds))
  })

  it('needs no model: features alone will do, or nothing', async () => {
    const fresh = await freshEngine()
    const cold = { head: undefined, projectionId: projection.id, labeled: [], rounds: 0 }
    const typical = await acquire('typiclust', cold, fresh)
    expect(typical.picks).toHaveLength(3)
    expect(typical.calibration).toBeUndefined()
    // Not what it chooses when it is told nothing at all.
    const blind = await acquire('typiclust', { ...cold, projectionId: undefined }, fresh)
    expect(blind.picks).toHaveLength(3)
    expect(blind.picks).not.toEqual(typical.picks)
  })

  it('chooses the same on WASM and on the CPU', async () => {
    const wanted = strategies.filter(({ needs }) => !needs.includes('mirrored'))
    const chosen = await Promise.all(
      wanted.map(async ({ id: strategyId }) => (await acquire(strategyId)).picks),
    )
    const onCpu = createEngine()
    await startEngine(onCpu, 'cpu')
    try {
      await onCpu.loadFeatures({ features: maps }, recordingContext().context)
      for (const [index, { id: strategyId }] of wanted.entries()) {
        const { picks } = await acquire(strategyId, {}, onCpu)
        expect(
          picks.map(({ imageId }) => imageId),
          strategyId,
        ).toEqual(chosen[index].map(({ imageId }) => imageId))
      }
    } finally {
      await startEngine(engine, 'wasm')
    }
  })

  it('stops when it is cancelled, and leaves no tensor behind', async () => {
    const fresh = await freshEngine()
    const controller = new AbortController()
    const emit = (): void => controller.abort(new DOMException('Enough', 'AbortError'))
    await expectNoLeakedTensors(() =>
      expect(
        fresh.acquire(queryOf('consistency'), { signal: controller.signal, emit }),
      ).rejects.toThrow('Enough'),
    )
    await expectNoLeakedTensors(() => acquire('consistency', {}, fresh))
  })
})

/** The loop with features in ample, scarce and no supply: what comes out must be the same. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { EngineMethods } from '../../../src/engine/protocol'
import type { Projection } from '../../../src/engine/features/protocol'
import type { TrainedHead } from '../../../src/engine/head/protocol'
import { WorkerClient } from '../../../src/rpc/client'
import { QuotaError } from '../../../src/storage/database/errors'
import {
  closeApps,
  closeWorkers,
  entropyOf,
  openShelfProject,
  pickedNames,
  playTwoRounds,
  tinyModel,
  until,
} from './fixture'

// At 128 px an image has 16 x 16 cells of 64 codes and 8 x 8 of 176: 27,648 bytes.
const twoImages = 70_000
const small = new WorkerClient<EngineMethods>(
  () => new Worker(new URL('./small-engine-worker.ts', import.meta.url), { type: 'module' }),
)
afterEach(closeApps)
afterAll(() => {
  small.close()
  closeWorkers()
})

const texts = (session: ProjectSession): string[] => session.notices.items.map(({ text }) => text)

/** Two rounds and the query for a third; what they picked, lost and measured. */
async function play(session: ProjectSession) {
  await playTwoRounds(session)
  await session.queryNextRound(entropyOf(3))
  return {
    picks: [0, 1, 2].map((round) => pickedNames(session, round)),
    outputs: session.notebook.rounds.map(({ output }) => ({
      losses: output?.losses,
      metrics: output?.evaluation?.metrics,
    })),
  }
}

describe('two rounds', () => {
  let ample: Awaited<ReturnType<typeof play>>
  beforeAll(async () => {
    const { session, services } = await openShelfProject()
    ample = await play(session)
    const { images, bytes } = await services.storage.featureUsage()
    expect(images).toBe(16)
    expect(bytes).toBeGreaterThan(16 * 27_648)
    await closeApps()
  }, 120_000)

  it('are the same when neither worker nor cache holds more than two images', async () => {
    const { session, services } = await openShelfProject('oracle', { engine: small })
    await services.storage.setFeatureBudget(twoImages)
    expect(await play(session)).toEqual(ample)
    const usage = await services.storage.featureUsage()
    expect(usage.images).toBe(2)
    expect(usage.bytes).toBeLessThanOrEqual(twoImages)
    expect(texts(session)).toEqual([])
  }, 120_000)

  it('are the same without any cache', async () => {
    const { session, services } = await openShelfProject('oracle', { engine: small })
    await services.storage.setFeatureBudget(0)
    expect(await play(session)).toEqual(ample)
    expect(await services.storage.featureUsage()).toEqual({ bytes: 0, images: 0, budgetBytes: 0 })
  }, 120_000)

  it('are the same when the disk is full, which is told once', async () => {
    const { session, services } = await openShelfProject('oracle', { engine: small })
    services.storage.putFeatures = () =>
      Promise.reject(new QuotaError('cache the features', 'test'))
    expect(await play(session)).toEqual(ample)
    expect(texts(session)).toEqual([
      expect.stringMatching(/^The browser has no room left to cache features\..*no label is lost/),
    ])
  }, 120_000)
})

async function openLabelled(changes = {}) {
  const app = await openShelfProject('oracle', changes)
  const round = await app.session.startSeedRound(entropyOf(4))
  await app.session.answerFromOracle(round.id)
  return { ...app, id: round.id }
}

it('progress says why images are embedded again', async () => {
  const { session, services, id } = await openLabelled()
  await services.storage.setFeatureBudget(0)
  const training = expect(session.trainRound(id)).rejects.toThrow('Cancelled')
  await until(() => session.activity?.phase === 'Embedding images (the feature cache is off)')
  session.activity?.cancel()
  await training
}, 60_000)

it('features that are cleared while images are looked at are made again', async () => {
  const { session, services, id } = await openLabelled({ engine: small })
  await session.trainRound(id)
  session.detections = new Map()
  const ranking = session.queryNextRound(entropyOf(3))
  await until(() => (session.activity?.done ?? 0) > 0)
  await services.storage.clearFeatures()
  await ranking
  expect(session.detections.size).toBe(session.images.length - session.testImages.length)
}, 60_000)

describe('when the backbone has changed', () => {
  it('the projection is fitted again, and told', async () => {
    const { session, services, id } = await openLabelled()
    await session.trainRound(id)
    const { storage } = services
    const stored = (await storage.getProjection(session.project.id)) as {
      projections: Projection[]
    }
    const [projection] = stored.projections
    const { backboneId: _, ...legacy } = { ...projection, id: 'legacy', inputChannels: 1 }
    for (const outdated of [{ ...projection, backboneId: 'another', id: 'old' }, legacy]) {
      await storage.putProjection(session.project.id, { projections: [outdated] })
      await session.trainRound(id)
      expect(await storage.getProjection(session.project.id)).toEqual({ projections: [projection] })
      expect(texts(session)).toEqual([
        expect.stringMatching(/^The detector has changed since this project was trained/),
      ])
      session.notices.items = []
    }
  }, 60_000)

  it('a head of the old one is refused with what to do', async () => {
    const { session, services, id } = await openLabelled()
    await session.trainRound(id)
    const head = (await services.storage.getHead(id)) as TrainedHead
    expect(head.settings).toEqual(tinyModel)
    await services.storage.putHead(session.project.id, id, { ...head, projectionId: 'old' })
    session.detections = new Map()
    await expect(session.queryNextRound(entropyOf(3))).rejects.toThrow(
      /earlier version of the detector.*Train it again/,
    )
  }, 60_000)
})

/** Rounds that train more than the head. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { FeatureMap } from '../../../src/engine/features/protocol'
import type { TrainedHead } from '../../../src/engine/head/protocol'
import {
  closeApps,
  closeWorkers,
  entropyOf,
  type OpenApp,
  openShelfProject,
  playTwoRounds,
  tinyModel,
  useModel,
} from './fixture'

afterAll(closeWorkers)
afterAll(closeApps)

describe('two rounds at the depth decoder, the second a warm start', () => {
  let session: ProjectSession
  let services: OpenApp['services']
  const heads: TrainedHead[] = []

  beforeAll(async () => {
    ;({ session, services } = await openShelfProject())
    await useModel(session, { ...tinyModel, depth: 'decoder', steps: 6, start: 'warm' })
    await playTwoRounds(session)
    for (const { id } of session.notebook.rounds) {
      const head = (await services.storage.getHead(id)) as TrainedHead | undefined
      if (head !== undefined) heads.push(head)
    }
  }, 120_000)

  it('keep a network and a projection of their own with each head', () => {
    const { rounds } = session.notebook
    expect(rounds.map(({ output }) => output?.model.start)).toEqual(['scratch', 'warm'])
    // Six steps of the head and six of all; then, from there, half of them of all at once.
    expect(rounds.map(({ output }) => output?.losses.length)).toEqual([12, 3])
    expect(new Set(heads.map(({ projectionId }) => projectionId)).size).toBe(2)
    for (const { tuned, projectionId, digest } of heads) {
      expect(tuned?.id).toBe(projectionId)
      expect(tuned?.network?.length).toBeGreaterThan(5)
      expect(rounds.map(({ output }) => output?.weightsDigest)).toContain(digest)
    }
  })

  it('look at the pool and the test split with it', () => {
    const pool = session.images.filter(({ split }) => split === 'pool')
    expect([...session.detections.keys()].toSorted()).toEqual(pool.map(({ id }) => id).toSorted())
    for (const { estimate, ap50 } of session.curve) {
      expect(estimate).toBe('test-split')
      expect(ap50).toBeGreaterThanOrEqual(0)
    }
    expect([...session.stale]).toEqual([])
  })

  it('leave the features of the stock network in the cache, and none of theirs', async () => {
    const ids = session.images.map(({ id }) => id)
    const cached = (await services.storage.getFeatures(ids)) as (FeatureMap | undefined)[]
    const projections = new Set(cached.flatMap((features) => features?.projectionId ?? []))
    expect(projections.size).toBe(1)
    for (const { projectionId } of heads) expect(projections.has(projectionId)).toBe(false)
  })

  it('can be followed by a round of the head alone', async () => {
    await useModel(session, tinyModel)
    const round = await session.queryNextRound(entropyOf(2))
    await session.answerFromOracle(round.id)
    await session.trainRound(round.id)
    const output = session.notebook.rounds.at(-1)?.output
    expect(output?.model.depth).toBe('head')
    expect(output?.losses).toHaveLength(tinyModel.steps)
    expect(session.detections.size).toBeGreaterThan(0)
  }, 60_000)
})

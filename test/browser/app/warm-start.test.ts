/** Rounds that start from the head of the round before. */
import { afterAll, afterEach, expect, it } from 'vitest'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { ModelSettings, RoundCell, RoundOutput } from '../../../src/core/notebook/types'
import type { TrainedHead } from '../../../src/engine/head/protocol'
import {
  closeApps,
  closeWorkers,
  entropyOf,
  openShelfProject,
  playSeedRound,
  tinyModel,
  useModel,
} from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

const warmModel: ModelSettings = { ...tinyModel, start: 'warm' }

/** Two rounds labelled by the oracle; the first is trained from scratch, the second waits. */
async function openSecondRound(): Promise<{ session: ProjectSession; second: RoundCell }> {
  const { session } = await openShelfProject()
  await playSeedRound(session)
  const second = await session.queryNextRound(entropyOf(3))
  await session.answerFromOracle(second.id)
  return { session, second }
}

function outputOf(session: ProjectSession, round: number): RoundOutput {
  const output = session.notebook.rounds[round]?.output
  if (output === undefined) throw new Error(`Round ${round} is not trained.`)
  return output
}

it('record how they started, with the digest of the head, and are not stale', async () => {
  const { session, second } = await openSecondRound()
  await useModel(session, warmModel)
  // Round 0 has nothing else to start from.
  expect([...session.stale]).toEqual([])
  await session.trainRound(second.id)
  expect(outputOf(session, 0).model).toEqual(tinyModel)
  expect(outputOf(session, 1).model).toEqual(warmModel)
  expect(outputOf(session, 1).losses.map(({ step }) => step)).toEqual(
    Array.from({ length: 10 }, (_, index) => index + 1),
  )
  for (const [index, { id }] of session.notebook.rounds.entries()) {
    const head = (await session.services.storage.getHead(id)) as TrainedHead
    expect(outputOf(session, index).weightsDigest).toBe(head.digest)
  }
  expect([...session.stale]).toEqual([])

  await useModel(session, tinyModel)
  expect(session.stale.has(second.id)).toBe(true)
  expect(session.stale.has(session.notebook.rounds[0].id)).toBe(false)
})

it('have the same digest when they are trained again: not from their own head', async () => {
  const { session, second } = await openSecondRound()
  await useModel(session, warmModel)
  await session.trainRound(second.id)
  const { weightsDigest } = outputOf(session, 1)
  expect(weightsDigest).toMatch(/^[0-9a-f]{64}$/)
  await session.trainRound(second.id)
  expect(outputOf(session, 1).weightsDigest).toBe(weightsDigest)

  await useModel(session, tinyModel)
  await session.trainRound(second.id)
  expect(outputOf(session, 1).weightsDigest).not.toBe(weightsDigest)
})

it('go on when a class was added meanwhile', async () => {
  const { session, second } = await openSecondRound()
  await useModel(session, warmModel)
  const before = session.categories.length
  await session.labels.addCategory('basket')
  await session.trainRound(second.id)
  const head = (await session.services.storage.getHead(second.id)) as TrainedHead
  expect(head.categories).toHaveLength(before + 1)
  expect(outputOf(session, 1).model.start).toBe('warm')
})

it('say what differs when the head does not fit the settings, and stay as they were', async () => {
  const { session, second } = await openSecondRound()
  await useModel(session, { ...warmModel, hidden: 24, committee: 3 })
  await expect(session.trainRound(second.id)).rejects.toThrow(
    /^Training cannot start from the last round's head: it has 2 committee members, the settings ask for 3; it has 16 hidden units, the settings ask for 24\./,
  )
  expect(session.notebook.rounds[1].output).toBeUndefined()
  await useModel(session, { ...warmModel, inputSize: 160 })
  await expect(session.trainRound(second.id)).rejects.toThrow(/features of another input size/)
})

it('are estimated out of fold by heads that never saw the image, so from scratch', async () => {
  const { session, second } = await openSecondRound()
  for (const { id } of session.testImages)
    await session.labels.commit(
      id,
      { added: [], updated: [], removed: [] },
      { status: 'in-progress' },
    )
  await useModel(session, tinyModel)
  await session.trainRound(second.id)
  const scratch = outputOf(session, 1)
  expect(scratch.estimate).toBe('out-of-fold')
  await useModel(session, warmModel)
  await session.trainRound(second.id)
  const warm = outputOf(session, 1)
  expect(warm.weightsDigest).not.toBe(scratch.weightsDigest)
  expect(warm.evaluation).toEqual(scratch.evaluation)
})

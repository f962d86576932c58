/** Whose time is counted on labels that came ready-made. */
import { afterAll, afterEach, expect, it } from 'vitest'
import { AnnotatorState } from '../../../src/app/annotator/annotator.svelte'
import { poolEffort } from '../../../src/app/state/effort'
import type { ImageId } from '../../../src/core/dataset/types'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { closeApps, closeWorkers, entropyOf, openShelfProject } from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

let time = 0
const now = () => time

/** Somebody opens the image in the annotator and moves a box after five seconds. */
async function correct(session: ProjectSession, id: ImageId): Promise<void> {
  session.openImage(id)
  const annotator = new AnnotatorState(session)
  annotator.select({ kind: 'annotation', id: session.labels.of(id)[0].id })
  time += 5000
  annotator.noteInput()
  await annotator.nudge(1, 0)
}

it('time on imported boxes is measured', async () => {
  const { session } = await openShelfProject('labels', { now })
  expect(poolEffort(session)).toMatchObject({ measuredSeconds: 0, assumedSeconds: 0 })
  await correct(session, session.pool.labeled[0])
  expect(poolEffort(session)).toMatchObject({ measuredSeconds: 5, assumedSeconds: 0 })
})

it('time on an answer of the oracle adds to what is assumed for it', async () => {
  const { session } = await openShelfProject('oracle', { now })
  const { id } = await session.startSeedRound(entropyOf(1))
  await session.answerFromOracle(id)
  const { assumedSeconds } = poolEffort(session)
  expect(assumedSeconds).toBeGreaterThan(0)
  await correct(session, session.pool.labeled[0])
  expect(poolEffort(session)).toMatchObject({ measuredSeconds: 5, assumedSeconds })
})

it('an answer that was corrected by hand stays when the test split is drawn anew, unlike others', async () => {
  const { session } = await openShelfProject('oracle', { now })
  const [first, second] = session.testImages.map((image) => image.id)
  await correct(session, first)
  const corrected = session.labels.of(first)
  await session.setTestFraction(0)
  expect(session.labels.of(first)).toEqual(corrected)
  expect(session.labels.isDone(first)).toBe(true)
  expect(session.labels.of(second)).toEqual([])
  expect(poolEffort(session)).toMatchObject({ images: 1, measuredSeconds: 5, assumedSeconds: 0 })
})

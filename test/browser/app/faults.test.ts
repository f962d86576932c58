/** Training when the worker dies, the device is lost, the rate is absurd, or somebody pauses, cancels, closes. */
import { afterAll, afterEach, expect, it } from 'vitest'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { CellId, RoundOutput } from '../../../src/core/notebook/types'
import type { EngineMethods } from '../../../src/engine/protocol'
import type { TrainedHead } from '../../../src/engine/head/protocol'
import { WorkerClient } from '../../../src/rpc/client'
import type { FaultyMethods } from './fault-worker'
import {
  closeApps,
  closeWorkers,
  entropyOf,
  openApp,
  openShelfProject,
  tinyModel,
  until,
  useModel,
} from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

/** Long enough for a checkpoint, which is taken every three seconds. */
const longModel = { ...tinyModel, steps: 2500 }

/** A project whose seed round is labelled and waits to be trained. */
async function openLabelled(model = longModel, changes = {}) {
  const app = await openShelfProject('oracle', changes)
  await useModel(app.session, model)
  const { id } = await app.session.startSeedRound(entropyOf(4))
  await app.session.answerFromOracle(id)
  return { ...app, id }
}

function output(session: ProjectSession): RoundOutput {
  const found = session.notebook.rounds[0]?.output
  if (found === undefined) throw new Error('The round is not trained.')
  return found
}

const texts = (session: ProjectSession): string[] => session.notices.items.map(({ text }) => text)
const headOf = async (session: ProjectSession, id: CellId) =>
  (await session.services.storage.getHead(id)) as TrainedHead

async function checkpointStored(session: ProjectSession, id: CellId): Promise<void> {
  while ((await session.services.storage.getCheckpoint(id, 0)) === undefined)
    await new Promise((resolve) => setTimeout(resolve, 50))
}

/** What the round gives when nothing happens: the same data, trained again from the start. */
async function undisturbed(session: ProjectSession, id: CellId) {
  expect(await session.services.storage.getCheckpoint(id, 0)).toBeUndefined()
  await session.trainRound(id)
  return { losses: output(session).losses, weights: (await headOf(session, id)).weights }
}

it('a worker that is killed in mid-training is started again and the round goes on from its checkpoint', async () => {
  const { session, services, id } = await openLabelled()
  const training = session.trainRound(id)
  await checkpointStored(session, id)
  services.engine.close()
  await training
  expect(texts(session)).toEqual([
    expect.stringMatching(
      /^The engine stopped\. It was started again on wasm\. Training goes on from step [1-9]\d* of 2500\.$/,
    ),
  ])
  const { losses } = output(session)
  const { weights } = await headOf(session, id)
  expect(losses.map(({ step }) => step)).toEqual(Array.from({ length: 2500 }, (_, i) => i + 1))
  const straight = await undisturbed(session, id)
  expect(losses).toEqual(straight.losses)
  expect(weights).toEqual(straight.weights)
}, 240_000)

it('a round whose project was closed in mid-training goes on from its checkpoint when it is reopened', async () => {
  const { session, services, workspace, database, id } = await openLabelled()
  const training = expect(session.trainRound(id)).rejects.toThrow('Cancelled')
  await checkpointStored(session, id)
  await workspace.closeProject()
  await training
  services.engine.close()

  const again = await openApp(database)
  const reopened = await again.workspace.openProject(session.project.id)
  expect(reopened.notebook.rounds[0]?.output).toBeUndefined()
  const [offer] = reopened.notices.items
  expect(offer?.text).toMatch(/^Training round 0 was interrupted after [1-9]\d* steps/)
  offer?.action?.run()
  await until(
    () => reopened.activity === undefined && reopened.notebook.rounds[0]?.output !== undefined,
  )
  expect(texts(reopened)).toContainEqual(
    expect.stringMatching(/^Training goes on from step [1-9]\d* of 2500\.$/),
  )
  const { losses } = output(reopened)
  const { weights } = await headOf(reopened, id)
  const straight = await undisturbed(reopened, id)
  expect(losses).toEqual(straight.losses)
  expect(weights).toEqual(straight.weights)
}, 240_000)

it('a pause holds, does not count as training, and resuming goes on', async () => {
  const { session, id } = await openLabelled()
  const training = session.trainRound(id)
  await until(() => session.activity?.phase === 'Training' && session.activity.done > 10)
  const { activity } = session
  activity?.pause()
  expect(activity?.paused).toBe(true)
  await new Promise((resolve) => setTimeout(resolve, 500)) // the step under way ends
  const heldAt = activity?.done
  await new Promise((resolve) => setTimeout(resolve, 2000))
  expect(activity?.done).toBe(heldAt)
  expect(heldAt).toBeLessThan(2500)
  activity?.resume()
  await training
  expect(output(session).losses).toHaveLength(2500)
}, 240_000)

it('cancelling works while paused, and what comes next is not held', async () => {
  const { session, id } = await openLabelled({ ...tinyModel, steps: 100_000 })
  const training = session.trainRound(id)
  await until(() => session.activity?.phase === 'Training' && session.activity.done > 10)
  session.activity?.pause()
  await new Promise((resolve) => setTimeout(resolve, 300))
  session.activity?.cancel()
  await expect(training).rejects.toThrow('Cancelled')
  expect(session.activity).toBeUndefined()
  await useModel(session, tinyModel)
  await session.trainRound(id)
  expect(output(session).losses).toHaveLength(20)
}, 240_000)

it('a worker that dies during a pause stays paused when it starts again', async () => {
  const { session, services, id } = await openLabelled()
  const training = session.trainRound(id)
  await until(() => session.activity?.phase === 'Training' && session.activity.done > 10)
  const { activity } = session
  activity?.pause()
  services.engine.close()
  await until(() => session.engine.state === 'ready' && session.notices.items.length > 0)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(activity?.done).toBe(0)
  activity?.resume()
  await training
  expect(output(session).losses).toHaveLength(2500)
}, 240_000)

it('an absurd learning rate is lowered, and told', async () => {
  const { session, id } = await openLabelled({ ...tinyModel, steps: 40, learningRate: 1e4 })
  await session.trainRound(id)
  expect(texts(session)).toContainEqual(
    expect.stringMatching(
      /^The loss diverged\. Training went back to step \d+ and goes on with a learning rate of 1000;/,
    ),
  )
  const { losses } = output(session)
  expect(losses).toHaveLength(40)
  expect(losses.every(({ loss }) => Number.isFinite(loss))).toBe(true)
}, 240_000)

/** The engine with faults to trigger; what takes longer than `silenceMs` to speak passes for hung. */
function faultyEngine(silenceMs: number) {
  const faulty = new WorkerClient<FaultyMethods>(
    () => new Worker(new URL('./fault-worker.ts', import.meta.url), { type: 'module' }),
    undefined,
    { methods: ['fitProjection', 'embed', 'train', 'predict'], silenceMs },
  )
  return { faulty, engine: faulty as unknown as WorkerClient<EngineMethods> }
}

it.each(['webgpu', 'webgl'] as const)(
  'a %s device that is lost in mid-training is replaced, and the round goes on',
  async (backend) => {
    const { faulty, engine } = faultyEngine(120_000)
    try {
      // It never ends by itself, however fast the machine.
      const { session, id } = await openLabelled({ ...tinyModel, steps: 100_000 }, { engine })
      // The features are made where that is fast.
      const first = expect(session.trainRound(id)).rejects.toThrow('Cancelled')
      await until(() => session.activity?.phase === 'Training')
      session.activity?.cancel()
      await first

      await session.engine.choose(backend)
      const training = expect(session.trainRound(id)).rejects.toThrow('Cancelled')
      await until(() => session.activity?.phase === 'Training' && session.activity.done > 2)
      const destroyed = faulty.call('destroyDevice', undefined).then(String, String)
      await until(() => session.notices.items.length > 0)
      expect(await destroyed).toMatch(/^(undefined|WorkerDiedError)/)
      expect(texts(session)[0]).toMatch(
        /^The graphics card stopped answering\. It was started again on (webgpu|wasm|webgl|cpu)\. Training /,
      )
      // Of the training before the loss.
      if (session.activity) session.activity.losses = []
      const steps = () => session.activity?.losses.map(({ step }) => step) ?? []
      await until(() => session.activity?.phase === 'Training' && steps().length >= 10)
      expect(steps().slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
      session.activity?.cancel()
      await training
    } finally {
      faulty.close()
    }
  },
  200_000,
)

it.each(['spin', 'stall'] as const)(
  'a worker that hangs without a word (%s) is ended, and the round goes on from its checkpoint',
  async (fault) => {
    const { faulty, engine } = faultyEngine(10_000)
    try {
      const { session, id } = await openLabelled(longModel, { engine })
      const training = session.trainRound(id)
      await checkpointStored(session, id)
      faulty.call(fault, undefined).catch(() => undefined)
      await training
      expect(texts(session)).toEqual([
        expect.stringMatching(
          /^The engine stopped answering\. It was started again on wasm\. Training goes on from step [1-9]\d* of 2500\.$/,
        ),
      ])
      expect(output(session).losses).toHaveLength(2500)
    } finally {
      faulty.close()
    }
  },
  240_000,
)

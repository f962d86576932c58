/** What is asked for next: by every kind of strategy, and whatever happens to the worker meanwhile. */
import { afterAll, afterEach, expect, it, vi } from 'vitest'
import { emptyDiff } from '../../../src/core/history/diff'
import { createEngineClient } from '../../../src/engine/client'
import {
  closeApps,
  closeWorkers,
  drawnBox,
  entropyOf,
  imageFiles,
  importFiles,
  openProject,
  openShelfProject,
  pickedNames,
  playSeedRound,
  tinyModel,
  until,
  useModel,
} from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

const askedBy = (strategyId: string) => ({ ...entropyOf(3), strategyId })

it('images are looked at in the mirror where a strategy asks for it', async () => {
  const { session } = await openShelfProject()
  await playSeedRound(session)
  const { picks } = await session.queryNextRound(askedBy('consistency'))
  expect(picks).toHaveLength(3)
  for (const { reason } of picks) expect(reason).toMatch(/the image and its mirror image/)
}, 120_000)

it('a worker that dies over a query changes nothing about its answer', async () => {
  const { session } = await openShelfProject()
  await playSeedRound(session)
  await session.queryNextRound(askedBy('bald'))

  const engine = createEngineClient()
  const other = await openShelfProject('oracle', { engine })
  await playSeedRound(other.session)
  // The query waits in the worker, however fast that is.
  other.session.engine.hold(true)
  const asking = other.session.queryNextRound(askedBy('bald'))
  await until(() => other.session.activity?.phase === 'Looking at the pool')
  engine.close()
  await until(() => other.session.notices.items.length > 0)
  other.session.engine.hold(false)
  await asking
  engine.close()
  expect(other.session.notices.items.map(({ text }) => text)).toEqual([
    'The engine stopped. It was started again on wasm. It chooses again.',
  ])
  expect(pickedNames(other.session, 1)).toEqual(pickedNames(session, 1))
}, 120_000)

it('a query that is cancelled adds no round', async () => {
  const { session } = await openShelfProject()
  await playSeedRound(session)
  session.engine.hold(true)
  const asking = session.queryNextRound(askedBy('consistency'))
  await until(() => session.activity?.phase === 'Looking at the pool')
  session.activity?.cancel()
  await expect(asking).rejects.toMatchObject({ name: 'AbortError' })
  session.engine.hold(false)
  expect(session.notebook.rounds).toHaveLength(1)
}, 120_000)

it('the seed set is drawn from features where that is asked for, and the next round goes on from it', async () => {
  const { session } = await openShelfProject()
  const seed = await session.startSeedRound(askedBy('typiclust'))
  expect(seed.settings.strategyId).toBe('typiclust')
  expect(seed.picks).toHaveLength(3)
  for (const { imageId, reason } of seed.picks) {
    expect(session.image(imageId)?.split).toBe('pool')
    expect(reason).toMatch(/group/)
  }
  const again = (await openShelfProject()).session
  await again.startSeedRound(askedBy('typiclust'))
  expect(pickedNames(again, 0)).toEqual(pickedNames(session, 0))
}, 120_000)

it.each([
  [9, { secondsPerImage: 7, secondsPerBox: 7 }],
  [10, { secondsPerImage: 12, secondsPerBox: 5 }],
])(
  'with %d images labelled by the clock, 12 s each and 5 s a box, it is asked at a cost of %o',
  async (count, cost) => {
    const { session, services } = await openProject()
    await importFiles(session, await imageFiles(14))
    await session.setTestFraction(0)
    await useModel(session, tinyModel)
    const { id } = await session.labels.addCategory('Cow')
    for (const [index, imageId] of session.pool.unlabeled.slice(0, count).entries()) {
      const added = Array.from({ length: index % 3 }, (_, place) =>
        drawnBox(services, session, imageId, id, 10 * place),
      )
      const options = { status: 'done', addSeconds: 12 + 5 * added.length } as const
      await session.labels.commit(imageId, { ...emptyDiff, added }, options)
    }
    const call = vi.spyOn(session.engine, 'call')
    await session.startSeedRound(askedBy('typiclust'))
    const asked = call.mock.calls.filter(([method]) => method === 'acquire')
    expect(asked.map(([, params]) => params)).toEqual([expect.objectContaining({ cost })])
  },
  120_000,
)

import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import {
  closeApps,
  closeWorkers,
  cocoFile,
  drawnBox,
  entropyOf,
  imageFiles,
  importFiles,
  openProject,
} from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

/** Twenty images; the oracle knows one box on each, two on the first. */
async function openOracleProject() {
  const app = await openProject()
  const files = await imageFiles(20)
  const tin = { category: 0, box: { x: 4, y: 6, width: 20, height: 10 } }
  const can = { category: 1, box: { x: 30, y: 6, width: 20, height: 10 } }
  const listed = files.map(({ name: fileName }, index) => ({
    fileName,
    width: 64,
    height: 48,
    boxes: index === 0 ? [tin, can] : [tin],
  }))
  await importFiles(app.session, [...files, cocoFile(['tin', 'can'], listed)], 'oracle')
  return app
}

/** The oracle labels the test split and nothing else. */
function expectOracleOnTestOnly(session: ProjectSession): void {
  for (const { id, split } of session.images) {
    expect(session.labels.isDone(id)).toBe(split === 'test')
    expect(session.labels.of(id).length > 0).toBe(split === 'test')
  }
}

describe('setTestFraction', () => {
  it('draws the split anew, and the oracle’s labels go with it', async () => {
    const { session, workspace } = await openOracleProject()
    expect(session.testImages).toHaveLength(4)
    expectOracleOnTestOnly(session)
    for (const [fraction, count] of [
      [0.5, 10],
      [0, 0],
      [0.3, 6],
    ] as const) {
      await session.setTestFraction(fraction)
      expect(session.project.testFraction).toBe(fraction)
      expect(session.testImages).toHaveLength(count)
      expectOracleOnTestOnly(session)
    }
    const before = session.images
    const id = session.project.id
    await workspace.closeProject()
    const again = await workspace.openProject(id)
    expect(again.images).toEqual(before)
    expect(again.project.testFraction).toBe(0.3)
    expectOracleOnTestOnly(again)
  })

  it('keeps what somebody drew by hand, on whichever side it comes to lie', async () => {
    const { session, services } = await openOracleProject()
    await session.setTestFraction(0.5)
    const [tin] = session.categories
    const byHand = [session.testImages[0], session.images.filter((i) => i.split === 'pool')[0]]
    for (const { id } of byHand) {
      const box = drawnBox(services, session, id, tin.id)
      await session.labels.commit(
        id,
        { added: [box], updated: [], removed: session.labels.of(id) },
        { status: 'done', addSeconds: 4, secondsSource: 'measured' },
      )
    }
    const drawn = () =>
      byHand.map(({ id }) => ({ boxes: session.labels.of(id), label: session.labels.label(id) }))
    const before = drawn()
    await session.setTestFraction(0)
    await session.setTestFraction(0.5)
    expect(drawn()).toEqual(before)
    expect(session.testLabeled).toHaveLength(10)
  })

  it('gives no boxes of a category that was deleted', async () => {
    const { session } = await openOracleProject()
    const [, can] = session.categories
    await session.labels.deleteCategory(can.id)
    await session.setTestFraction(0.5)
    await session.setTestFraction(0)
    await session.setTestFraction(0.5)
    for (const { id } of session.images)
      expect(session.labels.of(id).every(({ categoryId }) => categoryId !== can.id)).toBe(true)
  })

  it('refuses other shares than 0 to 0.5, and any once a round exists', async () => {
    const { session } = await openOracleProject()
    for (const fraction of [-0.01, 0.51, NaN])
      await expect(session.setTestFraction(fraction)).rejects.toThrow(RangeError)
    expect(session.testImages).toHaveLength(4)
    await session.startSeedRound(entropyOf(3))
    await expect(session.setTestFraction(0.3)).rejects.toThrow(/frozen/)
    expect(session.testImages).toHaveLength(4)
    expect(session.project.testFraction).toBe(0.2)
  })
})

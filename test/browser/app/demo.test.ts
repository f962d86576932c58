import { afterAll, afterEach, expect, it } from 'vitest'
import { isCancellation } from '../../../src/app/state/activity.svelte'
import { runDemo } from '../../../src/app/demo/demo'
import { shelfCategories } from '../../../src/synth'
import { closeApps, closeWorkers, openApp, until } from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

it('the demo goes on drawing where a closed tab left it', async () => {
  const { workspace, services, database } = await openApp()
  await workspace.createDemo()
  const session = workspace.session
  if (session === undefined) throw new Error('The demo was not opened.')
  await until(() => (session.activity?.done ?? 0) >= 8)
  await workspace.closeProject()
  expect(workspace.notices.items).toEqual([])
  services.storage.close()

  const again = await openApp(database)
  const reopened = await again.workspace.openProject(session.project.id)
  const first = reopened.images.map(({ name }) => name)
  expect(first.length).toBeGreaterThanOrEqual(8)
  expect(reopened.categories.map(({ name }) => name)).toEqual(
    shelfCategories.map(({ name }) => name),
  )
  const running = runDemo(reopened)
  await until(() => (reopened.activity?.done ?? 0) >= first.length + 4)
  reopened.activity?.cancel()
  await expect(running).rejects.toSatisfy(isCancellation)

  const names = reopened.images.map(({ name }) => name)
  expect(names.length).toBeGreaterThanOrEqual(first.length + 4)
  expect(names.slice(0, first.length)).toEqual(first)
  expect(new Set(names).size).toBe(names.length)
  expect(reopened.categories).toHaveLength(shelfCategories.length)
  // The oracle knows every shelf, and its labels lie on the test split only.
  const ids = reopened.images.map(({ id }) => id)
  expect(await again.services.storage.getOracle(ids)).toHaveLength(ids.length)
  expect(reopened.testLabeled).toEqual(reopened.testImages)
  expect(reopened.pool.labeled).toEqual([])
})

/** The first step: what is seen while a seed set is drawn. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { Activity } from '../../../src/app/state/activity.svelte'
import type { Services } from '../../../src/app/state/services'
import type { Workspace } from '../../../src/app/workspace.svelte'
import Notebook from '../../../src/ui/notebook/Notebook.svelte'
import { accessibilityProblems } from '../ui/harness'
import { openProject, openWorkspace, show } from './harness'

let workspace: Workspace
let services: Services
let remove: (() => Promise<void>) | undefined

beforeEach(async () => {
  await page.viewport(1280, 800)
  ;({ workspace, services } = await openWorkspace())
})

afterEach(async () => {
  await remove?.()
  remove = undefined
  services.engine.close()
  services.media.close()
  services.storage.close()
})

test('a draw that looks at the whole pool shows how far it is, and can be stopped', async () => {
  const session = await openProject(workspace, services, 6)
  remove = show(Notebook, { workspace, session }).remove
  const start = page.getByRole('region', { name: 'Start' })
  await expect.element(start.getByRole('button', { name: 'Start' })).toBeEnabled()

  const activity = new Activity('rank', 'Drawing the seed set')
  activity.enter('Looking at the pool', 6)
  activity.advance(3, 6)
  session.activity = activity
  const bar = start.getByRole('progressbar', { name: 'Drawing the seed set' })
  await expect.element(bar).toHaveAttribute('aria-valuenow', '50')
  await expect.element(start.getByRole('button', { name: 'Start' })).toBeDisabled()
  expect(await accessibilityProblems()).toEqual([])
  await start.getByRole('button', { name: 'Cancel' }).click()
  expect(activity.cancelled).toBe(true)
})

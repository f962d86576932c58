/** The first step: what is seen while a seed set is drawn. */
import { afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { Activity } from '../../../src/app/state/activity.svelte'
import { accessibilityProblems, dispose } from '../ui/harness'
import { openProject } from './harness'

afterEach(dispose)

test('a draw that looks at the whole pool shows how far it is, and can be stopped', async () => {
  const { session, showNotebook } = await openProject(6)
  showNotebook()
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

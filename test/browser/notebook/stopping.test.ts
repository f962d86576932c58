/** Advice on when to stop, below the curve. */
import { afterEach, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { accessibilityProblems, dispose } from '../ui/harness'
import { openProject, putRound } from './harness'

afterEach(dispose)

/** Rounds 0 to 2 with these AP50, measured on samples that are 0.02 apart. */
async function openRounds(figures: readonly number[]): Promise<ProjectSession> {
  const { session, showNotebook } = await openProject(6)
  for (const [index, ap50] of figures.entries()) {
    const round = await putRound(session, index, [index], ap50)
    const { output } = round
    if (output === undefined) throw new Error('The round is not trained.')
    const samples = { key: 'test', ap50: [-0.02, 0, 0.02].map((off) => ap50 + off) }
    await session.notebook.put({ ...round, output: { ...output, samples } })
  }
  showNotebook()
  return session
}

/** Criterion, verdict and reason of each row. */
function rows(): string[][] {
  const table = page.getByRole('table', { name: 'Criteria for stopping' }).element()
  return [...table.querySelectorAll('tr')].map((row) =>
    [...row.children].map(({ textContent }) => textContent.trim()),
  )
}

test('names every criterion with what it says and by which numbers', async () => {
  await openRounds([0.6, 0.7, 0.75])
  expect(rows().map(([name, verdict]) => [name, verdict])).toEqual([
    ['Budget spent', 'off'],
    ['Target reached', 'off'],
    ['Plateau', 'go on'],
    ['Predictions stable', 'unknown'],
    ['Gain too small', 'off'],
  ])
  expect(rows()[2][2]).toBe(
    'Last two rounds gained +0.100 and +0.050 AP50, together +0.150 to +0.150; not both are below 0.010.',
  )
  expect(await accessibilityProblems()).toEqual([])
})

test('settings are kept, and change the advice at once; nothing is locked', async () => {
  const session = await openRounds([0.6, 0.7, 0.75])
  await page.getByRole('region', { name: 'When to stop' }).getByText('Settings').click()
  await page.getByLabelText('Target AP50').fill('0.72')
  await page.getByLabelText('Label at most').click()
  // The smallest of the three samples of round 2 is 0.73, the 2.5th percentile 0.731.
  await vi.waitFor(() => expect(rows()[1][1]).toBe('stop'))
  await page.getByLabelText('Label at most').fill('40')
  await page.getByLabelText('Target AP50').click()
  await vi.waitFor(() =>
    expect(rows()[0]).toEqual(['Budget spent', 'go on', '30 of 40 images spent.']),
  )
  await page.getByLabelText('Budget in').selectOptions('seconds')
  // Round 2 has taken 6 of now 40 minutes.
  await vi.waitFor(() => expect(rows()[0][2]).toBe('6 of 40 min spent.'))
  expect(document.querySelector('.stopping')?.textContent).toContain(
    'Labelling may stop: target reached.',
  )
  const stored = await session.services.storage.listCells(session.project.id)
  expect(stored.find(({ kind }) => kind === 'curve')).toMatchObject({
    stopping: { targetAp50: 0.72, budget: { unit: 'seconds', amount: 2400 }, epsilon: 0.01 },
  })
  // The next query is offered all the same.
  await expect.element(page.getByRole('button', { name: /Ask for the next/ })).toBeEnabled()
})

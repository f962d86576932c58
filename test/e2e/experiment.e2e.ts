/** A replay experiment in its cell: interrupted by a reload, gone on with, compared, downloaded. */
import { readFileSync } from 'node:fs'
import { expect as expectSoon, type Page, test } from '@playwright/test'
import {
  baseUrl,
  createProject,
  drawDataset,
  importFiles,
  setNumber,
  tableOf,
  watchErrors,
} from './support'

/** A machine at work on other things takes its time to open a project. */
const expect = expectSoon.configure({ timeout: 90_000 })

/** The full pool, and for each of two seeds the initial set and one more round of two strategies. */
const trainings = 1 + 2 * (1 + 2)

/** Adds an experiment on a small model, two seeds and two rounds of four images. */
async function addExperiment(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Add a cell below Count' }).click()
  await page.getByRole('menuitem', { name: 'Experiment' }).click()
  const cell = page.locator('section.experiment')
  await expect(cell.getByRole('checkbox', { name: 'Random', exact: true })).toBeDisabled()
  // The baselines cannot be left out.
  const others = cell.getByRole('checkbox', { checked: true, disabled: false })
  while ((await others.count()) > 0) await others.first().uncheck()
  await setNumber(page, 'Seeds', 2)
  await setNumber(page, 'Initial set', 4)
  await setNumber(page, 'Batch', 4)
  await setNumber(page, 'Rounds', 2)
  await cell.getByText('Model and cost of labelling').click()
  for (const [label, value] of [
    ['Input size', 128],
    ['Committee', 2],
    ['Least steps', 100],
    ['Views', 0],
    ['Hidden units', 8],
    ['Steps an image', 0],
  ] as const) {
    const field = cell.getByLabel(label, { exact: true })
    await field.fill(String(value))
    await field.press('Enter')
  }
  await expect(cell.getByText(`${trainings} trainings.`)).toBeVisible()
}

async function downloaded(page: Page, kind: 'CSV' | 'JSON' | 'SVG'): Promise<string> {
  await page.getByRole('button', { name: 'Download', exact: true }).last().click()
  const downloading = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: kind }).click()
  return readFileSync(await (await downloading).path(), 'utf8')
}

test('two strategies with two seeds, closed in the middle', async ({ page }) => {
  test.setTimeout(300_000)
  const errors = watchErrors(page)
  await page.goto(baseUrl)
  await createProject(page, 'Discs')
  await importFiles(page, await drawDataset(page, 24), 'Hidden oracle')
  await addExperiment(page)
  const cell = page.locator('section.experiment')
  const result = cell.getByRole('region', { name: 'Result of the experiment' })
  await cell.getByRole('button', { name: 'Run', exact: true }).click()
  // There with the first training; the page is closed before the last.
  await expect(result).toBeVisible()
  await cell.getByRole('button', { name: 'Pause' }).click()
  await page.reload()

  await expect(
    cell.getByText(/Interrupted after [1-6] of 7 trainings; they are kept/),
  ).toBeVisible()
  await expect(page.getByText(/An experiment was interrupted after/)).toBeVisible()
  await cell.getByRole('button', { name: 'Go on' }).click()
  await expect(cell.getByText(`All ${trainings} trainings done.`)).toBeVisible()

  const rows = tableOf(result, 'Strategy').first().locator('tbody tr')
  await expect(rows).toHaveCount(2)
  for (const row of await rows.all()) await expect(row).toContainText('2 / 2')
  await expect(
    result.getByRole('img', { name: /^Learning curves of the strategies/ }),
  ).toBeVisible()

  const csv = await downloaded(page, 'CSV')
  expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + 2 * 2 * 2)
  const found: unknown = JSON.parse(await downloaded(page, 'JSON'))
  const curve = { points: [{ images: 4 }, { images: 8 }] }
  expect(found).toMatchObject({
    imageKeys: 'content',
    strategies: [
      { id: 'random', curves: [curve, curve], versusRandom: { delta: 0, n: 2 } },
      { id: 'presence-random', curves: [curve, curve] },
    ],
  })
  expect(await downloaded(page, 'SVG')).toMatch(/^<svg [^]*<\/svg>$/)

  await page.reload()
  await expect(cell.getByText(`All ${trainings} trainings done.`)).toBeVisible()
  await expect(page.getByText(/An experiment was interrupted/)).toBeHidden()
  expect(errors).toEqual([])
})

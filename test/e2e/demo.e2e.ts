/** The demo: one click, and rounds play by themselves. */
import { expect, test } from '@playwright/test'
import { baseUrl, tableOf, watchErrors } from './support'

test('one click draws the shelves and plays until it is stopped; all of it survives a reload', async ({
  page,
}) => {
  test.setTimeout(300_000)
  const errors = watchErrors(page)
  await page.goto(baseUrl)
  await page.getByRole('button', { name: 'Play the demo' }).click()
  // Shelves show while the others are being drawn.
  const data = page.getByRole('region', { name: 'Data', exact: true })
  await expect(data.getByRole('gridcell').first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('progressbar')).toBeVisible()

  // The curve is in sight when its first point comes, without anybody having scrolled.
  const curve = page.locator('section.curve')
  const points = tableOf(curve, 'The learning curve in figures').locator('tbody tr')
  await expect(points).toHaveCount(1, { timeout: 240_000 })
  await expect(curve.getByRole('img')).toBeInViewport({ ratio: 0.9 })

  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.getByRole('progressbar')).toBeHidden({ timeout: 30_000 })
  await expect(page.getByText(/^Rounds are being played/)).toBeHidden()
  const shown = await page.locator('section.round, section.curve').allInnerTexts()
  const images = await data.locator('dl').innerText()
  expect(images).toContain('400')

  await page.reload()
  await expect(points).toHaveCount(1)
  await expect
    .poll(() => page.locator('section.round, section.curve').allInnerTexts())
    .toEqual(shown)
  expect(await data.locator('dl').innerText()).toBe(images)
  expect(errors).toEqual([])
})

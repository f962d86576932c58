/** Every place of the page against the rules of WCAG 2.2 A and AA, in both themes, wide and narrow. */
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { baseUrl, createProject, trainSmallProject } from './support'

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
const wide = { width: 1440, height: 900 }
const narrow = { width: 390, height: 844 }
const sizes = [wide, narrow]

/** What axe finds, one line a fault: place, theme, width, rule, element, what to do. */
async function faults(page: Page, place: string, only = sizes): Promise<string[]> {
  const found: string[] = []
  for (const viewport of only) {
    await page.setViewportSize(viewport)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      // The new size and theme are drawn before they are judged.
      await page.evaluate(
        () =>
          new Promise((resolve) => {
            requestAnimationFrame(() => setTimeout(resolve, 100))
          }),
      )
      const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze()
      for (const { id, nodes } of violations)
        for (const { target, failureSummary } of nodes)
          found.push(
            `${place}, ${colorScheme}, ${viewport.width} px: ${id} at ${target.join(' ')}: ${failureSummary}`,
          )
    }
    // Nothing may be cut off or need scrolling sideways.
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    if (overflow > 0) found.push(`${place}, ${viewport.width} px: ${overflow} px too wide`)
  }
  await page.setViewportSize({ width: 1280, height: 800 })
  return found
}

test('welcome, dialogs and an empty project', async ({ page }) => {
  await page.goto(baseUrl)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
  expect(await faults(page, 'welcome')).toEqual([])

  await page.getByRole('button', { name: 'New project' }).click()
  expect(await faults(page, 'dialog of a new project')).toEqual([])
  await page.keyboard.press('Escape')

  await createProject(page, 'Empty')
  expect(await faults(page, 'empty project')).toEqual([])

  await page.getByRole('button', { name: /Compute engine/ }).click()
  expect(await faults(page, 'engine panel', [narrow])).toEqual([])
})

test('a notebook with a trained round, its menus, and the annotator', async ({ page }) => {
  test.setTimeout(240_000)
  await page.goto(baseUrl)
  await trainSmallProject(page, 'Discs')
  expect(await faults(page, 'notebook')).toEqual([])

  await page.getByRole('button', { name: 'Download', exact: true }).click()
  await expect(page.getByRole('menuitem', { name: 'CSV' })).toBeVisible()
  expect(await faults(page, 'download menu', [wide])).toEqual([])
  await page.keyboard.press('Escape')

  await page
    .getByRole('button', { name: /^disc-.*labelled/ })
    .first()
    .click()
  await expect(page.getByRole('application')).toBeVisible()
  expect(await faults(page, 'annotator')).toEqual([])

  await page.getByRole('application').focus()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard and pointer' })).toBeVisible()
  expect(await faults(page, 'shortcuts', [narrow])).toEqual([])
})

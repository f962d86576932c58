/** The main job without a mouse: create, import, label, train, ask for more, download. */
import { readFile } from 'node:fs/promises'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { baseUrl, drawDataset, drawImages, importFiles } from './support'

/** Tabs on until the control has the focus, which every control must be able to get, and must then show. */
async function tabTo(page: Page, control: Locator, key = 'Tab'): Promise<void> {
  await expect(control).toBeEnabled()
  for (let presses = 0; presses < 120; presses++) {
    if (await control.evaluate((element) => element === document.activeElement)) {
      const outline = await control.evaluate((element) => getComputedStyle(element).outlineStyle)
      expect(outline).toBe('solid')
      return
    }
    await page.keyboard.press(key)
  }
  throw new Error('The control cannot be reached with the Tab key.')
}

async function activate(page: Page, control: Locator): Promise<void> {
  await tabTo(page, control)
  await page.keyboard.press('Enter')
}

async function enterNumber(page: Page, label: string, value: number): Promise<void> {
  await tabTo(page, page.getByLabel(label, { exact: true }))
  await page.keyboard.press('ControlOrMeta+A')
  await page.keyboard.type(String(value))
  await page.keyboard.press('Enter')
}

const button = (page: Page, name: string): Locator =>
  page.getByRole('button', { name, exact: true })

test('create, import, label, train, query and download by keyboard alone', async ({ page }) => {
  test.setTimeout(180_000)
  await page.goto(baseUrl)
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible()

  // Escape closes the dialog and gives the focus back to the button that opened it.
  await activate(page, button(page, 'New project'))
  await expect(page.getByRole('textbox', { name: 'Name' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(button(page, 'New project')).toBeFocused()
  await page.keyboard.press('Enter')
  await page.keyboard.type('By keyboard')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Data', exact: true })).toBeVisible()

  // Only the chooser of the operating system is passed over.
  await tabTo(page, button(page, 'Choose files'))
  await importFiles(page, await drawDataset(page, 9), 'Hidden oracle')
  await enterNumber(page, 'Input size', 128)
  await enterNumber(page, 'Committee', 1)
  await enterNumber(page, 'Training steps', 20)
  await enterNumber(page, 'Seed set, images', 1)
  await activate(page, button(page, 'Start'))

  // A box is added, moved, resized and given its class; the next key marks the image done.
  await activate(page, button(page, 'Label these'))
  const stage = page.getByRole('application')
  await expect(stage).toBeFocused()
  await page.keyboard.press('b')
  const boxes = page.getByRole('region', { name: /^Boxes/ })
  await expect(boxes.getByText('disc')).toBeVisible()
  await page.keyboard.press('Shift+ArrowLeft')
  await page.keyboard.press('Alt+ArrowRight')
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard and pointer' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog', { name: 'Keyboard and pointer' })).toBeHidden()
  await expect(stage).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(button(page, 'Back to the notebook').last()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(stage).toBeHidden()

  await activate(page, button(page, 'Train'))
  const next = page.getByRole('region', { name: 'Next query' })
  await expect(next).toBeVisible({ timeout: 90_000 })
  await expect(page.getByRole('progressbar')).toBeHidden({ timeout: 90_000 })
  await enterNumber(page, 'Images to ask for', 2)
  await activate(page, button(page, 'Ask for the next 2'))
  await expect(page.locator('section.round')).toHaveCount(2, { timeout: 60_000 })

  await activate(page, button(page, 'Download'))
  await expect(page.getByRole('menuitem', { name: 'SVG' })).toBeFocused()
  await page.keyboard.press('End')
  const downloading = page.waitForEvent('download')
  await page.keyboard.press('Enter')
  const csv = await readFile(await (await downloading).path(), 'utf8')
  expect(csv.trim().split('\n')).toHaveLength(2)
  await expect(button(page, 'Download')).toBeFocused()
})

test('the image grid is one tab stop, walked with arrows, and gets the focus back', async ({
  page,
}) => {
  await page.goto(baseUrl)
  await activate(page, button(page, 'New project'))
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Data', exact: true })).toBeVisible()
  await importFiles(page, await drawImages(page, 6))
  const tile = (name: string) => page.getByRole('button', { name: new RegExp(`^${name}\\.jpg`) })
  await tabTo(page, tile('disc-1'))
  await page.keyboard.press('ArrowRight')
  await expect(tile('disc-2')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('application')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(tile('disc-2')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(tile('disc-3')).not.toBeFocused()
})

/** What several e2e tests need: a page that reports its errors, a project, small images with boxes, a quick round. */
import { expect, type Locator, type Page } from '@playwright/test'

export const baseUrl = process.env.BASE_URL ?? ''

/** One file for a file chooser. */
export interface FilePayload {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

/** Errors that the page throws or logs from now on. */
export function watchErrors(page: Page): readonly string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return errors
}

export async function createProject(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: 'New project' }).first().click()
  await page.getByRole('dialog').getByRole('textbox').fill(name)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'Data', exact: true })).toBeVisible()
}

/** JPEGs of 160 x 120 pixels, each with a red disc of 60 pixels at its own place, drawn by the browser. */
export async function drawImages(page: Page, count: number): Promise<FilePayload[]> {
  const encoded = await page.evaluate((total) => {
    const canvas = document.createElement('canvas')
    canvas.width = 160
    canvas.height = 120
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    return Array.from({ length: total }, (_, index) => {
      context.fillStyle = `hsl(200 20% ${60 + index}%)`
      context.fillRect(0, 0, 160, 120)
      context.fillStyle = '#c02020'
      context.beginPath()
      context.arc(40 + 5 * (index % 16), 60, 30, 0, 2 * Math.PI)
      context.fill()
      return canvas.toDataURL('image/jpeg').split(',')[1]
    })
  }, count)
  return encoded.map((data, index) => ({
    name: `disc-${index + 1}.jpg`,
    mimeType: 'image/jpeg',
    buffer: Buffer.from(data, 'base64'),
  }))
}

export function jsonFile(name: string, content: string): FilePayload {
  return { name, mimeType: 'application/json', buffer: Buffer.from(content) }
}

/** The images of `drawImages` with the COCO file that knows their discs. */
export async function drawDataset(page: Page, count: number): Promise<FilePayload[]> {
  const images = await drawImages(page, count)
  const coco = {
    images: images.map(({ name }, index) => ({
      id: index + 1,
      file_name: name,
      width: 160,
      height: 120,
    })),
    annotations: images.map((_, index) => ({
      id: index + 1,
      image_id: index + 1,
      category_id: 1,
      bbox: [10 + 5 * (index % 16), 30, 60, 60],
      area: 3600,
      iscrowd: 0,
    })),
    categories: [{ id: 1, name: 'disc' }],
  }
  return [...images, jsonFile('instances.json', JSON.stringify(coco))]
}

/** Imports through the real file chooser; the boxes of an annotation file become what `boxesAs` names. */
export async function importFiles(
  page: Page,
  files: readonly FilePayload[],
  boxesAs?: 'Labels' | 'Hidden oracle',
): Promise<void> {
  await page.locator('input[data-import="files"]').setInputFiles([...files])
  if (boxesAs !== undefined) {
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: boxesAs }).check()
    await dialog.getByRole('button', { name: 'Import' }).click()
  }
  await expect(page.getByRole('region', { name: 'Import report' })).toBeVisible({ timeout: 90_000 })
}

/** The table of this name, also where it is folded away. */
export function tableOf(part: Locator, name: string): Locator {
  return part.locator('table', { hasText: name })
}

export async function setNumber(page: Page, label: string, value: number): Promise<void> {
  const field = page.getByLabel(label, { exact: true })
  await field.fill(String(value))
  await field.press('Enter')
}

/** A project of 12 drawn images whose first round was trained on three labels of the oracle, as fast as can be. */
export async function trainSmallProject(page: Page, name: string): Promise<void> {
  await createProject(page, name)
  await importFiles(page, await drawDataset(page, 12), 'Hidden oracle')
  await setNumber(page, 'Input size', 128)
  await setNumber(page, 'Committee', 1)
  await setNumber(page, 'Training steps', 20)
  await setNumber(page, 'Seed set, images', 3)
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  const round = page.locator('section.round').first()
  await round.getByRole('button', { name: 'Let the oracle answer' }).click()
  await round.getByRole('button', { name: 'Train', exact: true }).click()
  await expect(round.getByRole('region', { name: 'Next query' })).toBeVisible({ timeout: 90_000 })
  await expect(page.getByRole('progressbar')).toBeHidden({ timeout: 90_000 })
}

/** Draws a box by the mouse; corners as shares of the element: left, top, right, bottom. */
export async function drawBox(
  page: Page,
  stage: Locator,
  corners: readonly [number, number, number, number],
): Promise<void> {
  const area = await stage.boundingBox()
  if (area === null) throw new Error('The stage is not on the screen.')
  const at = (x: number, y: number) => [area.x + area.width * x, area.y + area.height * y] as const
  const [left, top, right, bottom] = corners
  await page.mouse.move(...at(left, top))
  await page.mouse.down()
  await page.mouse.move(...at(right, bottom), { steps: 6 })
  await page.mouse.up()
}

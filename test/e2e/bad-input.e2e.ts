/** Broken files through the real file chooser: what is good arrives, what is bad is told, nothing is run as markup. */
import { deflateSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { monochromePng } from '../helpers/media-images'
import {
  baseUrl,
  createProject,
  drawImages,
  type FilePayload,
  importFiles,
  jsonFile,
  watchErrors,
} from './support'

const hostileName = '<img src=x onerror=alert(1)>'

/** A COCO file with one of everything that can be wrong; only disc-1 has boxes that are right. */
const coco = `{
  "images": [
    { "id": 1, "file_name": "disc-1.jpg", "width": 160, "height": 120 },
    { "id": 2, "file_name": "disc-2.jpg", "width": 160, "height": 120 },
    { "id": 3, "file_name": "gone.jpg", "width": 160, "height": 120 },
    { "id": 4, "file_name": "one.jpg", "width": 160, "height": 120 },
    { "id": 4, "file_name": "other.jpg", "width": 160, "height": 120 }
  ],
  "annotations": [
    { "id": 1, "image_id": 1, "category_id": 7, "bbox": [10, 30, 60, 60] },
    { "id": 1, "image_id": 1, "category_id": 7, "bbox": [20, 30, 60, 60] },
    { "id": 2, "image_id": 2, "category_id": 99, "bbox": [10, 30, 60, 60] },
    { "id": 3, "image_id": 2, "category_id": 7, "bbox": [500, 500, 60, 60] },
    { "id": 4, "image_id": 2, "category_id": 7, "bbox": [10, NaN, 60, 60] }
  ],
  "categories": [{ "id": 7, "name": ${JSON.stringify(hostileName)} }]
}`

const problems = [
  /gone\.jpg/,
  /same id as another image/,
  /same id as another annotation; all are used/,
  /category id that is not listed/,
  /box outside the image/,
  /bbox that is not four finite numbers/,
]

test('broken files are told one by one, and the good images arrive', async ({ page }) => {
  const errors = watchErrors(page)
  let dialogs = 0
  page.on('dialog', (dialog) => {
    dialogs++
    void dialog.dismiss()
  })
  await page.goto(baseUrl)
  await createProject(page, `Project ${hostileName}`)
  const [first, second] = await drawImages(page, 2)
  const jpeg = (name: string, buffer: Buffer): FilePayload => ({
    name,
    mimeType: 'image/jpeg',
    buffer,
  })
  await importFiles(
    page,
    [
      first,
      second,
      jpeg('text.jpg', Buffer.from('This is not a picture.')),
      jpeg('cut.jpg', first.buffer.subarray(0, first.buffer.length / 3)),
      jpeg('empty.jpg', Buffer.alloc(0)),
      jsonFile('labels.json', coco),
    ],
    'Labels',
  )

  const report = page.getByRole('region', { name: 'Import report' })
  await expect(report.getByRole('status')).toContainText('2 images imported, 2 boxes as labels')
  const failures = report.getByRole('list', { name: '3 files could not be imported' })
  for (const name of ['text.jpg', 'cut.jpg', 'empty.jpg'])
    await expect(failures.getByRole('listitem').filter({ hasText: name })).toHaveCount(1)

  await report.locator('summary', { hasText: 'warning' }).click()
  const warnings = report.getByRole('list', { name: /warning/ })
  for (const problem of problems)
    await expect(warnings.getByRole('listitem').filter({ hasText: problem }).first()).toBeVisible()

  // The name is shown as text, in the list of categories and in the annotator.
  await expect(page.getByRole('button', { name: `Class: ${hostileName}. Rename` })).toBeVisible()
  await page.getByRole('button', { name: /^disc-1\.jpg/ }).click()
  await expect(page.getByRole('complementary').getByText(hostileName).first()).toBeVisible()
  expect(await page.locator('img[src="x"], [onerror]').count()).toBe(0)
  expect(dialogs).toBe(0)
  expect(errors).toEqual([])
})

test('a file that is no COCO file leaves its images without boxes and says why', async ({
  page,
}) => {
  await page.goto(baseUrl)
  await createProject(page, 'Half a file')
  const images = await drawImages(page, 1)
  await importFiles(page, [...images, jsonFile('labels.json', '{"images": [')])
  const report = page.getByRole('region', { name: 'Import report' })
  await expect(report.getByRole('status')).toContainText('1 image imported.')
  await report.locator('summary', { hasText: '1 warning' }).click()
  await expect(report.getByText(/labels\.json is not valid JSON/)).toBeVisible()
})

test('a photo of 12,000 x 9,000 pixels and 1,000 categories can be worked with', async ({
  page,
}) => {
  const errors = watchErrors(page)
  await page.goto(baseUrl)
  await createProject(page, 'Large')
  const [width, height] = [12_000, 9_000]
  const rows = deflateSync(new Uint8Array(height * (1 + width / 8)))
  const categories = Array.from({ length: 1000 }, (_, at) => ({
    id: at + 1,
    name: `kind ${at + 1}`,
  }))
  const huge = {
    name: 'huge.png',
    mimeType: 'image/png',
    buffer: Buffer.from(monochromePng(width, height, rows)),
  }
  const labels = {
    images: [{ id: 1, file_name: huge.name, width, height }],
    annotations: [{ id: 1, image_id: 1, category_id: 1000, bbox: [3000, 2000, 4000, 5000] }],
    categories,
  }
  await importFiles(page, [huge, jsonFile('labels.json', JSON.stringify(labels))], 'Labels')
  const report = page.getByRole('region', { name: 'Import report' })
  // Decoding 108 megapixels takes a slow machine a while.
  const patient = { timeout: 60_000 }
  const imported = '1 image imported, 1 box as labels'
  await expect(report.getByRole('status')).toContainText(imported, patient)

  await page.getByRole('button', { name: /^huge\.png/ }).click()
  const stage = page.getByRole('application')
  await expect(stage.locator('canvas')).toBeVisible(patient)
  const boxes = page.getByRole('region', { name: /^Boxes/ })
  await expect(boxes).toContainText('kind 1000')
  await expect(boxes).toContainText('4000 × 5000')
  expect(errors).toEqual([])
})

/** Folders and files dropped on the page the way the operating system does it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { monochromePng } from '../helpers/media-images'

/** A black picture; one filter byte and one bit a pixel in each row. */
const png = (width: number, height: number) =>
  monochromePng(width, height, deflateSync(new Uint8Array(height * (1 + Math.ceil(width / 8)))))

const baseUrl = process.env.BASE_URL ?? ''

test('a dropped folder comes in with its subfolders and its COCO labels', async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), 'margin-drop-'))
  try {
    mkdirSync(join(folder, 'images/second'), { recursive: true })
    writeFileSync(join(folder, 'images/a.png'), png(40, 30))
    writeFileSync(join(folder, 'images/second/b.png'), png(50, 30))
    const coco = {
      images: [
        { id: 1, file_name: 'a.png', width: 40, height: 30 },
        { id: 2, file_name: 'b.png', width: 50, height: 30 },
      ],
      categories: [{ id: 1, name: 'cow' }],
      annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [5, 5, 10, 10] }],
    }
    writeFileSync(join(folder, 'instances.json'), JSON.stringify(coco))

    await page.goto(baseUrl)
    await page.getByRole('button', { name: 'New project' }).first().click()
    await page.getByRole('dialog').getByRole('textbox').fill('Dropped')
    await page.keyboard.press('Enter')
    await expect(page.getByRole('heading', { name: 'Data', exact: true })).toBeVisible()

    const devtools = await page.context().newCDPSession(page)
    const data = { items: [], files: [folder], dragOperationsMask: 1 }
    const drag = (type: 'dragEnter' | 'dragOver' | 'drop') =>
      devtools.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data })
    await drag('dragEnter')
    await drag('dragOver')
    await drag('drop')

    await page
      .getByRole('dialog')
      .getByRole('radio', { name: /^Labels/ })
      .check()
    await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
    await expect(page.getByText('2 images imported')).toBeVisible()
    await expect(page.getByText('cow', { exact: true }).first()).toBeVisible()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

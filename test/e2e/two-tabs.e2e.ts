/** One project in two tabs: one writes, the other shows, and taking over turns that round. */
import { expect, test } from '@playwright/test'
import { baseUrl, createProject, drawImages, importFiles } from './support'

test('a second tab only shows the project until it takes it over', async ({ page, context }) => {
  await page.goto(baseUrl)
  await createProject(page, 'Shared')
  await importFiles(page, await drawImages(page, 2))
  const second = await context.newPage()
  await second.goto(baseUrl)

  const banner = { name: 'Read-only' } as const
  await expect(second.getByRole('region', banner)).toContainText('Open in another tab')
  await expect(page.getByRole('region', banner)).toBeHidden()
  await expect(second.getByRole('grid', { name: 'Images' }).getByRole('gridcell')).toHaveCount(2)
  for (const name of ['Choose a folder', 'Start', 'Defaults'])
    await expect(second.getByRole('button', { name, exact: true })).toBeDisabled()
  await expect(second.getByRole('textbox', { name: 'New class' })).toBeDisabled()

  // What the writer did since is read on taking over.
  await page.getByRole('textbox', { name: 'New class' }).fill('disc')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: /^Class: disc/ })).toBeVisible()
  await second.getByRole('button', { name: 'Take over' }).click()
  await expect(second.getByRole('region', banner)).toBeHidden()
  await expect(second.getByRole('button', { name: /^Class: disc/ })).toBeEnabled()
  await expect(page.getByRole('region', banner)).toBeVisible()

  await second.getByRole('textbox', { name: 'New class' }).fill('ring')
  await second.keyboard.press('Enter')
  await expect(second.getByRole('button', { name: /^Class: ring/ })).toBeVisible()

  // A tab that closes lets the project go.
  await second.close()
  await page.reload()
  await expect(page.getByRole('button', { name: /^Class: ring/ })).toBeEnabled()
  await expect(page.getByRole('region', banner)).toBeHidden()
})

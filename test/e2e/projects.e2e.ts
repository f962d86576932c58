/** Renaming, deleting with confirmation, and bringing back. */
import { expect, test } from '@playwright/test'
import { baseUrl, createProject, drawImages, importFiles } from './support'

test('a project is renamed, deleted after a question, and brought back whole', async ({ page }) => {
  await page.goto(baseUrl)
  await createProject(page, 'First name')
  await importFiles(page, await drawImages(page, 3))
  await page.getByRole('button', { name: 'Project name: First name. Rename' }).click()
  await page.keyboard.type('Second name')
  await page.keyboard.press('Enter')
  await expect(page).toHaveTitle(/^Second name/)

  await page.getByRole('button', { name: 'Margin: all projects' }).click()
  const list = page.getByRole('list', { name: 'Projects' })
  const menu = (name: string) => page.getByRole('button', { name: `Actions for ${name}` })
  await menu('Second name').click()
  await page.getByRole('menuitem', { name: 'Rename' }).click()
  await page.keyboard.type('Third name')
  await page.keyboard.press('Enter')
  await expect(list.getByRole('listitem')).toContainText(['Third name'])

  await menu('Third name').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  const question = page.getByRole('dialog', { name: 'Delete “Third name”?' })
  await expect(question).toContainText('3 images')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await expect(list.getByRole('listitem')).toHaveCount(1)

  await menu('Third name').click()
  await page.getByRole('menuitem', { name: 'Delete' }).click()
  await question.getByRole('button', { name: 'Delete project' }).click()
  await expect(list).toBeHidden()
  await page.getByRole('button', { name: 'Undo' }).click()
  await list.getByRole('button', { name: 'Third name', exact: true }).click()
  await expect(page.getByRole('grid', { name: 'Images' }).getByRole('gridcell')).toHaveCount(3)

  // The name and the open project survive a reload.
  await page.reload()
  await expect(page).toHaveTitle(/^Third name/)
})

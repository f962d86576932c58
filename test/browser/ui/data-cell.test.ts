import { flushSync } from 'svelte'
import { afterEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { Workspace } from '../../../src/app/workspace.svelte'
import { defaultRoundSettings } from '../../../src/core/notebook/default-settings'
import DataCell from '../../../src/ui/data/DataCell.svelte'
import { accessibilityProblems, choose, dispose, imageFile, makeWorkspace, show } from './harness'

afterEach(dispose)

interface OpenCell {
  readonly workspace: Workspace
  readonly session: ProjectSession
  readonly target: HTMLElement
}

async function openCell(): Promise<OpenCell> {
  const { workspace } = await makeWorkspace()
  const session = await workspace.createProject('Shelves')
  const cell = session.notebook.cells.find((candidate) => candidate.kind === 'data')
  if (cell === undefined) throw new Error('A new notebook has no data cell.')
  return { workspace, session, target: show(DataCell, { workspace, session, cell }) }
}

const images = (count: number): Promise<File[]> =>
  Promise.all(
    Array.from({ length: count }, (_, index) => imageFile(`image-${index}.png`, index * 7)),
  )

/** Two categories and, on the first three images, 2 + 1 + 0 boxes. */
function cocoFile(): File {
  const box = (id: number, image: number, category: number): object => ({
    id,
    image_id: image,
    category_id: category,
    bbox: [4, 4, 20, 16],
    area: 320,
    iscrowd: 0,
  })
  const dataset = {
    images: [0, 1, 2].map((id) => ({ id, file_name: `image-${id}.png`, width: 64, height: 48 })),
    categories: [
      { id: 1, name: 'tin' },
      { id: 2, name: 'carton' },
    ],
    annotations: [box(1, 0, 1), box(2, 0, 2), box(3, 1, 1)],
  }
  return new File([JSON.stringify(dataset)], 'instances.json', { type: 'application/json' })
}

const figure = (target: HTMLElement, name: string): string | undefined =>
  [...target.querySelectorAll('dt')].find((dt) => dt.textContent === name)?.nextElementSibling
    ?.textContent

describe('importing', () => {
  it('asks for images when there are none', async () => {
    const { target } = await openCell()
    expect(target.textContent).toContain('Drop images here')
    expect(await accessibilityProblems()).toEqual([])
  })

  it('stops looking through files when cancelled, and takes others then', async () => {
    const { session, target, workspace } = await openCell()
    const [image] = await images(1)
    if (image === undefined) throw new Error('No image was made.')
    // Long to read, so that there is something to cancel.
    const boxes = Array.from({ length: 300_000 }, (_, id) => ({ id, image_id: 0, category_id: 1 }))
    const dataset = JSON.stringify({ images: [], categories: [], annotations: boxes })
    choose(target, [image, new File([dataset], 'instances.json')])
    flushSync()
    expect(target.textContent).toContain('Looking through the files')
    const cancel = [...target.querySelectorAll('button')].find(
      ({ textContent }) => textContent?.trim() === 'Cancel',
    )
    cancel?.click()
    await expect.element(page.getByText('Drop images here')).toBeVisible()
    expect(session.images).toEqual([])
    expect(workspace.notices.items).toEqual([])
    choose(target, [image])
    await expect.element(page.getByText('1 image imported')).toBeVisible()
  })

  it('imports plain images without a question and reports file by file', async () => {
    const { session, target } = await openCell()
    const [first, ...rest] = await images(5)
    if (first === undefined) throw new Error('No image was made.')
    const broken = new File(['not an image'], 'broken.jpg')
    const copy = new File([first], 'copy.png')
    choose(target, [first, ...rest, copy, broken])

    await expect.element(page.getByText('5 images imported')).toBeVisible()
    await expect.element(page.getByText('1 file could not be imported')).toBeVisible()
    await expect.element(page.getByText('1 exact duplicate skipped')).toBeVisible()
    expect(target.querySelector('[role=dialog]')).toBeNull()
    expect(session.images).toHaveLength(5)
    expect(figure(target, 'Images')).toBe('5')
    // One of five images is the default fifth.
    expect(figure(target, 'Test')).toBe('1')
    // Images without an annotation file are unlabelled, not negatives.
    expect(session.labels.all()).toEqual([])
    expect(await accessibilityProblems()).toEqual([])

    await page.getByRole('button', { name: 'Dismiss the report' }).click()
    expect(session.importReport).toBeUndefined()
  })

  it('asks what boxes are for, and takes them as labels', async () => {
    const { session, target } = await openCell()
    choose(target, [...(await images(4)), cocoFile()])
    await expect.element(page.getByText('What are these boxes for?')).toBeVisible()
    expect(document.activeElement?.getAttribute('value')).toBe('labels')
    expect(await accessibilityProblems()).toEqual([])

    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect.element(page.getByText('3 boxes as labels')).toBeVisible()
    expect(figure(target, 'Boxes')).toBe('3')
    const [tin, carton] = session.categories
    expect([tin?.name, carton?.name]).toEqual(['tin', 'carton'])
    await expect
      .element(page.getByRole('listitem').filter({ hasText: 'tin' }))
      .toHaveTextContent(/2 boxes/)
  })

  it('keeps boxes out of sight for the oracle, but labels the test images with them', async () => {
    const { session, target } = await openCell()
    choose(target, [...(await images(3)), cocoFile()])
    await page.getByText('Hidden oracle').click()
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect.element(page.getByText('3 boxes kept by the oracle')).toBeVisible()
    expect(session.project.hasOracle).toBe(true)
    expect(session.testLabeled).toHaveLength(session.testImages.length)
    expect(session.pool.labeled).toHaveLength(0)
  })

  it('imports nothing when the question is cancelled', async () => {
    const { session, target } = await openCell()
    choose(target, [...(await images(2)), cocoFile()])
    await page.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => document.querySelector('[role=dialog]')).toBeNull()
    expect(session.images).toHaveLength(0)
  })

  it('shows where a drag may be dropped, and imports what is dropped anywhere', async () => {
    const { session, target } = await openCell()
    const transfer = new DataTransfer()
    for (const file of await images(2)) transfer.items.add(file)
    const drag = (type: string): DragEvent =>
      new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true })
    const over = drag('dragover')
    document.body.dispatchEvent(over)
    expect(over.defaultPrevented).toBe(true)
    await expect.element(page.getByText('Drop to import into “Shelves”')).toBeVisible()
    document.body.dispatchEvent(drag('drop'))
    await expect.element(page.getByText('2 images imported')).toBeVisible()
    expect(target.textContent).not.toContain('Drop to import')
    expect(session.images).toHaveLength(2)
  })
})

describe('categories', () => {
  it('adds, refuses a taken name, renames and moves a key', async () => {
    const { session, target } = await openCell()
    choose(target, await images(2))
    const field = page.getByLabelText('New class')
    await field.fill('tin')
    await userEvent.keyboard('{Enter}')
    await expect.poll(() => session.categories.map(({ name }) => name)).toEqual(['tin'])
    await field.fill('tin')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('alert')).toHaveTextContent('already a class called “tin”')

    const evil = '<img src=x onerror=alert(1)>'
    await field.fill(evil)
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByText(evil)).toBeVisible()
    expect(target.querySelector('img[src="x"]')).toBeNull()

    await page.getByRole('button', { name: 'Class: tin. Rename' }).click()
    await userEvent.keyboard('can{Enter}')
    await expect.poll(() => session.categories[0]?.name).toBe('can')

    await page.getByLabelText(`Key of ${evil}`).selectOptions('1')
    await expect.poll(() => session.categories.map(({ key }) => key)).toEqual(['', '1'])
    expect(await accessibilityProblems()).toEqual([])
  })

  it('says how many boxes go before it deletes a category', async () => {
    const { session, target } = await openCell()
    choose(target, [...(await images(3)), cocoFile()])
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await page.getByRole('button', { name: 'Delete tin' }).click()
    await expect.element(page.getByText('Its 2 boxes are deleted with it')).toBeVisible()
    // The safe answer has the focus.
    expect(document.activeElement?.textContent.trim()).toBe('Cancel')
    await page.getByRole('button', { name: 'Delete class' }).click()
    await expect.poll(() => session.categories.map(({ name }) => name)).toEqual(['carton'])
    await expect.poll(() => figure(target, 'Boxes')).toBe('1')
  })
})

describe('test split', () => {
  it('is drawn anew until the first round, then fixed', async () => {
    const { session, target } = await openCell()
    choose(target, await images(10))
    await expect.poll(() => figure(target, 'Test')).toBe('2')
    const share = page.getByLabelText('Share of images held out')
    await share.fill('40')
    await userEvent.keyboard('{Tab}')
    await expect.poll(() => figure(target, 'Test')).toBe('4')

    await session.labels.addCategory('tin')
    await session.startSeedRound({ ...defaultRoundSettings, batchSize: 2 })
    await expect.element(share).toBeDisabled()
    await expect.element(page.getByText('Fixed since the first round')).toBeVisible()
  })

  it('opens the unlabelled test images in the annotator', async () => {
    const { session, target } = await openCell()
    choose(target, await images(10))
    await expect.poll(() => figure(target, 'Test')).toBe('2')
    const ids = session.testImages.map(({ id }) => id)
    await page.getByRole('button', { name: 'Label the test images' }).click()
    expect(session.openImageId).toBe(ids[0])
    expect(session.queue).toEqual(ids)
  })
})

describe('images', () => {
  it('filters, searches, and opens the annotator with the filtered list as queue', async () => {
    const { session, target } = await openCell()
    choose(target, [...(await images(12)), cocoFile()])
    await page.getByRole('button', { name: 'Import', exact: true }).click()
    await expect.poll(() => figure(target, 'Images')).toBe('12')
    await page.getByRole('button', { name: 'Labelled 3', exact: true }).click()
    await expect.poll(() => target.querySelectorAll('[data-image]').length).toBe(3)
    await page.getByRole('button', { name: /^All/ }).click()
    await page.getByLabelText('Search by name').fill('image-1')
    // image-1, image-10 and image-11
    await expect.poll(() => target.querySelectorAll('[data-image]').length).toBe(3)
    await page.getByRole('button', { name: /^image-10\.png/ }).click()
    expect(session.image(session.openImageId)?.name).toBe('image-10.png')
    expect(session.queue.map((id) => session.image(id)?.name)).toEqual([
      'image-1.png',
      'image-10.png',
      'image-11.png',
    ])
    await page.getByLabelText('Search by name').fill('nothing has this name')
    await expect.element(page.getByText('No image matches')).toBeVisible()
  })

  it('keeps 3,000 images out of the page except those in sight, and reaches the last by keyboard', async () => {
    const { session, target } = await openCell()
    const [file] = await images(1)
    if (file === undefined) throw new Error('No image was made.')
    choose(target, [file])
    await expect.poll(() => session.images.length).toBe(1)
    const [record] = session.images
    if (record === undefined) throw new Error('The image was not stored.')
    session.images = Array.from({ length: 3000 }, (_, order) => ({
      ...record,
      id: session.services.newId<typeof record.id>(),
      name: `many-${order}.png`,
      order,
    }))
    await expect.element(page.getByRole('button', { name: 'All 3,000' })).toBeVisible()
    await expect.poll(() => target.querySelectorAll('[data-image]').length).toBeGreaterThan(10)
    expect(target.querySelectorAll('[data-image]').length).toBeLessThan(100)
    target.querySelector<HTMLElement>('[data-image]')?.focus()
    await userEvent.keyboard('{End}')
    await expect
      .poll(() => document.activeElement?.getAttribute('aria-label'))
      .toMatch(/^many-2999\.png/)
    // Exactly one tile is a tab stop.
    expect(target.querySelectorAll('[data-image][tabindex="0"]').length).toBe(1)
    expect(target.querySelectorAll('[data-image]').length).toBeLessThan(100)
  })
})

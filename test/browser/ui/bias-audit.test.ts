/** What the labels miss, in the data cell. */
import { tick } from 'svelte'
import { afterAll, afterEach, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { Activity } from '../../../src/app/state/activity.svelte'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { Detection } from '../../../src/core/detection/types'
import { emptyDiff } from '../../../src/core/history/diff'
import BiasAudit from '../../../src/ui/data/BiasAudit.svelte'
import UnseenGroup from '../../../src/ui/data/UnseenGroup.svelte'
import {
  closeApps,
  closeWorkers,
  imageFiles,
  importFiles,
  openProject as openAppProject,
  tinyModel,
  useModel,
} from '../app/fixture'
import { imageId, labelImage, openProject, putRound } from '../notebook/harness'
import { accessibilityProblems, dispose, show } from './harness'

afterEach(dispose)
afterEach(closeApps)
afterAll(closeWorkers)

async function openAudit(): Promise<ProjectSession> {
  const { workspace, session } = await openProject(6)
  show(BiasAudit, { workspace, session })
  return session
}

const disclosure = () => page.getByText('What the labels miss', { exact: true })

function rowsOf(caption: RegExp): string[][] {
  const table = page.getByRole('table', { name: caption }).element()
  return [...table.querySelectorAll('tbody tr')].map((row) =>
    [...row.children].map(({ textContent }) => textContent.trim()).filter((text) => text !== ''),
  )
}

test('without labels, and without a model, it says what is lacking', async () => {
  const session = await openAudit()
  await disclosure().click()
  await expect.element(page.getByText('No box is labelled in the pool yet.')).toBeVisible()
  await labelImage(session, 0)
  await expect.element(page.getByText(/train a round first/)).toBeVisible()
  await putRound(session, 0, [0], 0.5)
  await expect.element(page.getByText(/The newest model sees no box/)).toBeVisible()
  for (const index of [1, 2, 3, 4, 5]) await labelImage(session, index)
  await expect.element(page.getByText('Every image of the pool is labelled')).toBeVisible()
})

test('shows shares of the labelled boxes beside those of the pool, and what is lacking most', async () => {
  const session = await openAudit()
  await session.labels.addCategory('Dog')
  // One box of 20 x 20 in 80 x 60, its centre at 15, 15: a cow on the top left.
  await labelImage(session, 0)
  const [cow, dog] = session.categories.map(({ id }) => id)
  const seen = (categoryId: typeof cow, x: number, score: number): Detection => ({
    categoryId,
    box: { x, y: 5, width: 20, height: 20 },
    score,
    classProbabilities: [],
    memberScores: [],
  })
  session.detections = new Map([
    [imageId(1), { imageId: imageId(1), detections: [seen(cow, 5, 0.9), seen(dog, 55, 0.31)] }],
    [imageId(2), { imageId: imageId(2), detections: [seen(dog, 55, 0.5), seen(dog, 5, 0.3)] }],
    // Too unsure, and of a labelled image.
    [imageId(3), { imageId: imageId(3), detections: [seen(dog, 55, 0.29)] }],
    [imageId(0), { imageId: imageId(0), detections: [seen(dog, 55, 0.9)] }],
  ])
  await disclosure().click()
  await expect.element(page.getByText(/1 labelled box of the pool against 4 boxes/)).toBeVisible()
  expect(rowsOf(/^Class 75 % apart; most lacking: Dog/)).toEqual([
    ['Cow', '100 %, 1 box', '25 %, 1 box'],
    ['Dog', '0 %, 0 boxes', '75 %, 3 boxes'],
  ])
  expect(rowsOf(/^Where in the image 50 % apart; most lacking: top right/).slice(0, 3)).toEqual([
    ['top left', '100 %, 1 box', '50 %, 2 boxes'],
    ['top', '0 %, 0 boxes', '0 %, 0 boxes'],
    ['top right', '0 %, 0 boxes', '50 %, 2 boxes'],
  ])
  expect(rowsOf(/^Shape 0 % apart$/)[2]).toEqual(['square', '100 %, 1 box', '100 %, 4 boxes'])
  expect(await accessibilityProblems()).toEqual([])
  // A label, and what another model sees, change it at once.
  await labelImage(session, 1)
  await expect.element(page.getByText(/2 labelled boxes of the pool against 2 boxes/)).toBeVisible()
  session.detections = new Map([
    [imageId(4), { imageId: imageId(4), detections: [seen(cow, 5, 0.9), seen(dog, 55, 0.9)] }],
  ])
  await expect.element(page.getByText(/2 labelled boxes of the pool against 2 boxes/)).toBeVisible()
  // What was seen of a deleted class is still among the detections.
  await session.labels.deleteCategory(dog)
  await expect.element(page.getByText(/2 labelled boxes of the pool against 1 box/)).toBeVisible()
  expect(rowsOf(/^Class 0 % apart/)).toEqual([['Cow', '100 %, 2 boxes', '100 %, 1 box']])
})

test('says that it is at work, and what goes wrong with the boxes does not keep images from being compared', async () => {
  const session = await openAudit()
  const details = document.querySelector('details')
  if (details === null) throw new Error('There is no disclosure.')
  const opened = new Promise((resolve) => details.addEventListener('toggle', resolve))
  details.open = true
  await opened
  await tick()
  expect(details.textContent).toContain('Comparing the boxes …')
  await expect.element(page.getByText('No box is labelled in the pool yet.')).toBeVisible()
  expect(details.textContent).not.toContain('Comparing the boxes …')
  // Not what a detection is.
  const broken = [undefined] as unknown as Detection[]
  session.detections = new Map([[imageId(0), { imageId: imageId(0), detections: broken }]])
  await expect.element(page.getByText('The boxes could not be compared.')).toBeVisible()
  expect(session.notices.items.map(({ text }) => text)).toEqual([
    expect.stringContaining('Comparing the boxes: '),
  ])
  await expect.element(page.getByRole('button', { name: 'Compare the images' })).toBeEnabled()
  session.detections = new Map()
  await expect.element(page.getByText('No box is labelled in the pool yet.')).toBeVisible()
})

test('what it says of groups follows the labels, and tells of images that came or went since', async () => {
  const { workspace, session } = await openAppProject()
  await importFiles(session, await imageFiles(8, 'first'))
  await session.setTestFraction(0)
  await useModel(session, tinyModel)
  show(BiasAudit, { workspace, session })
  await disclosure().click()
  const groups = page.getByRole('region', { name: 'Groups of images that look alike' })
  const says = (text: string | RegExp) => expect.element(groups).toHaveTextContent(text)
  const setAll = (status: 'done' | 'in-progress') =>
    session.labels.commitMany(
      session.images.map(({ id }) => ({ imageId: id, diff: emptyDiff, options: { status } })),
    )

  await setAll('done')
  await page.getByRole('button', { name: 'Compare the images' }).click()
  await says('Each of the 2 groups holds a labelled image.')
  await setAll('in-progress')
  await says('2 of 2 groups have no label: 8 images.')
  await setAll('done')
  await says('Each of the 2 groups holds a labelled image.')

  await importFiles(session, (await imageFiles(10, 'second')).slice(8))
  await says(
    'Each of the 2 groups holds a labelled image. 2 images have come since; compare again.',
  )
  await page.getByRole('button', { name: 'Compare again' }).click()
  await expect.element(groups).not.toHaveTextContent('come since')
  await session.setTestFraction(0.1)
  await says('1 image has left the pool since; compare again.')
}, 120_000)

test('how far it is shows with the disclosure closed as well, and can be stopped there', async () => {
  const session = await openAudit()
  const activity = new Activity('audit', 'Comparing the images')
  session.activity = activity
  await expect
    .element(page.getByRole('progressbar', { name: 'Comparing the images' }))
    .toBeVisible()
  await page.getByRole('button', { name: 'Cancel' }).click()
  expect(activity.cancelled).toBe(true)
})

test('a group without a label makes its most typical images the next to label', async () => {
  const { session } = await openProject(6)
  const ids = [4, 2, 5, 0, 1].map(imageId)
  show(UnseenGroup, { session, number: 2, imageIds: ids })
  await expect.element(page.getByText('5 images', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Label these 4 next of group 2, 5 images' }).click()
  expect(session.openImageId).toBe(imageId(4))
  expect(session.queue).toEqual([4, 2, 5, 0].map(imageId))
})

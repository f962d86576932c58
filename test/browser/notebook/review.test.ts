/** The label review as a cell: its list, its decisions, and when it is out of date. */
import { afterEach, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { fingerprintOfReview, fingerprintOfRound } from '../../../src/app/state/staleness'
import type { ReviewCell, ReviewItem } from '../../../src/core/notebook/types'
import { accessibilityProblems, dispose } from '../ui/harness'
import { imageId, labelImage, openProject, putRound } from './harness'

afterEach(dispose)

const labelBox = { x: 5, y: 5, width: 20, height: 20 }
const seenBox = { x: 15, y: 5, width: 20, height: 20 }

/** Three labelled images, one suspect of each kind, the last two of the same image. */
async function openReviewed(): Promise<{ session: ProjectSession; cell: ReviewCell }> {
  const { session, showNotebook } = await openProject(4)
  await session.labels.addCategory('Dog')
  for (const order of [0, 1, 2]) await labelImage(session, order)
  const round = await putRound(session, 0, [0, 1, 2], 0.4)
  const output = round.output
  if (output === undefined) throw new Error('The round is not trained.')
  await session.notebook.put({
    ...round,
    output: { ...output, fingerprint: fingerprintOfRound(session, round, output.trainedOn) },
  })
  const cell = await session.notebook.addReview(session.notebook.cells.at(-1)?.id)
  const [cow, dog] = session.categories.map(({ id }) => id)
  const of = (order: number) => {
    const id = imageId(order)
    return {
      imageId: id,
      revision: session.labels.label(id)?.revision ?? 0,
      annotationId: session.labels.of(id)[0]?.id,
    }
  }
  const detection = { categoryId: cow, box: seenBox, score: 0.62, confidence: 0.94 }
  const label = { truthIndex: 0, categoryId: cow, box: labelBox }
  const items: ReviewItem[] = [
    {
      ...of(0),
      kind: 'swapped',
      suspicion: 0.87,
      detection: { ...detection, categoryId: dog },
      iou: 0.8,
      label,
      ownConfidence: 0.03,
    },
    {
      ...of(1),
      kind: 'misplaced',
      suspicion: 0.51,
      detection,
      iou: 1 / 3,
      label,
      usualIou: 0.84,
    },
    {
      ...of(1),
      annotationId: undefined,
      kind: 'overlooked',
      suspicion: 0.3,
      detection: { ...detection, box: { x: 50, y: 30, width: 20, height: 20 } },
      iou: 0,
    },
  ]
  const reviewed: ReviewCell = {
    ...cell,
    output: {
      items,
      images: 3,
      boxes: 3,
      unjudged: 0,
      fingerprint: fingerprintOfReview(session),
      finishedAt: 500,
    },
  }
  await session.notebook.put(reviewed)
  showNotebook()
  return { session, cell: reviewed }
}

const list = () => page.getByRole('list', { name: 'Suspected label errors' })
const shown = () =>
  list()
    .getByRole('listitem')
    .elements()
    .map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim())
const section = () => document.querySelector('section.cell.review')

test('lists the suspects with the numbers behind each, the most suspicious first', async () => {
  await openReviewed()
  expect(shown()).toEqual([
    'Wrong class 87 % image-0.png Labelled Cow, but seen as Dog with 0.62 (as Cow with 0.03) at IoU 0.80; 94 % of ' +
      'such detections agree with the label. The label is right',
    'Badly located 51 % image-1.png Cow seen with 0.62; the box overlaps what was seen by IoU 0.33, usual is 0.84. ' +
      'The label is right',
    'Overlooked 30 % image-1.png Cow seen with 0.62 where there is no box; 94 % of such detections have one. ' +
      'The label is right',
  ])
  expect(section()?.textContent).toContain('3 suspects among 3 boxes in 3 labelled images')
  await page.getByRole('button', { name: 'Overlooked 1' }).click()
  expect(shown()).toHaveLength(1)
  expect(await accessibilityProblems()).toEqual([])
})

test('opens a suspect in the annotator, the images of the others in the queue', async () => {
  const { session } = await openReviewed()
  await page.getByRole('button', { name: /Open image-1.png: Badly located/ }).click()
  expect(session.openImageId).toBe(imageId(1))
  expect(session.queue).toEqual([imageId(0), imageId(1)])
})

test('a label that was found right leaves the list for good', async () => {
  const { session, cell } = await openReviewed()
  await list().getByRole('button', { name: 'The label is right' }).first().click()
  await vi.waitFor(() => expect(shown()).toHaveLength(2))
  const stored = await session.services.storage.listCells(session.project.id)
  expect(stored.find(({ id }) => id === cell.id)).toMatchObject({
    dismissed: [
      {
        kind: 'swapped',
        imageId: imageId(0),
        categoryId: session.categories[0].id,
        box: labelBox,
      },
    ],
  })
  await session.reload()
  expect(shown()).toHaveLength(2)
  expect(section()?.textContent).toContain('1 label found right')
})

test('is stale once a label changes, and marks the suspects it no longer speaks of', async () => {
  const { session } = await openReviewed()
  expect(section()?.classList.contains('stale')).toBe(false)
  await labelImage(session, 1)
  await vi.waitFor(() => expect(section()?.classList.contains('stale')).toBe(true))
  // Another box was drawn in image 1: it may be the one that was overlooked; the badly located one is as it was.
  expect(shown().map((text) => text.includes('changed since'))).toEqual([false, false, true])
  const [label] = session.labels.of(imageId(0))
  await session.labels.commit(imageId(0), {
    added: [],
    updated: [{ from: label, to: { ...label, categoryId: session.categories[1].id } }],
    removed: [],
  })
  await vi.waitFor(() =>
    expect(shown().map((text) => text.includes('changed since'))).toEqual([true, false, true]),
  )
  expect(section()?.textContent).toContain('Look again')
})

test('is added from the menu between two cells, says what it lacks, and can be removed', async () => {
  const { showNotebook } = await openProject(2)
  showNotebook()
  await page.getByRole('button', { name: 'Add a cell below Count' }).click()
  await page.getByRole('menuitem', { name: 'Label review' }).click()
  await vi.waitFor(() => expect(section()?.textContent).toContain('train a round first'))
  await expect.element(page.getByRole('button', { name: 'Look for label errors' })).toBeDisabled()
  await page.getByRole('button', { name: 'Remove this review' }).click()
  await vi.waitFor(() => expect(section()).toBeNull())
})

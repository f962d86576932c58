import { deleteDB } from 'idb'
import { mount, unmount } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { Annotation, ImageId } from '../../../src/core/dataset/types'
import type { OpenStorage } from '../../../src/storage/open'
import Annotator from '../../../src/ui/annotator/Annotator.svelte'
import '../../../src/ui/styles/base.css'
import '../../../src/ui/styles/tokens.css'
import * as harness from './harness'
import { click, drag, dragTo, moveTo, type Place, press, release, touch, wheel } from './pointer'

const first = 'first' as ImageId
const second = 'second' as ImageId
const databaseName = 'annotator-test'
let storage: OpenStorage
let session: ProjectSession
let dispose = (): void => undefined

/** Opens the annotator on two images of 400 x 300 (or those given). */
async function start(
  classes: readonly string[] = ['Cow', 'Sheep'],
  images?: readonly harness.GivenImage[],
  services = harness.servicesOn(storage),
): Promise<void> {
  const blob = await harness.picture(400, 300)
  const given = images ?? [first, second].map((id) => ({ id, width: 400, height: 300, blob }))
  session = await harness.createSession(services, given, classes)
}

async function show(): Promise<void> {
  const ids = session.images.map(({ id }) => id)
  const [open] = ids
  if (open === undefined) throw new Error('The session has no image to open.')
  session.openImage(open, ids)
  const component = mount(Annotator, { target: document.body, props: { session } })
  dispose = () => void unmount(component)
  await imageShown()
}

function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector)
  if (found === null) throw new Error(`There is no ${selector}.`)
  return found
}

async function imageShown(): Promise<void> {
  await vi.waitFor(() => {
    expect(getComputedStyle(element('.stage canvas')).visibility).toBe('visible')
  })
}

/** Where an image point is in the window, by the canvas as laid out; whole pixels, as a mouse has them. */
function at(x: number, y: number): Place {
  const { left, top, width } = element('.stage canvas').getBoundingClientRect()
  const scale = width / (session.image(session.openImageId)?.width ?? 1)
  return { x: Math.round(left + x * scale), y: Math.round(top + y * scale) }
}

/** The image point under a place of the window. */
function imagePoint({ x, y }: Place): Place {
  const { left, top, width } = element('.stage canvas').getBoundingClientRect()
  const scale = width / (session.image(session.openImageId)?.width ?? 1)
  return { x: (x - left) / scale, y: (y - top) / scale }
}

const boxes = (): readonly Annotation[] => session.labels.of(session.openImageId ?? first)
const saved = () => vi.waitFor(() => expect(element('.indicator').dataset.status).toBe('saved'))

/** A mouse has whole pixels, which at this zoom are about half an image pixel. */
function expectBox(
  annotation: Annotation | undefined,
  x: number,
  y: number,
  width: number,
  height: number,
) {
  expect(Math.abs((annotation?.box.x ?? NaN) - x)).toBeLessThan(0.6)
  expect(Math.abs((annotation?.box.y ?? NaN) - y)).toBeLessThan(0.6)
  expect(Math.abs((annotation?.box.width ?? NaN) - width)).toBeLessThan(1.2)
  expect(Math.abs((annotation?.box.height ?? NaN) - height)).toBeLessThan(1.2)
}

beforeEach(async () => {
  await page.viewport(1200, 800)
  storage = await harness.openStorage(databaseName)
})

afterEach(async () => {
  dispose()
  dispose = () => undefined
  // Closing gives the project's lock back.
  await session.close()
  await storage.close()
  await deleteDB(databaseName)
})

describe('with the mouse', () => {
  it('draws three boxes, undoes, redoes, and finds them again after reopening', async () => {
    await start()
    await show()
    await drag(at(20, 20), at(120, 90))
    await drag(at(250, 200), at(200, 120))
    await userEvent.keyboard('2')
    await drag(at(300, 40), at(380, 100))
    expect(boxes()).toHaveLength(3)
    expectBox(boxes()[0], 20, 20, 100, 70)
    expectBox(boxes()[1], 200, 120, 50, 80)
    expectBox(boxes()[2], 300, 40, 80, 60)
    const [cow, sheep] = session.categories.map(({ id }) => id)
    // The digit came with the second box selected: it changed that one, and the next was drawn as it.
    expect(boxes().map(({ categoryId }) => categoryId)).toEqual([cow, sheep, sheep])
    const drawn = boxes()

    await userEvent.keyboard('{Control>}z{/Control}')
    expect(boxes()).toEqual(drawn.slice(0, 2))
    await userEvent.keyboard('{Control>}z{/Control}')
    expect(boxes()[1]?.categoryId).toBe(cow)
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}')
    await userEvent.keyboard('{Control>}y{/Control}')
    expect(boxes()).toEqual(drawn)

    await saved()
    const reopened = await harness.openSession(harness.servicesOn(storage))
    await reopened.close()
    const byId = (list: readonly Annotation[]) => list.toSorted((a, b) => a.id.localeCompare(b.id))
    expect(byId(reopened.labels.of(first))).toEqual(byId(drawn))
    expect(reopened.openImageId).toBe(first)
    // Draw, draw, class, draw, two undos, two redos: each was one written step.
    expect(reopened.labels.label(first)?.revision).toBe(8)
    expect(reopened.labels.label(first)?.status).toBe('in-progress')
    expect(reopened.labels.label(first)?.seconds).toBeGreaterThan(0)
  })

  it('moves and resizes the selected box, also over its opposite edge; Escape breaks off', async () => {
    await start()
    await show()
    await drag(at(100, 100), at(200, 160))
    await drag(at(150, 130), at(180, 150))
    expectBox(boxes()[0], 130, 120, 100, 60)
    await drag(at(130, 150), at(250, 150))
    expectBox(boxes()[0], 230, 120, 20, 60)
    const before = boxes()
    const revision = session.labels.label(first)?.revision
    await press(at(240, 150))
    await dragTo(at(300, 200))
    expect(document.querySelector('.size')?.textContent.trim()).toBe('20 × 60 px')
    await userEvent.keyboard('{Escape}')
    await release(at(300, 200))
    expect(boxes()).toBe(before)
    expect(session.labels.label(first)?.revision).toBe(revision)
    expect(session.openImageId).toBe(first)
  })

  it('selects the smallest box under a click and draws inside a box that is not selected', async () => {
    await start()
    await show()
    await drag(at(50, 50), at(250, 250))
    await click(at(350, 280))
    await drag(at(100, 100), at(150, 150))
    expect(boxes()).toHaveLength(2)
    await click(at(220, 220))
    await click(at(125, 125))
    await userEvent.keyboard('{Delete}')
    expect(boxes()).toHaveLength(1)
    expectBox(boxes()[0], 50, 50, 200, 200)
    // Shift draws even over the selected box.
    await click(at(200, 200))
    await drag(at(100, 100), at(140, 140), { shift: true })
    expect(boxes()).toHaveLength(2)
  })

  it('zooms around the pointer with the wheel, and pans with the middle button and with space', async () => {
    await start()
    await show()
    const pointer = at(100, 100)
    const under = imagePoint(pointer)
    const width = element('.stage canvas').getBoundingClientRect().width
    await wheel(pointer, -400)
    await vi.waitFor(() =>
      expect(element('.stage canvas').getBoundingClientRect().width / width).toBeCloseTo(
        Math.exp(0.8),
        3,
      ),
    )
    expect(imagePoint(pointer).x).toBeCloseTo(under.x, 1)
    expect(imagePoint(pointer).y).toBeCloseTo(under.y, 1)
    const from = { x: 500, y: 400 }
    const held = imagePoint(from)
    await drag(from, { x: 460, y: 370 }, { button: 'middle' })
    expect(imagePoint({ x: 460, y: 370 }).x).toBeCloseTo(held.x, 1)
    await userEvent.keyboard('{ >}')
    await drag({ x: 460, y: 370 }, from)
    await userEvent.keyboard('{/ }')
    expect(imagePoint(from).y).toBeCloseTo(held.y, 1)
    expect(boxes()).toHaveLength(0)
    await userEvent.keyboard('f')
    expect(element('.stage canvas').getBoundingClientRect().width).toBeCloseTo(width, 3)
  })

  it('keeps original pixels for a photo larger than it is shown', async () => {
    const blob = await harness.picture(6000, 3000)
    await start(['Cow'], [{ id: first, width: 6000, height: 3000, blob }])
    await show()
    expect((element('.stage canvas') as HTMLCanvasElement).width).toBe(4096)
    const [from, to] = [at(1000, 500), at(5000, 2500)]
    const [start_, end] = [imagePoint(from), imagePoint(to)]
    await drag(from, to)
    expect(boxes()[0]?.box.x).toBeCloseTo(start_.x, 1)
    expect(boxes()[0]?.box.width).toBeCloseTo(end.x - start_.x, 1)
    expect(boxes()[0]?.box.width).toBeGreaterThan(3900)
  })
})

describe('with fingers', () => {
  it('draws with one, zooms with two and takes back what the first had begun', async () => {
    await start()
    await show()
    await touch('touchStart', at(50, 50))
    await touch('touchMove', at(100, 100))
    await touch('touchMove', at(150, 120))
    await touch('touchEnd')
    expect(boxes()).toHaveLength(1)
    expectBox(boxes()[0], 50, 50, 100, 70)
    const width = element('.stage canvas').getBoundingClientRect().width
    const [left, right] = [
      { x: 400, y: 400 },
      { x: 500, y: 400 },
    ]
    await touch('touchStart', { x: left.x - 60, y: 350 })
    await touch('touchMove', { x: left.x - 30, y: 380 })
    await touch('touchMove', left)
    expect(document.querySelectorAll('.stage .fresh')).toHaveLength(1)
    await touch('touchStart', left, right)
    await touch('touchMove', { x: 350, y: 400 }, { x: 550, y: 400 })
    await touch('touchEnd')
    expect(element('.stage canvas').getBoundingClientRect().width / width).toBeCloseTo(2, 1)
    expect(boxes()).toHaveLength(1)
  })
})

describe('by keyboard alone', () => {
  it('draws, moves, resizes, duplicates, goes through and deletes boxes', async () => {
    await start()
    await show()
    await userEvent.keyboard('b')
    expect(boxes()[0]?.box).toEqual({ x: 160, y: 120, width: 80, height: 60 })
    await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowUp}{/Shift}')
    expect(boxes()[0]?.box).toEqual({ x: 161, y: 110, width: 80, height: 60 })
    await userEvent.keyboard('{Alt>}{ArrowLeft}{ArrowDown}{/Alt}')
    expect(boxes()[0]?.box).toEqual({ x: 161, y: 110, width: 79, height: 61 })
    await userEvent.keyboard('d')
    expect(boxes()[1]?.box).toEqual({ x: 176, y: 125, width: 79, height: 61 })
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}2')
    expect(boxes().map(({ categoryId }) => session.labels.category(categoryId)?.name)).toEqual([
      'Sheep',
      'Cow',
    ])
    await userEvent.keyboard('{Delete}')
    expect(boxes()).toHaveLength(1)
  })

  it('walks through the queue: done, nothing here, finished, back', async () => {
    await start()
    await show()
    await userEvent.keyboard('b{Enter}')
    expect(session.openImageId).toBe(second)
    expect(session.labels.isDone(first)).toBe(true)
    await imageShown()
    await userEvent.keyboard('p')
    expect(session.openImageId).toBe(first)
    await userEvent.keyboard('n')
    // An image without boxes is finished only when asked twice.
    await userEvent.keyboard('{Enter}')
    expect(session.labels.isDone(second)).toBe(false)
    await expect.element(page.getByText('No boxes yet.')).toBeVisible()
    await userEvent.keyboard('{Enter}')
    expect(session.labels.isDone(second)).toBe(true)
    expect(session.labels.of(second)).toEqual([])
    await expect.element(page.getByText('2 images labelled, 1 box,')).toBeVisible()
    await saved()
    const labels = await storage.listLabels(harness.projectId)
    expect(labels.map(({ status }) => status)).toEqual(['done', 'done'])
    await page.getByRole('button', { name: 'Back to the notebook' }).last().click()
    expect(session.openImageId).toBeUndefined()
  })

  it('leaves by Escape only when nothing is selected', async () => {
    await start()
    await show()
    await userEvent.keyboard('b{Escape}')
    expect(session.openImageId).toBe(first)
    await userEvent.keyboard('{Escape}')
    expect(session.openImageId).toBeUndefined()
  })

  it('keeps the focus inside: Tab goes from the last control to the first', async () => {
    await start()
    await show()
    const done = page.getByRole('button', { name: 'Done', exact: true }).element() as HTMLElement
    done.focus()
    await userEvent.keyboard('{Tab}')
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Back to the notebook')
  })
})

describe('classes', () => {
  it('asks for the first class when a box is drawn without one, and keeps the box', async () => {
    await start([])
    await show()
    await drag(at(20, 20), at(120, 90))
    expect(boxes()).toHaveLength(0)
    await expect.element(page.getByText('What is in the box you drew?')).toBeVisible()
    await userEvent.keyboard('Cow{Enter}')
    await vi.waitFor(() => expect(boxes()).toHaveLength(1))
    expectBox(boxes()[0], 20, 20, 100, 70)
    expect(session.categories.map(({ name }) => name)).toEqual(['Cow'])
    expect(document.activeElement?.getAttribute('role')).toBe('application')
  })

  it('shows names as text, never as markup', async () => {
    const name = '<img src=x onerror=alert(1)>'
    await start([name])
    await show()
    await userEvent.keyboard('b')
    await vi.waitFor(() => expect(element('.label').textContent).toBe(name))
    expect(document.querySelectorAll('.annotator img')).toHaveLength(0)
  })
})

describe('proposals', () => {
  const box = (x: number) => ({ x, y: 100, width: 40, height: 40 })

  it('are accepted and rejected one by one and all at once; undo brings them back', async () => {
    await start()
    harness.propose(session, first, [
      { box: box(10), category: 0, score: 0.9 },
      { box: box(100), category: 1, score: 0.8 },
      { box: box(200), category: 0, score: 0.7 },
      { box: box(300), category: 0, score: 0.4 },
      { box: box(350), category: 0, score: 0.2 },
    ])
    await show()
    const shown = () => document.querySelectorAll('.stage .proposal').length
    expect(shown()).toBe(4)
    await moveTo(at(120, 120))
    await userEvent.keyboard('a')
    expect(boxes().map(({ box: { x }, origin }) => [x, origin])).toEqual([[100, 'proposal']])
    await moveTo(at(220, 120))
    await userEvent.keyboard('x')
    expect(shown()).toBe(2)
    await userEvent.keyboard('{Shift>}a{/Shift}')
    expect(boxes().map(({ box: { x } }) => x)).toEqual([100, 10, 300])
    expect(shown()).toBe(0)
    await userEvent.keyboard('{Control>}z{/Control}')
    expect(boxes()).toHaveLength(1)
    expect(shown()).toBe(2)
    await page.getByRole('button', { name: 'Bring back 1' }).click()
    expect(shown()).toBe(3)
    await page.getByRole('slider', { name: 'Score from' }).fill('0.2')
    expect(shown()).toBe(4)
    await userEvent.keyboard('{Shift>}x{/Shift}')
    expect(shown()).toBe(0)
    expect(boxes()).toHaveLength(1)
  })

  it('are not shown on test images, which are marked', async () => {
    const blob = await harness.picture(400, 300)
    await start(['Cow'], [{ id: first, width: 400, height: 300, blob, split: 'test' }])
    harness.propose(session, first, [{ box: box(10), category: 0, score: 0.9 }])
    await show()
    expect(document.querySelectorAll('.stage .proposal')).toHaveLength(0)
    await expect.element(page.getByText('Test image.')).toBeVisible()
  })

  it('tells why the round picked the image', async () => {
    await start()
    await harness.addRound(session, { [first]: '7 uncertain boxes' })
    await show()
    await expect.element(page.getByText('7 uncertain boxes')).toBeVisible()
  })
})

describe('a write that fails', () => {
  it('is told, keeps the box in sight, and can be tried again', async () => {
    let full = false
    const fragile = {
      ...storage,
      commitLabels: (changes: Parameters<OpenStorage['commitLabels']>[0]) =>
        full ? Promise.reject(new Error('The disk is full.')) : storage.commitLabels(changes),
    }
    await start(['Cow'], undefined, harness.servicesOn(fragile))
    await show()
    full = true
    await drag(at(20, 20), at(120, 90))
    await expect.element(page.getByText('The disk is full.')).toBeVisible()
    expect(element('.indicator').dataset.status).toBe('failed')
    expect(boxes()).toHaveLength(0)
    expect(document.querySelectorAll('.stage .unsaved')).toHaveLength(1)
    full = false
    await page.getByRole('button', { name: 'Retry' }).click()
    await saved()
    expectBox(boxes()[0], 20, 20, 100, 70)
    expect(await storage.listAnnotations(harness.projectId)).toEqual(boxes())
  })
})

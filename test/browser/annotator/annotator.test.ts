import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { Annotation } from '../../../src/core/dataset/types'
import { servicesOn } from '../services'
import { openSession, picture, projectId } from './harness'
import { click, drag, dragTo, press, release, touch, wheel } from './pointer'
import { element, expectBox, first, Screen, second } from './screen'

let screen: Screen

async function open(...given: Parameters<typeof Screen.create>): Promise<void> {
  screen = await Screen.create(...given)
  await screen.show()
}

afterEach(() => screen.close())

describe('with the mouse', () => {
  it('draws three boxes, undoes, redoes, and finds them again after reopening', async () => {
    await open()
    await drag(screen.at(20, 20), screen.at(120, 90))
    await drag(screen.at(250, 200), screen.at(200, 120))
    await userEvent.keyboard('2')
    await drag(screen.at(300, 40), screen.at(380, 100))
    expect(screen.boxes).toHaveLength(3)
    expectBox(screen.boxes[0], 20, 20, 100, 70)
    expectBox(screen.boxes[1], 200, 120, 50, 80)
    expectBox(screen.boxes[2], 300, 40, 80, 60)
    const [cow, sheep] = screen.session.categories.map(({ id }) => id)
    // The digit came with the second box selected: it changed that one, and the next was drawn as it.
    expect(screen.boxes.map(({ categoryId }) => categoryId)).toEqual([cow, sheep, sheep])
    const drawn = screen.boxes

    await userEvent.keyboard('{Control>}z{/Control}')
    expect(screen.boxes).toEqual(drawn.slice(0, 2))
    await userEvent.keyboard('{Control>}z{/Control}')
    expect(screen.boxes[1]?.categoryId).toBe(cow)
    await userEvent.keyboard('{Control>}{Shift>}z{/Shift}{/Control}')
    await userEvent.keyboard('{Control>}y{/Control}')
    expect(screen.boxes).toEqual(drawn)

    await screen.saved()
    const reopened = await openSession(servicesOn(screen.storage))
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
    await open()
    await drag(screen.at(100, 100), screen.at(200, 160))
    await drag(screen.at(150, 130), screen.at(180, 150))
    expectBox(screen.boxes[0], 130, 120, 100, 60)
    await drag(screen.at(130, 150), screen.at(250, 150))
    expectBox(screen.boxes[0], 230, 120, 20, 60)
    const before = screen.boxes
    const revision = screen.session.labels.label(first)?.revision
    await press(screen.at(240, 150))
    await dragTo(screen.at(300, 200))
    expect(document.querySelector('.size')?.textContent.trim()).toBe('20 × 60 px')
    await userEvent.keyboard('{Escape}')
    await release(screen.at(300, 200))
    expect(screen.boxes).toBe(before)
    expect(screen.session.labels.label(first)?.revision).toBe(revision)
    expect(screen.session.openImageId).toBe(first)
  })

  it('selects the smallest box under a click and draws inside a box that is not selected', async () => {
    await open()
    await drag(screen.at(50, 50), screen.at(250, 250))
    await click(screen.at(350, 280))
    await drag(screen.at(100, 100), screen.at(150, 150))
    expect(screen.boxes).toHaveLength(2)
    await click(screen.at(220, 220))
    await click(screen.at(125, 125))
    await userEvent.keyboard('{Delete}')
    expect(screen.boxes).toHaveLength(1)
    expectBox(screen.boxes[0], 50, 50, 200, 200)
    // Shift draws even over the selected box.
    await click(screen.at(200, 200))
    await drag(screen.at(100, 100), screen.at(140, 140), { shift: true })
    expect(screen.boxes).toHaveLength(2)
  })

  it('zooms around the pointer with the wheel, and pans with the middle button and with space', async () => {
    await open()
    const pointer = screen.at(100, 100)
    const under = screen.imagePoint(pointer)
    const width = screen.canvas.getBoundingClientRect().width
    await wheel(pointer, -400)
    await vi.waitFor(() =>
      expect(screen.canvas.getBoundingClientRect().width / width).toBeCloseTo(Math.exp(0.8), 3),
    )
    expect(screen.imagePoint(pointer).x).toBeCloseTo(under.x, 1)
    expect(screen.imagePoint(pointer).y).toBeCloseTo(under.y, 1)
    const from = { x: 500, y: 400 }
    const held = screen.imagePoint(from)
    await drag(from, { x: 460, y: 370 }, { button: 'middle' })
    expect(screen.imagePoint({ x: 460, y: 370 }).x).toBeCloseTo(held.x, 1)
    await userEvent.keyboard('{ >}')
    await drag({ x: 460, y: 370 }, from)
    await userEvent.keyboard('{/ }')
    expect(screen.imagePoint(from).y).toBeCloseTo(held.y, 1)
    expect(screen.boxes).toHaveLength(0)
    await userEvent.keyboard('f')
    expect(screen.canvas.getBoundingClientRect().width).toBeCloseTo(width, 3)
  })

  it('keeps original pixels for a photo larger than it is shown', async () => {
    const blob = await picture(6000, 3000)
    await open(['Cow'], [{ id: first, width: 6000, height: 3000, blob }])
    expect((element('.stage canvas') as HTMLCanvasElement).width).toBe(4096)
    const [from, to] = [screen.at(1000, 500), screen.at(5000, 2500)]
    const [start_, end] = [screen.imagePoint(from), screen.imagePoint(to)]
    await drag(from, to)
    expect(screen.boxes[0]?.box.x).toBeCloseTo(start_.x, 1)
    expect(screen.boxes[0]?.box.width).toBeCloseTo(end.x - start_.x, 1)
    expect(screen.boxes[0]?.box.width).toBeGreaterThan(3900)
  })
})

describe('with fingers', () => {
  it('draws with one, zooms with two and takes back what the first had begun', async () => {
    await open()
    await touch('touchStart', screen.at(50, 50))
    await touch('touchMove', screen.at(100, 100))
    await touch('touchMove', screen.at(150, 120))
    await touch('touchEnd')
    expect(screen.boxes).toHaveLength(1)
    expectBox(screen.boxes[0], 50, 50, 100, 70)
    const width = screen.canvas.getBoundingClientRect().width
    const [left, right] = [
      { x: 400, y: 400 },
      { x: 500, y: 400 },
    ]
    await touch('touchStart', { x: left.x - 60, y: 350 })
    await touch('touchMove', { x: left.x - 30, y: 380 })
    await touch('touchMove', left)
    expect(screen.count('fresh')).toBe(1)
    await touch('touchStart', left, right)
    await touch('touchMove', { x: 350, y: 400 }, { x: 550, y: 400 })
    await touch('touchEnd')
    expect(screen.canvas.getBoundingClientRect().width / width).toBeCloseTo(2, 1)
    expect(screen.boxes).toHaveLength(1)
  })
})

describe('by keyboard alone', () => {
  it('draws, moves, resizes, duplicates, goes through and deletes boxes', async () => {
    await open()
    await userEvent.keyboard('b')
    expect(screen.boxes[0]?.box).toEqual({ x: 160, y: 120, width: 80, height: 60 })
    await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowUp}{/Shift}')
    expect(screen.boxes[0]?.box).toEqual({ x: 161, y: 110, width: 80, height: 60 })
    await userEvent.keyboard('{Alt>}{ArrowLeft}{ArrowDown}{/Alt}')
    expect(screen.boxes[0]?.box).toEqual({ x: 161, y: 110, width: 79, height: 61 })
    await userEvent.keyboard('d')
    expect(screen.boxes[1]?.box).toEqual({ x: 176, y: 125, width: 79, height: 61 })
    await userEvent.keyboard('{Shift>}{Tab}{/Shift}2')
    expect(
      screen.boxes.map(({ categoryId }) => screen.session.labels.category(categoryId)?.name),
    ).toEqual(['Sheep', 'Cow'])
    await userEvent.keyboard('{Delete}')
    expect(screen.boxes).toHaveLength(1)
  })

  it('walks through the queue: done, nothing here, finished, back', async () => {
    await open()
    await userEvent.keyboard('b{Enter}')
    expect(screen.session.openImageId).toBe(second)
    expect(screen.session.labels.isDone(first)).toBe(true)
    await screen.imageShown()
    await userEvent.keyboard('p')
    expect(screen.session.openImageId).toBe(first)
    await userEvent.keyboard('n')
    // An image without boxes is finished only when asked twice.
    await userEvent.keyboard('{Enter}')
    expect(screen.session.labels.isDone(second)).toBe(false)
    await expect.element(page.getByText('No boxes yet.')).toBeVisible()
    await userEvent.keyboard('{Enter}')
    expect(screen.session.labels.isDone(second)).toBe(true)
    expect(screen.session.labels.of(second)).toEqual([])
    await expect.element(page.getByText('2 images labelled, 1 box,')).toBeVisible()
    // Nothing can be drawn behind the message.
    await userEvent.keyboard('b')
    expect(screen.session.labels.of(second)).toEqual([])
    await screen.saved()
    const labels = await screen.storage.listLabels(projectId)
    expect(labels.map(({ status }) => status)).toEqual(['done', 'done'])
    await page.getByRole('button', { name: 'Back to the notebook' }).last().click()
    expect(screen.session.openImageId).toBeUndefined()
  })

  it('says that an image has boxes where nothing is said to be on it', async () => {
    await open()
    await userEvent.keyboard('be')
    await expect.element(page.getByText('This image has boxes.')).toBeVisible()
    expect(screen.session.labels.isDone(first)).toBe(false)
    expect(screen.boxes).toHaveLength(1)
    await userEvent.keyboard('{Escape}')
    expect(page.getByText('This image has boxes.').elements()).toEqual([])
    // Without the box it is what E says.
    await userEvent.keyboard('{Delete}e')
    expect(screen.session.labels.isDone(first)).toBe(true)
    expect(screen.session.labels.of(first)).toEqual([])
  })

  it('leaves by Escape only when nothing is selected', async () => {
    await open()
    await userEvent.keyboard('b{Escape}')
    expect(screen.session.openImageId).toBe(first)
    await userEvent.keyboard('{Escape}')
    expect(screen.session.openImageId).toBeUndefined()
  })

  it('keeps the focus inside: Tab goes from the last control to the first', async () => {
    await open()
    const done = page.getByRole('button', { name: 'Done', exact: true }).element() as HTMLElement
    done.focus()
    await userEvent.keyboard('{Tab}')
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Back to the notebook')
  })
})

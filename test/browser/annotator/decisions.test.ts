import { afterEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { addRound, picture, projectId, propose } from './harness'
import { drag, moveTo } from './pointer'
import { element, expectBox, first, Screen } from './screen'

let screen: Screen

async function open(...given: Parameters<typeof Screen.create>): Promise<void> {
  screen = await Screen.create(...given)
  await screen.show()
}

afterEach(() => screen.close())

describe('classes', () => {
  it('asks for the first class when a box is drawn without one, and keeps the box', async () => {
    await open([])
    await drag(screen.at(20, 20), screen.at(120, 90))
    expect(screen.boxes).toHaveLength(0)
    await expect.element(page.getByText('What is in the box you drew?')).toBeVisible()
    await userEvent.keyboard('Cow{Enter}')
    await vi.waitFor(() => expect(screen.boxes).toHaveLength(1))
    expectBox(screen.boxes[0], 20, 20, 100, 70)
    expect(screen.session.categories.map(({ name }) => name)).toEqual(['Cow'])
    await vi.waitFor(() => {
      expect(document.activeElement?.getAttribute('role')).toBe('application')
    })
  })

  it('shows names as text, never as markup', async () => {
    const name = '<img src=x onerror=alert(1)>'
    await open([name])
    await userEvent.keyboard('b')
    await vi.waitFor(() => expect(element('.label').textContent).toBe(name))
    expect(document.querySelectorAll('.annotator img')).toHaveLength(0)
  })
})

describe('proposals', () => {
  const box = (x: number) => ({ x, y: 100, width: 40, height: 40 })

  it('count as gestures that change something, as boxes and the end of an image do; looking does not', async () => {
    screen = await Screen.create()
    propose(screen.session, first, [
      { box: box(10), category: 0, score: 0.9 },
      { box: box(100), category: 1, score: 0.8 },
    ])
    await screen.show()
    const clicks = () => screen.session.labels.label(first)?.clicks
    await moveTo(screen.at(30, 120))
    await userEvent.keyboard('a')
    await vi.waitFor(() => expect(clicks()).toBe(1))
    await moveTo(screen.at(120, 120))
    await userEvent.keyboard('x')
    // It changes no box: it is booked with what comes next.
    expect(clicks()).toBe(1)
    await drag(screen.at(200, 20), screen.at(260, 90))
    await vi.waitFor(() => expect(clicks()).toBe(3))
    await userEvent.keyboard('{Control>}z{/Control}')
    await vi.waitFor(() => expect(clicks()).toBe(4))
    await userEvent.keyboard('{Enter}')
    await vi.waitFor(() => expect(screen.session.labels.isDone(first)).toBe(true))
    expect(clicks()).toBe(5)
  })

  it('are accepted and rejected one by one and all at once; undo brings them back', async () => {
    screen = await Screen.create()
    propose(screen.session, first, [
      { box: box(10), category: 0, score: 0.9 },
      { box: box(100), category: 1, score: 0.8 },
      { box: box(200), category: 0, score: 0.7 },
      { box: box(300), category: 0, score: 0.4 },
      { box: box(350), category: 0, score: 0.2 },
    ])
    await screen.show()
    const shown = () => screen.count('proposal')
    expect(shown()).toBe(4)
    await moveTo(screen.at(120, 120))
    await userEvent.keyboard('a')
    expect(screen.boxes.map(({ box: { x }, origin }) => [x, origin])).toEqual([[100, 'proposal']])
    await moveTo(screen.at(220, 120))
    await userEvent.keyboard('x')
    expect(shown()).toBe(2)
    await userEvent.keyboard('{Shift>}a{/Shift}')
    expect(screen.boxes.map(({ box: { x } }) => x)).toEqual([100, 10, 300])
    expect(shown()).toBe(0)
    await userEvent.keyboard('{Control>}z{/Control}')
    expect(screen.boxes).toHaveLength(1)
    expect(shown()).toBe(2)
    await page.getByRole('button', { name: 'Bring back 1' }).click()
    expect(shown()).toBe(3)
    await page.getByRole('slider', { name: 'Score from' }).fill('0.2')
    expect(shown()).toBe(4)
    await userEvent.keyboard('{Shift>}x{/Shift}')
    expect(shown()).toBe(0)
    expect(screen.boxes).toHaveLength(1)
    // Rejecting is undone like any other step, before the accepted box is.
    await userEvent.keyboard('{Control>}z{/Control}')
    expect(screen.count('proposal')).toBe(4)
    expect(screen.boxes).toHaveLength(1)
    await userEvent.keyboard('{Control>}z{/Control}')
    expect(screen.boxes).toHaveLength(0)
  })

  it('leave the keys working when the button pressed is gone', async () => {
    screen = await Screen.create()
    propose(screen.session, first, [{ box: box(10), category: 0, score: 0.9 }])
    await screen.show()
    await page.getByRole('button', { name: 'Accept', exact: true }).click()
    expect(screen.boxes).toHaveLength(1)
    expect(document.activeElement).toBe(document.body)
    await userEvent.keyboard('b')
    expect(screen.boxes).toHaveLength(2)
    await userEvent.keyboard('{Control>}zz{/Control}')
    expect(screen.boxes).toHaveLength(0)
    expect(screen.count('proposal')).toBe(1)
  })

  it('are not shown on test images, which are marked', async () => {
    const blob = await picture(400, 300)
    screen = await Screen.create(
      ['Cow'],
      [{ id: first, width: 400, height: 300, blob, split: 'test' }],
    )
    propose(screen.session, first, [{ box: box(10), category: 0, score: 0.9 }])
    await screen.show()
    expect(screen.count('proposal')).toBe(0)
    await expect.element(page.getByText('Test image.')).toBeVisible()
  })

  it('tells why the round picked the image', async () => {
    screen = await Screen.create()
    await addRound(screen.session, { [first]: '7 uncertain boxes' })
    await screen.show()
    await expect.element(page.getByText('7 uncertain boxes')).toBeVisible()
  })
})

describe('a write that fails', () => {
  it('is told, keeps the box in sight, and can be tried again', async () => {
    let full = false
    await open(['Cow'], undefined, (storage) => ({
      ...storage,
      commitLabels: (changes) =>
        full ? Promise.reject(new Error('The disk is full.')) : storage.commitLabels(changes),
    }))
    full = true
    await drag(screen.at(20, 20), screen.at(120, 90))
    await expect.element(page.getByText('The disk is full.')).toBeVisible()
    expect(screen.saveStatus).toBe('failed')
    expect(screen.boxes).toHaveLength(0)
    expect(screen.count('unsaved')).toBe(1)
    full = false
    await page.getByRole('button', { name: 'Retry' }).click()
    await screen.saved()
    expectBox(screen.boxes[0], 20, 20, 100, 70)
    expect(await screen.storage.listAnnotations(projectId)).toEqual(screen.boxes)
  })
})

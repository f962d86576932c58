/** Proposals of the stock detector in a project where nothing has been trained. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { Split } from '../../../src/core/dataset/types'
import { renderShelf, shelfScene } from '../../../src/synth'
import { propose } from './harness'
import { first, Screen } from './screen'

let screen: Screen

// Measuring the backends is the engine's own test's business.
beforeEach(() => localStorage.setItem('margin.backend', 'wasm'))

afterEach(async () => {
  await screen.close()
  localStorage.removeItem('margin.backend')
})

async function openShelf(classes: readonly string[], split: Split = 'pool'): Promise<void> {
  const scene = shelfScene(3, 0)
  const { width, height } = scene
  const blob = await renderShelf(scene)
  screen = await Screen.create(classes, [{ id: first, width, height, blob, split }])
}

const source = page.getByText('Zero-shot, from the stock detector')

describe('zero-shot proposals', () => {
  it('are found for the open image, and accepted as the active class', async () => {
    await openShelf(['Carton', 'Pouch'])
    await screen.show()
    await expect.element(source, { timeout: 30_000 }).toBeVisible()
    await page.getByRole('slider', { name: 'Score from' }).fill('0.05')
    const shown = screen.count('proposal')
    expect(shown).toBeGreaterThan(0)
    await userEvent.keyboard('2')
    await page.getByRole('button', { name: 'Accept', exact: true }).first().click()
    await vi.waitFor(() => expect(screen.boxes).toHaveLength(1))
    const pouch = screen.session.categories[1]?.id
    expect(screen.boxes.map(({ categoryId, origin }) => [categoryId, origin])).toEqual([
      [pouch, 'proposal'],
    ])
    expect(screen.count('proposal')).toBeLessThan(shown)
  })

  it('ask for a class when there is none to give', async () => {
    await openShelf([])
    await screen.show()
    await expect.element(source, { timeout: 30_000 }).toBeVisible()
    await page.getByRole('slider', { name: 'Score from' }).fill('0.05')
    await page.getByRole('button', { name: 'Accept', exact: true }).first().click()
    await expect.element(page.getByText('What is in the box you drew?')).toBeVisible()
    expect(screen.boxes).toHaveLength(0)
  })

  it('are not looked for on test images', async () => {
    await openShelf(['Carton'], 'test')
    await screen.show()
    expect(screen.session.engine.state).toBe('off')
  })

  it('give way to the detections of a model', async () => {
    await openShelf(['Carton'])
    propose(screen.session, first, [
      { box: { x: 10, y: 10, width: 40, height: 40 }, category: 0, score: 0.9 },
    ])
    await screen.show()
    expect(screen.session.engine.state).toBe('off')
    expect(screen.count('proposal')).toBe(1)
  })

  it('let the engine go when the image is left', async () => {
    await openShelf(['Carton'])
    const { engine } = screen.session.services
    const call = vi.spyOn(engine, 'call')
    await screen.show()
    await vi.waitFor(
      () => expect(call.mock.calls.map(([method]) => method)).toContain('proposeZeroShot'),
      { timeout: 30_000 },
    )
    screen.session.closeImage()
    await vi.waitFor(() => {
      const asked = call.mock.calls.find(([method]) => method === 'proposeZeroShot')
      expect(asked?.[2]?.signal?.aborted).toBe(true)
    })
  })
})

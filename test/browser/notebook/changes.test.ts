/** Two settings of one cell, changed before the first is stored: neither may undo the other. */
import { afterEach, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import type { Cell } from '../../../src/core/notebook/types'
import { dispose } from '../ui/harness'
import { openProject, putRound } from './harness'

afterEach(dispose)

async function openNotebook() {
  const { session, showNotebook } = await openProject(2)
  await putRound(session, 0, [0], 0.4)
  showNotebook()
  /** A cell as it is shown and as it is stored. */
  const bothOf = async (kind: Cell['kind']) => {
    const stored = await session.services.storage.listCells(session.project.id)
    const isWanted = (cell: Cell): boolean => cell.kind === kind
    return [session.notebook.cells.find(isWanted), stored.find(isWanted)]
  }
  return { session, bothOf }
}

/** Types without waiting for anything. */
function enter(label: string, value: number): void {
  const input = page.getByLabelText(label, { exact: true }).element()
  if (!(input instanceof HTMLInputElement)) throw new Error(`“${label}” is not a field.`)
  input.value = String(value)
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

test('two settings of the model', async () => {
  const { bothOf } = await openNotebook()
  enter('Committee', 3)
  enter('Training steps', 500)
  const settings = expect.objectContaining({ committee: 3, steps: 500 }) as unknown
  await vi.waitFor(async () =>
    expect(await bothOf('model')).toMatchObject([{ settings }, { settings }]),
  )
})

test('the axis of the curve and when to stop', async () => {
  const { bothOf } = await openNotebook()
  enter('Plateau below (AP50)', 0.02)
  const axis = page.getByRole('group', { name: 'Horizontal axis' }).first()
  const boxes = axis.getByRole('button', { name: 'Boxes' }).element()
  if (!(boxes instanceof HTMLElement)) throw new Error('There is no axis to choose.')
  boxes.click()
  const expected = {
    xAxis: 'boxes',
    stopping: expect.objectContaining({ epsilon: 0.02 }) as unknown,
  }
  await vi.waitFor(async () => expect(await bothOf('curve')).toMatchObject([expected, expected]))
})

test('where and from which probability objects are counted', async () => {
  const { session, bothOf } = await openNotebook()
  const scope = page.getByLabelText('Count in', { exact: true }).element()
  if (!(scope instanceof HTMLSelectElement)) throw new Error('There is no choice of images.')
  scope.value = 'image'
  scope.dispatchEvent(new Event('change', { bubbles: true }))
  enter('Count from probability', 0.5)
  const expected = { threshold: 0.5, imageId: session.images[0].id }
  await vi.waitFor(async () => expect(await bothOf('count')).toMatchObject([expected, expected]))
})

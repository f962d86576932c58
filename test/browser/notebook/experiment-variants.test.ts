/** An experiment's cell: strategies with parameters of one's own, and those that were interrupted. */
import { afterEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { offerToGoOn } from '../../../src/app/experiment/interrupted'
import { parseVariant } from '../../../src/core/experiment/replay/experiment-settings'
import type { CellId, ExperimentCell } from '../../../src/core/notebook/types'
import { accessibilityProblems, dispose } from '../ui/harness'
import { putExperiment } from './experiments'
import { labelImage, openProject } from './harness'

afterEach(dispose)

/** Thirty labelled images and the experiment. */
async function openExperiment() {
  const { session, showNotebook } = await openProject(30)
  for (let order = 0; order < 30; order++) await labelImage(session, order)
  const { id } = await putExperiment(session)
  showNotebook()
  return { session, id }
}

function cellAt(session: ProjectSession, id: CellId): ExperimentCell {
  const cell = session.notebook.cell(id)
  if (cell?.kind !== 'experiment') throw new Error('The experiment is gone.')
  return cell
}

const idsIn = (session: ProjectSession, id: CellId) =>
  cellAt(session, id).settings.strategies.map((variant) => variant.id)

test('a strategy is compared with itself under other parameters, and taken out again', async () => {
  const { session, id } = await openExperiment()
  await page.getByText('A strategy with other parameters').click()
  const add = page.getByRole('button', { name: 'Add to the experiment' })
  await page.getByLabelText('Strategy', { exact: true }).last().selectOptions('Entropy')
  // As it is, it is one of them already.
  await expect.element(add).toBeDisabled()
  await page.getByLabelText('Aggregation').last().selectOptions('mean')
  await expect
    .element(
      page.getByText(
        'As Entropy, aggregation over boxes: mean, in files entropy:aggregation=mean.',
      ),
    )
    .toBeVisible()
  expect(await accessibilityProblems()).toEqual([])
  await add.click()
  const with2 = ['random', 'presence-random', 'entropy', 'entropy:aggregation=mean']
  await vi.waitFor(() => expect(idsIn(session, id)).toEqual(with2))
  expect(cellAt(session, id).settings.strategies.at(-1)).toEqual(
    parseVariant('entropy:aggregation=mean'),
  )
  await page.getByLabelText('Aggregation').last().selectOptions('max')
  await add.click()
  await vi.waitFor(() => expect(idsIn(session, id)).toEqual([...with2, 'entropy:aggregation=max']))
  const all = [...with2, 'entropy:aggregation=max']
  const mean = page.getByRole('checkbox', { name: 'Entropy, aggregation over boxes: mean' })
  await mean.click()
  await vi.waitFor(() => expect(idsIn(session, id)).toEqual(all.toSpliced(3, 1)))
  // It stays where it is, so that the keyboard goes on from there and a slip can be undone.
  await expect.element(mean).toHaveFocus()
  await expect.element(mean).not.toBeChecked()
  await userEvent.keyboard(' ')
  await vi.waitFor(() => expect(idsIn(session, id)).toEqual(all))
  await expect.element(mean).toHaveFocus()
  await userEvent.keyboard('[Tab]')
  await expect
    .element(page.getByRole('checkbox', { name: 'Entropy, aggregation over boxes: max' }))
    .toHaveFocus()
})

test('one with a strategy that this version does not know is shown, and says what to do before it can run', async () => {
  const { session, id } = await openExperiment()
  const cell = cellAt(session, id)
  const strategies = [
    ...cell.settings.strategies,
    { id: 'psychic:depth=2', strategyId: 'psychic', parameters: { depth: 2 } },
  ]
  await session.notebook.put({ ...cell, settings: { ...cell.settings, strategies } })
  await expect
    .element(
      page.getByText(
        "This version of the app has no strategy 'psychic': untick psychic, depth: 2, or open the project in a version that has it.",
      ),
    )
    .toBeVisible()
  expect(session.stale.has(id)).toBe(true)
  await expect.element(page.getByRole('button', { name: 'Go on' })).toBeDisabled()
  const unknown = page.getByRole('checkbox', { name: 'psychic, depth: 2' })
  await unknown.click()
  await expect.element(page.getByRole('button', { name: 'Go on' })).toBeEnabled()
  await unknown.click()
  await vi.waitFor(() => expect(cellAt(session, id).settings.strategies).toEqual(strategies))
})

test('an experiment that the page was closed under says so and offers to go on', async () => {
  const { session, id } = await openExperiment()
  await session.notebook.put({ ...cellAt(session, id), isUnderWay: true })
  await expect
    .element(page.getByText('Interrupted after 18 of 22 trainings; they are kept.'))
    .toBeVisible()
  await expect.element(page.getByRole('button', { name: 'Go on' })).toBeEnabled()
  await offerToGoOn(session)
  expect(session.notices.items.map(({ text }) => text)).toEqual([
    'An experiment was interrupted after 18 of 22 trainings; it can go on from there.',
  ])
  await session.notebook.put({ ...cellAt(session, id), isUnderWay: false })
  await expect.element(page.getByText('18 of 22 trainings done; they are kept.')).toBeVisible()
})

test('of two interrupted experiments the one that goes on shows its progress', async () => {
  const { session, id } = await openExperiment()
  const second = await putExperiment(session)
  for (const each of [id, second.id])
    await session.notebook.put({ ...cellAt(session, each), isUnderWay: true })
  await offerToGoOn(session)
  const sections = [...document.querySelectorAll('section.cell.experiment')]
  const areRunning = () => sections.map(({ classList }) => classList.contains('running'))
  expect(areRunning()).toEqual([false, false])
  session.notices.items[1].action?.run()
  await vi.waitFor(() => expect(areRunning()).toEqual([false, true]))
  expect(sections.map((section) => section.querySelector('[role="progressbar"]') !== null)).toEqual(
    [false, true],
  )
})

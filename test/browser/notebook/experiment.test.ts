/** The experiment as a cell: its settings, its figures, and what the curve makes of them. */
import { afterEach, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { svgDocument } from '../../../src/app/exports'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { fingerprintOfExperiment } from '../../../src/app/state/staleness'
import { experimentFigures, figuresVersion } from '../../../src/core/experiment/statistics/figures'
import type { CellId, ExperimentCell } from '../../../src/core/notebook/types'
import { drawExperiment } from '../../../src/ui/charts/draw-experiment'
import { printPalette } from '../../../src/ui/charts/palette'
import { accessibilityProblems, dispose } from '../ui/harness'
import { putExperiment, settings } from './experiments'
import { labelImage, openProject, putRound } from './harness'

afterEach(dispose)

/** Thirty labelled images, two rounds chosen by entropy, and the experiment. */
async function openExperiment(): Promise<{ session: ProjectSession; cell: ExperimentCell }> {
  const { session, showNotebook } = await openProject(30)
  for (let order = 0; order < 30; order++) await labelImage(session, order)
  await putRound(session, 0, [0, 1], 0.2)
  await putRound(session, 1, [2, 3], 0.4)
  const cell = await putExperiment(session)
  showNotebook()
  return { session, cell }
}

function shownCell(session: ProjectSession, id: CellId): ExperimentCell {
  const cell = session.notebook.cell(id)
  if (cell?.kind !== 'experiment') throw new Error('The experiment is gone.')
  return cell
}

/** Lines of strategies, whatever their width. */
const linesOf = (chart: SVGSVGElement): number =>
  chart.querySelectorAll('[aria-label="line"] path').length

const section = () => document.querySelector('section.cell.experiment')
const text = (element: Element | null) => element?.textContent.replaceAll(/\s+/g, ' ').trim()

function rows(name: string): (string | undefined)[][] {
  const table = page.getByRole('table', { name }).element()
  return [...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map(text))
}

test('shows what the strategies gain, says what was not reached, and keeps the axis', async () => {
  const { session, cell } = await openExperiment()
  // Two seeds give no interval. Entropy is at 0.475 after 13.75 of the images; random, with 15, is not.
  expect(rows('The strategies compared by time')).toEqual([
    ['Random', '2 / 3', '0.300', '–', '–', '–', '2'],
    ['Presence random', '2 / 3', '0.275', '−0.025 [–]', '0 / 2', 'not known', '2'],
    ['Entropy', '2 / 3', '0.375', '+0.075 [–]', '2 / 2', '8 % [–]', '2'],
  ])
  expect(text(section())).toContain(
    'All labels of the pool give AP50 0.500 [0.450, 0.550 over the test images]; the target is 95 %',
  )
  await page.getByRole('group', { name: 'Horizontal axis' }).last().getByText('Images').click()
  await vi.waitFor(() => expect(shownCell(session, cell.id).xAxis).toBe('images'))
  await page.getByRole('button', { name: 'Of all labels' }).click()
  await vi.waitFor(() => expect(shownCell(session, cell.id).asFraction).toBe(true))
  expect(rows('The strategies compared by images')).toHaveLength(3)
  expect(await accessibilityProblems()).toEqual([])
})

test('another strategy or seed goes on with what there is; other rounds start anew', async () => {
  const { session, cell } = await openExperiment()
  // The full pool, two whole seeds of 1 + 3 x 2, and of the third the initial set and a round of two strategies.
  expect(text(section())).toContain('18 of 22 trainings done; they are kept.')
  await expect.element(page.getByRole('button', { name: 'Go on' })).toBeEnabled()
  for (const name of ['Random', 'Presence random']) {
    const baseline = page.getByRole('checkbox', { name, exact: true })
    await expect.element(baseline).toBeDisabled()
    await expect
      .element(baseline)
      .toHaveAccessibleDescription(/always take part; the others are judged against Random/)
  }
  await page.getByRole('checkbox', { name: 'Class margin', exact: true }).click()
  await vi.waitFor(() =>
    expect(shownCell(session, cell.id).settings.strategies.map(({ id }) => id)).toEqual([
      'random',
      'presence-random',
      'entropy',
      'margin',
    ]),
  )
  expect(text(section())).toContain('18 of 28 trainings done; they are kept.')
  expect(section()?.classList.contains('stale')).toBe(true)
  const changed = shownCell(session, cell.id)
  await session.notebook.put({ ...changed, settings: { ...changed.settings, batch: 4 } })
  await expect.element(page.getByRole('button', { name: 'Run anew' })).toBeEnabled()
  await session.notebook.put({ ...changed, settings: { ...changed.settings, rounds: 9 } })
  await expect.element(page.getByRole('button', { name: 'Run anew' })).toBeDisabled()
  expect(text(section())).toContain('9 rounds label 45 images, but there are 22 to choose from')
})

test('for another target the figures alone are computed anew', async () => {
  const { session, cell } = await openExperiment()
  const fewer = { ...settings, seeds: [1, 2] }
  await session.notebook.put({ ...cell, settings: { ...fewer, targetFraction: 0.5 } })
  await expect.element(page.getByRole('button', { name: 'Update the figures' })).toBeEnabled()
  expect(text(section())).toContain('All 15 trainings done; only the figures are computed anew.')
})

test('figures of another version can be computed anew, without training', async () => {
  const { session, cell } = await openExperiment()
  if (cell.output === undefined) throw new Error('No output.')
  const done = { ...cell, settings: { ...settings, seeds: [1, 2] } }
  const output = {
    ...cell.output,
    state: { ...cell.output.state, settings: done.settings },
    fingerprint: fingerprintOfExperiment(session, done),
  }
  await session.notebook.put({ ...done, output })
  await vi.waitFor(() => expect(text(section())).toContain('All 15 trainings done.'))
  const { version, ...figures } = output.figures
  expect(version).toBe(figuresVersion)
  await session.notebook.put({ ...done, output: { ...output, figures } })
  await expect.element(page.getByRole('button', { name: 'Update the figures' })).toBeEnabled()
})

test('the time is told from what was measured here, and not otherwise', async () => {
  const { session, cell } = await openExperiment()
  expect(text(section())).not.toContain('will take')
  const [round] = session.notebook.rounds
  if (round.output === undefined || cell.output === undefined) throw new Error('No output.')
  // Of the 4 trainings that are left, each has 240 steps; of the round's 1000, one takes 0.1 s.
  const model = { ...round.output.model, inputSize: settings.model.inputSize }
  await session.notebook.put({ ...round, output: { ...round.output, model, trainSeconds: 100 } })
  await vi.waitFor(() =>
    expect(text(section())).toContain('Training alone will take about 2 min, judging by round 0.'),
  )
  await session.notebook.put({ ...cell, output: { ...cell.output, secondsPerStep: 0.25 } })
  await vi.waitFor(() =>
    expect(text(section())).toContain(
      '18 of 22 trainings done; they are kept. About 4 min to go, judging by the last run of an experiment.',
    ),
  )
})

test('a new experiment says how many labelled images it lacks', async () => {
  const { showNotebook } = await openProject(2)
  showNotebook()
  await page.getByRole('button', { name: 'Add a cell below Count' }).click()
  await page.getByRole('menuitem', { name: 'Experiment' }).click()
  await vi.waitFor(() =>
    expect(text(section())).toContain(
      'There are 0 labelled images. An experiment needs some hundred',
    ),
  )
  await expect.element(page.getByRole('button', { name: 'Run', exact: true })).toBeDisabled()
  await page.getByRole('button', { name: 'Remove this experiment' }).click()
  await vi.waitFor(() => expect(section()).toBeNull())
})

test('the curve tells what was saved, in time and money, from the experiment', async () => {
  const { session } = await openExperiment()
  const effort = () => text(page.getByRole('region', { name: 'Effort' }).element())
  // Thirty images at 12 s by the clock; 360 s x (15 / 13.75 - 1) = 32.7 s more at random.
  expect(effort()).toContain('30 labelled images with 30 boxes: 6 min 00 s by the clock')
  expect(effort()).toContain(
    'Saved about 33 s [–] compared with labelling at random, which cannot be told from nothing: in this project’s ' +
      'experiment Entropy saves 8 % [–] of random’s time at AP50 0.475 (2 seeds; a bound with 2, where one did not get there).',
  )
  const price = page.getByRole('spinbutton', { name: /An hour costs/ })
  await price.fill('12.34')
  await page.getByRole('textbox', { name: 'Currency' }).fill('EUR')
  await page.getByRole('heading', { name: 'Effort' }).click()
  // Six minutes are a tenth of an hour, whose price is kept to the cent.
  await vi.waitFor(() => expect(effort()).toContain('1.23 EUR'))
  await price.fill('100')
  await page.getByRole('heading', { name: 'Effort' }).click()
  await vi.waitFor(() => expect(effort()).toContain('10.00 EUR'))
  expect(effort()).toContain('33 s [–], 0.91 EUR [–], compared with')
  const stored = await session.services.storage.listCells(session.project.id)
  expect(stored.find(({ kind }) => kind === 'curve')).toMatchObject({
    price: { perHour: 100, currency: 'EUR' },
  })
})

test('the curve says when the experiment behind its saving is out of date', async () => {
  const { session } = await openExperiment()
  const effort = page.getByRole('region', { name: 'Effort' })
  await expect.element(effort).not.toHaveTextContent('out of date')
  await labelImage(session, 0)
  await expect
    .element(effort)
    .toHaveTextContent('in this project’s experiment, which is out of date, Entropy saves 8 %')
})

test('a chart for paper names its lines and gives each strategy one', async () => {
  const { cell } = await openExperiment()
  if (cell.output === undefined) throw new Error('The experiment has no output.')
  const { state, figures } = cell.output
  const names = ['Random', 'Presence', 'Entropy']
  const look = {
    width: 860,
    height: 420,
    xAxis: 'images',
    asFraction: true,
    palette: printPalette,
    tips: false,
    legend: true,
  } as const
  const chart = drawExperiment({ state, figures, names }, look)
  const words = [...chart.querySelectorAll('text')].map(({ textContent }) => textContent)
  expect(words).toEqual(
    expect.arrayContaining(['Random', 'Presence', 'Entropy', 'target', '100 %']),
  )
  // A point for each of the two rounds that the third seed has of two strategies.
  expect(chart.querySelectorAll('circle')).toHaveLength(4)
  expect(linesOf(chart)).toBe(3)
  const runs = state.runs.filter(({ seed }) => seed === 3)
  const ofOneSeed = { ...state, runs }
  const first = drawExperiment(
    { state: ofOneSeed, figures: experimentFigures(ofOneSeed), names },
    look,
  )
  expect(linesOf(first)).toBe(2)
  expect(svgDocument(chart)).toMatch(/^<svg [^>]*xmlns=/)
})

test.each([
  // Of 40 images 10 are measured on, of 100 it is 25; 10 to begin with, 10 more each round.
  [40, 3],
  [100, 7],
])(
  'of %d labelled images without a test split, a new one asks for %d rounds',
  async (count, rounds) => {
    const { session } = await openProject(count)
    for (let order = 0; order < count; order++) await labelImage(session, order)
    const { settings } = await session.addExperiment(undefined)
    expect(settings).toMatchObject({ initial: 10, batch: 10, rounds })
  },
)

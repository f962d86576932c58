import axe from 'axe-core'
import { tick } from 'svelte'
import { afterEach, expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import { reliabilityOf } from '../../../src/core/calibration/reliability'
import { diagnoseDetections } from '../../../src/core/diagnosis/diagnose'
import type { RoundOutput } from '../../../src/core/notebook/types'
import { dispose } from '../ui/harness'
import { openProject, putRound } from './harness'

afterEach(dispose)

/** Two cows found and one missed, a goat taken for a cow, a cow seen where nothing is. */
function diagnosisOf(cow: CategoryId, goat: CategoryId) {
  const at = (x: number) => ({ x, y: 0, width: 10, height: 10 })
  const truth = [
    ...[0, 100, 200].map((x) => ({ categoryId: cow, box: at(x), crowd: false })),
    { categoryId: goat, box: at(300), crowd: false },
  ]
  const detections = [
    [0, 0.9],
    [300, 0.8],
    [400, 0.7],
    [100, 0.6],
  ].map(([x, score]) => ({ categoryId: cow, box: at(x), score }))
  return diagnoseDetections([{ imageId: 'a' as ImageId, truth, detections }], [cow, goat])
}

/** A notebook with one round that found out `more`, and what folds its details. */
async function open(more: (session: ProjectSession) => Partial<RoundOutput>) {
  const { session, showNotebook } = await openProject(2)
  await session.labels.addCategory('Goat')
  const round = await putRound(session, 0, [0, 1], 0.5)
  if (round.output === undefined) throw new Error('The round has no output.')
  await session.notebook.put({ ...round, output: { ...round.output, ...more(session) } })
  const target = showNotebook()
  await tick()
  const summary = [...target.querySelectorAll('summary')].find(
    ({ textContent }) => textContent === 'Curves, errors and confusions',
  )
  return { target, summary, details: summary?.closest('details') }
}

const full = (session: ProjectSession): Partial<RoundOutput> => {
  const [cow, goat] = session.categories.map(({ id }) => id)
  const samples = [0.9, 0.8, 0.7, 0.6].map((score, index) => {
    const correct = index % 2 === 0
    return { categoryId: cow, score, correct, iou: correct ? 0.8 : 0 }
  })
  const check = reliabilityOf(samples)
  return {
    diagnosis: diagnosisOf(cow, goat),
    calibration: { images: 2, before: check, after: check },
  }
}

function rows(within: Element | null | undefined, label: RegExp): string[][] {
  const table = [...(within?.querySelectorAll('table') ?? [])].find((element) =>
    label.test(element.caption?.textContent ?? ''),
  )
  return [...(table?.tBodies[0].rows ?? [])].map((row) =>
    [...row.cells].map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim()),
  )
}

test('a round unfolds its errors and confusions by keyboard, and draws nothing before', async () => {
  const { summary, details } = await open(full)
  expect(details?.querySelector('table, svg')).toBeNull()
  summary?.focus()
  await userEvent.keyboard('{Enter}')
  await expect.poll(() => details?.querySelectorAll('.drawing svg').length).toBe(4)
  // Cows have 34 recall points at precision 1 and 33 at 2/4, goats none. Without the goat taken for a cow: 33 at 2/3, and
  // all 101 of goats; without the one where nothing is: 33 at 2/3; with two cows to find: 51 at 1 and 50 at 2/4.
  expect(
    rows(details, /^Errors/).map(([kind, ...figures]) => [kind.split(' ')[0], ...figures]),
  ).toEqual([
    ['Class', '1', '0.527'],
    ['Location', '0', '0.000'],
    ['Duplicate', '0', '0.000'],
    ['Background', '1', '0.027'],
    ['Missed', '1', '0.126'],
  ])
  expect(rows(details, /^Confusion/)).toEqual([
    ['Cow', '2', '0', '1'],
    ['Goat', '1', '0', '0'],
    ['background', '1', '0', ''],
  ])
  expect(details?.textContent).toContain('of boxes scored 0.60 or more')
})

test('charts say what they show, and axe has nothing to object to', async () => {
  const { summary, details, target } = await open(full)
  summary?.click()
  await expect.poll(() => details?.querySelectorAll('.drawing svg').length).toBe(4)
  const labels = [...(details?.querySelectorAll('[role="img"]') ?? [])].map(
    ({ ariaLabel }) => ariaLabel,
  )
  expect(labels).toEqual([
    'Precision over recall at IoU 0.5 of 2 classes.',
    // Scores 0.9, 0.8, 0.7 and 0.6 in a bin each; right are the first and the last here, the first and the third below.
    expect.stringContaining('The images measured on: D-ECE 0.500, LaECE 0.500'),
    expect.stringContaining('Labelled images, out of fold: D-ECE 0.450, LaECE 0.400'),
    expect.stringContaining('The same, calibrated: D-ECE 0.450'),
  ])
  if (details === null || details === undefined) throw new Error('There are no details.')
  const { violations } = await axe.run(details, { rules: { region: { enabled: false } } })
  expect(violations.map(({ id, nodes }) => [id, nodes[0].html])).toEqual([])
  expect(target.scrollWidth).toBeLessThanOrEqual(target.clientWidth)
})

test('a round of a version that kept no diagnosis has nothing to unfold', async () => {
  const { summary, target } = await open(() => ({}))
  expect(target.textContent).toContain('AP50')
  expect(summary).toBeUndefined()
})

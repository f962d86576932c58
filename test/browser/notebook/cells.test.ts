import { tick } from 'svelte'
import { afterEach, expect, test, vi } from 'vitest'
import { Activity } from '../../../src/app/state/activity.svelte'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { defaultModelSettings } from '../../../src/core/detection/model-settings'
import { fingerprintOfRound } from '../../../src/app/state/staleness'
import { defaultRoundSettings } from '../../../src/core/notebook/default-settings'
import type { Cell } from '../../../src/core/notebook/types'
import { dispose } from '../ui/harness'
import { imageId, labelImage, openEmptyProject, openProject, putRound } from './harness'

afterEach(dispose)

function section(target: HTMLElement, kind: Cell['kind'], index = 0): HTMLElement {
  const found = target.querySelectorAll<HTMLElement>(`section.cell.${kind}`)[index]
  if (!(found instanceof HTMLElement)) throw new Error(`There is no cell ${kind} ${index}.`)
  return found
}

function button(within: HTMLElement, name: RegExp): HTMLButtonElement {
  const found = [...within.querySelectorAll('button')].find((element) =>
    name.test(element.ariaLabel ?? element.textContent),
  )
  if (found === undefined) throw new Error(`There is no button ${String(name)}.`)
  return found
}

/** The text of each cell of each row, as it is read. */
function tableRows(within: HTMLElement): string[][] {
  return [...within.querySelectorAll('tbody tr, tfoot tr')].map((row) =>
    [...row.children].map(({ textContent }) => textContent.replaceAll(/\s+/g, ' ').trim()),
  )
}

function typeInto(area: HTMLTextAreaElement, text: string): void {
  area.value = text
  area.dispatchEvent(new InputEvent('input', { bubbles: true }))
}

function press(element: HTMLElement, key: string, ctrlKey = false): void {
  element.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true }))
}

function note(session: ProjectSession): string | undefined {
  const cell = session.notebook.cells.find(({ kind }) => kind === 'note')
  return cell?.kind === 'note' ? cell.markdown : undefined
}

async function edit(target: HTMLElement): Promise<HTMLTextAreaElement> {
  button(section(target, 'note'), /Edit note/).click()
  await tick()
  const area = section(target, 'note').querySelector('textarea')
  if (area === null) throw new Error('The note has not opened.')
  return area
}

test('Ctrl+Enter keeps what was written in a note, in storage too', async () => {
  const { session, showNotebook } = await openProject(0)
  const target = showNotebook()
  const area = await edit(target)
  typeInto(area, '# Cows\n\n<img src=x onerror="window.stolen = 1">')
  press(area, 'Enter', true)
  await vi.waitFor(() => expect(note(session)).toContain('# Cows'))
  expect(section(target, 'note').querySelector('h2')?.textContent).toBe('Cows')
  expect(section(target, 'note').querySelector('[onerror]')).toBeNull()
  const stored = await session.services.storage.listCells(session.project.id)
  expect(stored.find(({ kind }) => kind === 'note')).toMatchObject({
    markdown: expect.stringContaining('# Cows') as string,
  })
})

test('Escape brings the old text of a note back, even after the draft was saved', async () => {
  const { session, showNotebook } = await openProject(0)
  const before = note(session)
  const area = await edit(showNotebook())
  typeInto(area, 'draft')
  await vi.waitFor(() => expect(note(session)).toBe('draft'), { timeout: 5000 })
  press(area, 'Escape')
  await vi.waitFor(() => expect(note(session)).toBe(before))
})

test('without images or without a class the first round cannot start, and the cell says why', async () => {
  const { showNotebook } = await openEmptyProject()
  const target = showNotebook()
  const model = section(target, 'model')
  expect(button(model, /^\s*Start\s*$/).disabled).toBe(true)
  expect(model.textContent).toContain('Import some images first')
})

test('starting draws the seed set and shows its images', async () => {
  const { showNotebook } = await openProject(12)
  const target = showNotebook()
  button(section(target, 'model'), /^\s*Start\s*$/).click()
  await vi.waitFor(() => section(target, 'round'))
  const round = section(target, 'round')
  expect(round.querySelector('h2')?.textContent).toBe('Round 0 · seed set · 10 images')
  expect(round.querySelectorAll('ol li button')).toHaveLength(10)
  expect(button(round, /^\s*Train/).disabled).toBe(true)
  expect(section(target, 'model').querySelector('section')).toBeNull()
})

test('labelling opens the first open pick, with the picks as its queue', async () => {
  const { session, showNotebook } = await openProject(4)
  await putRound(session, 0, [2, 0, 3])
  await labelImage(session, 2)
  const target = showNotebook()
  const round = section(target, 'round')
  expect(round.textContent).toContain('1 of 3 labelled')
  button(round, /Go on labelling \(2 left\)/).click()
  expect(session.openImageId).toBe(imageId(0))
  expect(session.queue).toEqual([2, 0, 3].map(imageId))
})

test('a round can be trained with a part of its labels, with a warning', async () => {
  const { session, showNotebook } = await openProject(4)
  await putRound(session, 0, [0, 1, 2])
  const target = showNotebook()
  expect(button(section(target, 'round'), /Train/).disabled).toBe(true)
  await labelImage(session, 1)
  await tick()
  const train = button(section(target, 'round'), /Train with 1 of 3/)
  expect(train.disabled).toBe(false)
  expect(section(target, 'round').textContent).toContain('leaves out 2 of the images')
})

test('a pick says its image, state, score and reason', async () => {
  const { session, showNotebook } = await openProject(2)
  await putRound(session, 0, [0], 0.4)
  await putRound(session, 1, [1])
  const target = showNotebook()
  const picks = section(target, 'round', 1).querySelectorAll('ol button')
  expect([...picks].map(({ ariaLabel }) => ariaLabel)).toEqual([
    'image-1.png, to label, score 2.50, reason of 1',
  ])
})

test('a result shows its figures and what changed since the round before', async () => {
  const { session, showNotebook } = await openProject(3)
  await putRound(session, 0, [0], 0.4)
  await putRound(session, 1, [1], 0.525)
  const target = showNotebook()
  const text = section(target, 'round', 1).textContent.replaceAll(/\s+/g, ' ')
  expect(text).toContain('0.525 +0.125')
  expect(text).toContain('20 images 60 boxes')
  expect(text).toContain('12 s wasm')
  expect(section(target, 'round', 0).textContent).not.toContain('+0.')
})

test('figures of different estimates are marked and not compared', async () => {
  const { session, showNotebook } = await openProject(3)
  await putRound(session, 0, [0], 0.4, 'out-of-fold')
  await putRound(session, 1, [1], 0.525, 'test-split')
  const target = showNotebook()
  expect(section(target, 'round', 0).textContent).toContain('out-of-fold estimate')
  expect(section(target, 'round', 1).textContent).not.toContain('+0.125')
})

test('only the newest trained round asks for more', async () => {
  const { session, showNotebook } = await openProject(30)
  await putRound(session, 0, [0], 0.4)
  await putRound(session, 1, [1], 0.5)
  const target = showNotebook()
  expect(section(target, 'round', 0).textContent).not.toContain('Next query')
  expect(button(section(target, 'round', 1), /Ask for the next/).disabled).toBe(false)
})

test('the next query says what labelling costs, by the clock once ten images were timed', async () => {
  const { session, showNotebook } = await openProject(30)
  await putRound(session, 0, [0], 0.4)
  const cell = section(showNotebook(), 'round')
  for (let order = 0; order < 9; order++) await labelImage(session, order)
  await tick()
  expect(cell.textContent).toContain('7 s an image and 7 s a box, assumed')
  await labelImage(session, 9)
  await tick()
  // One box each and 12 s: the two cannot be told apart.
  expect(cell.textContent).toContain('6 s an image and 6 s a box, by the clock')
})

test('a round whose strategy this version does not know is shown, and the next may be asked for by the default', async () => {
  const { session, showNotebook } = await openProject(30)
  await putRound(session, 0, [0], 0.4)
  const round = await putRound(session, 1, [1, 2, 3], 0.5)
  const psychic = { ...round.settings, strategyId: 'psychic', parameters: { depth: 2 } }
  await session.notebook.put({ ...round, settings: psychic })
  const cell = section(showNotebook(), 'round', 1)
  expect(cell.querySelector('h2')?.textContent).toContain('psychic')
  expect(button(cell, /Ask for the next 3/).disabled).toBe(false)
  const next = vi.spyOn(session, 'queryNextRound').mockResolvedValue(round)
  button(cell, /Ask for the next 3/).click()
  expect(next).toHaveBeenCalledWith({ ...defaultRoundSettings, batchSize: 3 })
})

test('a failure is told in the cell it happened in', async () => {
  const { session, showNotebook } = await openProject(30)
  await putRound(session, 0, [0], 0.4)
  const target = showNotebook()
  button(section(target, 'round'), /Ask for the next/).click()
  await vi.waitFor(() =>
    expect(section(target, 'round').querySelector('[role=alert]')?.textContent).toMatch(
      /no trained head/,
    ),
  )
  expect(section(target, 'round').className).toContain('error')
})

test('a changed label, then a changed model, mark the round stale and say what to do', async () => {
  const { session, showNotebook } = await openProject(3)
  await labelImage(session, 0)
  const round = await putRound(session, 0, [0], 0.4)
  if (round.output === undefined) throw new Error('The round has no output.')
  const fingerprint = fingerprintOfRound(session, round, [])
  await session.notebook.put({ ...round, output: { ...round.output, fingerprint } })
  const cell = section(showNotebook(), 'round')
  expect(cell.querySelector('.state')?.textContent).toBe('fresh')
  expect(cell.textContent).not.toContain('Train again')

  await labelImage(session, 0)
  await tick()
  expect(cell.querySelector('.state')?.textContent).toBe('stale')
  expect(cell.textContent).toContain('Labels changed after this was computed. Train again')
  expect(button(cell, /Train again/).disabled).toBe(false)

  const model = session.notebook.cells.find(({ kind }) => kind === 'model')
  if (model?.kind !== 'model') throw new Error('A new notebook has no model cell.')
  await session.notebook.put({ ...model, settings: { ...model.settings, steps: 200 } })
  await tick()
  expect(cell.textContent).toContain('The model settings changed after this was computed.')
})

test('the depth is chosen in the model cell, which says what it costs, and is told in each round', async () => {
  const { session, showNotebook } = await openProject(3)
  await putRound(session, 0, [0])
  const target = showNotebook()
  const model = section(target, 'model')
  const told = () => section(target, 'round').querySelector('.settings')?.textContent
  expect(told()).toContain('· heads only ·')
  const label = [...model.querySelectorAll('label')].find(
    ({ textContent }) => textContent === 'Depth',
  )
  const select = label?.control
  if (!(select instanceof HTMLSelectElement)) throw new Error('There is no choice of the depth.')
  expect(select.value).toBe('head')
  select.value = 'full'
  select.dispatchEvent(new Event('change', { bubbles: true }))
  await vi.waitFor(() => expect(told()).toContain('· whole network ·'))
  expect(model.textContent).toContain('on two CPU cores')
  expect(session.notebook.cells.find(({ kind }) => kind === 'model')).toMatchObject({
    settings: { depth: 'full' },
  })
  button(model, /Defaults/).click()
  await vi.waitFor(() => expect(told()).toContain('· heads only ·'))
})

test('the start of the rounds is chosen in the model cell and told in each round', async () => {
  const { session, showNotebook } = await openProject(3)
  const digest = '0123456789abcdef'.repeat(4)
  const trained = await putRound(session, 0, [0], 0.4)
  if (trained.output === undefined) throw new Error('The round has no output.')
  await session.notebook.put({ ...trained, output: { ...trained.output, weightsDigest: digest } })
  await putRound(session, 1, [1])
  const target = showNotebook()
  expect(section(target, 'round').textContent).toContain(digest)
  const told = (): (string | null | undefined)[] =>
    [0, 1].map((index) => section(target, 'round', index).querySelector('.settings')?.textContent)
  for (const text of told()) expect(text).toContain('· from scratch ·')

  const label = [...section(target, 'model').querySelectorAll('label')].find(
    ({ textContent }) => textContent === 'Start each round',
  )
  const select = label?.control
  if (!(select instanceof HTMLSelectElement)) throw new Error('There is no choice of the start.')
  expect(select.value).toBe('scratch')
  select.value = 'warm'
  select.dispatchEvent(new Event('change', { bubbles: true }))
  // Round 0 stays what it was; round 1 will start from its head.
  await vi.waitFor(() => expect(told()[1]).toContain('· from the head of the round before ·'))
  expect(told()[0]).toContain('· from scratch ·')
  expect(section(target, 'model').textContent).toContain(
    `with ${defaultModelSettings.steps / 2} it will be about 6 s`,
  )
  button(section(target, 'model'), /Defaults/).click()
  await vi.waitFor(() => expect(told()[1]).toContain('· from scratch ·'))
})

test('a round at work shows its progress and its loss, and can be stopped', async () => {
  const { session, showNotebook } = await openProject(3)
  await putRound(session, 0, [0])
  const cell = section(showNotebook(), 'round')
  const activity = new Activity('train', 'Training round 0')
  session.activity = activity
  activity.enter('Training', 300)
  activity.advance(75, 300, 20)
  activity.losses = [
    { step: 1, loss: 4 },
    { step: 75, loss: 1 },
  ]
  await tick()
  expect(cell.querySelector('.state')?.textContent).toBe('running')
  expect(cell.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow')).toBe('25')
  expect(cell.querySelector('[role=img]')?.ariaLabel).toBe(
    `Training loss from 4.00 to 1.00 at step 75 of ${defaultModelSettings.steps}`,
  )
  button(cell, /Cancel/).click()
  expect(activity.signal.aborted).toBe(true)
  session.activity = undefined
})

test('the curve has a marker a round, keeps its axis, and gives its figures as a table', async () => {
  const { session, showNotebook } = await openProject(3)
  const target = showNotebook()
  const curve = section(target, 'curve')
  expect(curve.textContent).toContain('Each trained round adds a point')
  await putRound(session, 0, [0], 0.4)
  await putRound(session, 1, [1], 0.525)
  await vi.waitFor(() =>
    expect(curve.querySelectorAll('[aria-label*="AP50 "][aria-label^="Round"]')).toHaveLength(2),
  )
  expect(tableRows(curve)[1]).toEqual([
    '1',
    'Entropy',
    '20',
    '60',
    '4 min 00 s',
    // Nobody counted the clicks.
    '–',
    '0.525',
    '0.263',
    'test split',
  ])
  button(curve, /Boxes/).click()
  await vi.waitFor(async () => {
    const cells = await session.services.storage.listCells(session.project.id)
    expect(cells.find(({ kind }) => kind === 'curve')).toMatchObject({ xAxis: 'boxes' })
  })
  await vi.waitFor(() => expect(curve.querySelector('[role=img]')?.textContent).toContain('boxes'))
})

test('a count shows its totals and each image, the fullest first', async () => {
  const { session, showNotebook } = await openProject(3)
  await putRound(session, 0, [0], 0.4)
  const count = session.notebook.cells.find((cell) => cell.kind === 'count')
  if (count === undefined) throw new Error('A new notebook has no count cell.')
  const [{ id: categoryId }] = session.categories
  await session.notebook.put({
    ...count,
    output: {
      threshold: 0.3,
      images: [
        { imageId: imageId(0), counts: [{ categoryId, count: 1, deviation: 0 }] },
        { imageId: imageId(1), counts: [{ categoryId, count: 4.2, deviation: 0.5 }] },
      ],
      totals: [{ categoryId, count: 5.2, deviation: 0.5 }],
      fingerprint: 'of another state',
      finishedAt: 1,
    },
  })
  const target = showNotebook()
  const cell = section(target, 'count')
  expect(tableRows(cell)).toEqual([
    ['Cow', '5.2 ± 0.5'],
    ['All', '5.2 ± 0.5'],
    ['image-1.png', '4.2 ± 0.5', '4.2'],
    ['image-0.png', '1.0 ± 0.0', '1.0'],
  ])
  expect(cell.querySelector('.state')?.textContent).toBe('stale')
  button(cell, /image-1/).click()
  expect(session.openImageId).toBe(imageId(1))
})

test('a removed note comes back by undo', async () => {
  const { workspace, session, showNotebook } = await openProject(0)
  const before = session.notebook.cells
  button(section(showNotebook(), 'note'), /Remove this note/).click()
  await vi.waitFor(() => expect(session.notebook.cells).toHaveLength(before.length - 1))
  workspace.notices.items.at(-1)?.action?.run()
  await vi.waitFor(() => expect(session.notebook.cells).toEqual(before))
})

test('the page opens where it was left and remembers where it goes', async () => {
  const { session, showNotebook } = await openProject(3)
  await putRound(session, 0, [0], 0.4)
  session.scrollTop = 321
  showNotebook()
  await vi.waitFor(() => expect(window.scrollY).toBe(321))
  window.dispatchEvent(new WheelEvent('wheel'))
  window.scrollTo(0, 123)
  await vi.waitFor(async () => {
    expect((await session.services.storage.getUiState(session.project.id))?.scrollTop).toBe(123)
  })
})

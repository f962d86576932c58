/** The notebook as a page: what may be removed, what a second tab may do, and what is kept in sight. */
import { afterEach, expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { dispose } from '../ui/harness'
import { openProject, putRound } from './harness'

afterEach(dispose)

const cell = (kind: string) => document.querySelector(`section.cell.${kind}`)
const button = (name: string) => page.getByRole('button', { name, exact: true })

test('only a last untrained round can be removed, and Undo brings it back with its query', async () => {
  const { workspace, session, showNotebook } = await openProject(6)
  await putRound(session, 0, [0, 1], 0.4)
  const asked = await putRound(session, 1, [2, 3])
  showNotebook()
  expect(button('Remove this round').elements()).toHaveLength(1)
  await button('Remove this round').click()
  await vi.waitFor(() => expect(session.notebook.rounds).toHaveLength(1))
  // The round before it is the last one now, but it is trained: the record of the experiment.
  await expect.element(button('Remove this round')).not.toBeInTheDocument()

  workspace.notices.items[0]?.action?.run()
  await vi.waitFor(() => expect(session.notebook.rounds.at(-1)).toEqual(asked))
})

test('a removed round does not come back beside the one that took its number', async () => {
  const { workspace, session, showNotebook } = await openProject(6)
  await putRound(session, 0, [0, 1])
  showNotebook()
  await button('Remove this round').click()
  await vi.waitFor(() => expect(session.notebook.rounds).toHaveLength(0))
  await putRound(session, 0, [4])
  workspace.notices.items[0]?.action?.run()
  await vi.waitFor(() =>
    expect(workspace.notices.items.map(({ text }) => text)).toContain(
      'Bringing the cell back: There is a new round 0 by now; remove that one first.',
    ),
  )
  expect(session.notebook.rounds).toHaveLength(1)
})

test('a project that another tab holds cannot be changed here, and says why', async () => {
  const { session, showNotebook } = await openProject(3)
  session.writer.readOnly = true
  showNotebook()
  await expect.element(page.getByRole('region', { name: 'Read-only' })).toBeInTheDocument()
  await expect.element(button('Choose a folder')).toBeDisabled()
  await expect.element(button('Start')).toBeDisabled()
  await expect.element(page.getByLabelText('Input size')).toBeDisabled()
  await expect.element(page.getByLabelText('New class')).toBeDisabled()
  expect(button('Remove this note').elements()).toHaveLength(0)

  await button('Take over').click()
  await expect.element(button('Choose a folder')).toBeEnabled()
  await expect.element(page.getByRole('region', { name: 'Read-only' })).not.toBeInTheDocument()
})

test('while rounds play the curve stays where it is, until somebody scrolls away', async () => {
  const { session, showNotebook } = await openProject(6)
  showNotebook()
  // The page first goes to where the project was left.
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  session.playing = true
  // Its place leaves the round at work in sight above it.
  const place = window.innerHeight - 470
  const top = () => cell('curve')?.getBoundingClientRect().top
  await vi.waitFor(() => expect(top()).toBeCloseTo(place, 0))
  const scrolled = window.scrollY
  await putRound(session, 0, [0], 0.3)
  await putRound(session, 1, [1], 0.4)
  await vi.waitFor(() => {
    expect(window.scrollY).toBeGreaterThan(scrolled + 400)
    expect(top()).toBeCloseTo(place, 0)
  })

  window.scrollTo({ top: 0 })
  await vi.waitFor(() => expect(window.scrollY).toBe(0))
  await putRound(session, 2, [2], 0.5)
  await vi.waitFor(() => expect(document.querySelectorAll('section.cell.round')).toHaveLength(3))
  expect(window.scrollY).toBe(0)
})

test('the curve stays where it is when the playing ends and the next query is offered above it', async () => {
  const { session, showNotebook } = await openProject(6)
  await putRound(session, 0, [0], 0.3)
  await putRound(session, 1, [1], 0.4)
  showNotebook()
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame)
  session.playing = true
  const place = window.innerHeight - 470
  const top = () => cell('curve')?.getBoundingClientRect().top
  await vi.waitFor(() => expect(top()).toBeCloseTo(place, 0))
  const scrolled = window.scrollY
  session.playing = false
  await expect.element(page.getByLabelText('Images to ask for')).toBeInTheDocument()
  await vi.waitFor(() => {
    expect(window.scrollY).toBeGreaterThan(scrolled + 100)
    expect(Math.abs((top() ?? NaN) - place)).toBeLessThanOrEqual(1)
  })
})

test('a failure while rounds play by themselves is told in the round it happened in', async () => {
  const { session, showNotebook } = await openProject(30)
  session.project = { ...session.project, hasOracle: true }
  await putRound(session, 0, [0], 0.4)
  showNotebook()
  await button('Play 5 rounds by themselves').click()
  await vi.waitFor(() =>
    expect(cell('round')?.querySelector('[role=alert]')?.textContent).toMatch(/no trained head/),
  )
  expect(session.playing).toBe(false)
})

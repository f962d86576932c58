/** Label review, stopping figures and the audit of the pool, on real rounds. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auditBoxes, auditCoverage } from '../../../src/app/analysis/auditing'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { isDismissed } from '../../../src/core/label-errors/dismiss'
import { percentileInterval } from '../../../src/core/evaluation/bootstrap-ap50'
import type { ReviewCell, ReviewOutput } from '../../../src/core/notebook/types'
import {
  closeApps,
  closeWorkers,
  entropyOf,
  openShelfProject,
  playSeedRound,
  playTwoRounds,
  tinyModel,
  useModel,
} from './fixture'

afterAll(closeWorkers)

/** Enough steps to see something, not enough to see everything. */
const model = { ...tinyModel, steps: 120 }

async function reviewed(session: ProjectSession): Promise<ReviewCell & { output: ReviewOutput }> {
  const { id } = await session.notebook.addReview(undefined)
  await session.review(id)
  const cell = session.notebook.cell(id)
  if (cell?.kind !== 'review' || cell.output === undefined)
    throw new Error('The review has no output.')
  return { ...cell, output: cell.output }
}

describe('after two rounds', () => {
  let session: ProjectSession
  let cell: ReviewCell & { output: ReviewOutput }
  beforeAll(async () => {
    session = (await openShelfProject()).session
    await useModel(session, model)
    await playTwoRounds(session)
    cell = await reviewed(session)
  }, 180_000)
  afterAll(closeApps)

  it('every labelled image is judged, by heads that never saw it, and nothing else is', () => {
    const labeled = new Set(session.pool.labeled)
    const { output } = cell
    expect(output.images).toBe(7)
    expect(output.unjudged).toBe(0)
    expect(output.boxes).toBe(
      [...labeled].reduce((sum, id) => sum + session.labels.of(id).length, 0),
    )
    // So short a training is wrong about a lot.
    expect(output.items.length).toBeGreaterThan(0)
    const suspicions = output.items.map(({ suspicion }) => suspicion)
    expect(suspicions).toEqual(suspicions.toSorted((a, b) => b - a))
    for (const item of output.items) {
      expect(labeled.has(item.imageId)).toBe(true)
      if (item.kind === 'overlooked') continue
      const label = session.labels.of(item.imageId)[item.label.truthIndex]
      expect(label).toMatchObject({ id: item.annotationId, box: item.label.box })
    }
    expect(session.stale.has(cell.id)).toBe(false)
  })

  it('what was dismissed stays so, after another search and after reopening', async () => {
    const [first] = cell.output.items
    await session.dismissSuspect(cell.id, first)
    await session.review(cell.id)
    await session.reload()
    const again = session.notebook.cell(cell.id)
    if (again?.kind !== 'review') throw new Error('The review has gone.')
    expect(again.output?.items).toEqual(cell.output.items)
    expect(again.output?.items.filter((item) => isDismissed(item, again.dismissed))).toContainEqual(
      first,
    )
  })

  it('rounds keep paired samples of the test split around their AP50', () => {
    const outputs = session.notebook.rounds.map(({ output }) => output)
    const keys = outputs.map((output) => output?.samples?.key)
    expect(keys[0]).toBeTypeOf('string')
    expect(keys[1]).toBe(keys[0])
    for (const output of outputs) {
      expect(output?.samples?.ap50).toHaveLength(400)
      const interval = percentileInterval(output?.samples?.ap50 ?? [], 1)
      const ap50 = output?.evaluation?.metrics.ap50 ?? NaN
      expect(interval?.low).toBeLessThanOrEqual(ap50)
      expect(interval?.high).toBeGreaterThanOrEqual(ap50)
    }
  })

  it('the second round knows how far it agrees with the first, which has none before it', () => {
    const [first, second] = session.notebook.rounds.map(({ output }) => output?.agreement)
    expect(first).toBeUndefined()
    expect(second).toBeGreaterThanOrEqual(0)
    expect(second).toBeLessThanOrEqual(1)
  })

  it('the audit compares labels with what is seen in the rest of the pool', async () => {
    const boxes = await auditBoxes(session, new AbortController().signal)
    expect(boxes.labeled).toBe(cell.output.boxes)
    const seen = session.pool.unlabeled.flatMap((id) =>
      (session.detections.get(id)?.detections ?? []).filter(({ score }) => score >= 0.3),
    )
    expect(boxes.pool).toBe(seen.length)
    for (const { bins } of boxes.distributions) {
      expect(bins.reduce((sum, { labeled }) => sum + labeled, 0)).toBe(boxes.labeled)
      expect(bins.reduce((sum, { pool }) => sum + pool, 0)).toBe(boxes.pool)
    }
    const { labeled, unlabeled } = session.pool
    const { compared, clusters } = await auditCoverage(session)
    expect(compared).toEqual([...labeled, ...unlabeled])
    expect(clusters.flat().toSorted()).toEqual(compared.toSorted())
  })
})

it('a lone head has trained on every image: the review says so and what to do', async () => {
  const { session } = await openShelfProject()
  await useModel(session, { ...tinyModel, committee: 1 })
  await playSeedRound(session, entropyOf(2))
  await expect(reviewed(session)).rejects.toThrow(
    /every labelled image.*Train a round from scratch/,
  )
  await closeApps()
}, 60_000)

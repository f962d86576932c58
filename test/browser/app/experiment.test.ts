import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { experimentCsv, experimentJson } from '../../../src/app/exports'
import { experimentOutlook } from '../../../src/app/experiment/outlook'
import { isCancellation } from '../../../src/app/state/activity.svelte'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { readExperimentResult } from '../../../src/core/experiment/files/experiment-files'
import { experimentResult } from '../../../src/core/experiment/statistics/result'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../src/core/experiment/replay/experiment-settings'
import { shareProgress, wholeExperiment } from '../../../src/core/experiment/replay/shares'
import type { ExperimentSettings } from '../../../src/core/experiment/replay/replay-types'
import type { CellId } from '../../../src/core/notebook/types'
import { closeApps, closeWorkers, openApp, openShelfProject, tinyModel, until } from './fixture'
import { experimentAt, outputOf } from './experiment-cells'

afterEach(closeApps)
afterAll(closeWorkers)

const settings: ExperimentSettings = {
  ...defaultExperimentSettings,
  strategies: ['random', 'presence-random', 'entropy'].map(parseVariant),
  seeds: [1, 2],
  initial: 3,
  batch: 2,
  rounds: 2,
  model: { ...tinyModel, steps: 60 },
  stepsPerImage: 0,
}

/** The full pool, and for each of two seeds the initial set and one more round of three strategies. */
const trainings = 1 + 2 * (1 + 3)

const doneIn = (session: ProjectSession, id: CellId): number => {
  const output = experimentAt(session, id).output
  return output === undefined ? 0 : shareProgress(output.state, wholeExperiment).done
}

const addTo = (session: ProjectSession) =>
  session.notebook.addExperiment(undefined, { labels: 'oracle', settings })

describe('an experiment of the notebook', () => {
  it('runs; interrupted, it goes on when worker or project are opened again, to the same result', async () => {
    const { session, workspace, services, database } = await openShelfProject()
    const whole = await addTo(session)
    const parts = await addTo(session)
    await session.experiment(whole.id)
    const expected = outputOf(session, whole.id)
    expect(doneIn(session, whole.id)).toBe(trainings)
    // Thirteen images of the pool, of which a quarter joins the three of the test split.
    expect([expected.poolImages, expected.testImages, expected.isTestDrawn]).toEqual([10, 6, true])
    expect(session.stale.has(whole.id)).toBe(false)
    expect(session.activity).toBeUndefined()
    expect(experimentAt(session, whole.id).isUnderWay).toBe(false)

    const running = session.experiment(parts.id).catch((error: unknown) => error)
    await until(() => doneIn(session, parts.id) >= 2)
    session.activity?.pause()
    expect(session.activity?.paused).toBe(true)
    // What is being stored is stored, and the next call to the engine waits there.
    await new Promise((resolve) => setTimeout(resolve, 500))
    services.engine.close()
    await until(() => session.notices.items.length > 0)
    session.activity?.resume()
    await until(() => doneIn(session, parts.id) >= 4)
    expect(session.notices.items.map(({ text }) => text)).toContain(
      'The engine stopped. It was started again on wasm. The experiment goes on.',
    )
    await workspace.closeProject()
    expect(isCancellation(await running)).toBe(true)
    const kept = doneIn(session, parts.id)
    expect(kept).toBeGreaterThanOrEqual(4)
    expect(kept).toBeLessThan(trainings)
    services.storage.close()

    const again = await openApp(database)
    const reopened = await again.workspace.openProject(session.project.id)
    expect(doneIn(reopened, parts.id)).toBe(kept)
    expect(reopened.notices.items.map(({ text }) => text)).toEqual([
      `An experiment was interrupted after ${kept} of ${trainings} trainings; it can go on from there.`,
    ])
    const outlook = experimentOutlook(reopened, experimentAt(reopened, parts.id), {
      pool: 13,
      test: 3,
    })
    expect(outlook).toEqual({
      problem: undefined,
      progress: { done: kept, total: trainings },
      goesOn: true,
      isComplete: false,
      time: { seconds: expect.any(Number) as number, by: { kind: 'experiment' } },
    })
    expect(outlook.time?.seconds).toBeGreaterThan(0)
    await reopened.experiment(parts.id)
    expect(experimentAt(reopened, parts.id).isUnderWay).toBe(false)
    const { state, figures } = outputOf(reopened, parts.id)
    expect(state).toEqual(expected.state)
    expect(state.imageKeys).toBe('content')
    expect(figures).toEqual(expected.figures)

    // What is downloaded is what the command line writes and merges.
    const { runs, ...rest } = readExperimentResult(experimentJson(state, figures), 'a file')
    expect(rest).toMatchObject({ dataDigest: state.dataDigest, fullPool: state.fullPool })
    expect(runs).toHaveLength(6)
    expect(JSON.parse(experimentJson(state, figures))).toEqual(
      JSON.parse(JSON.stringify(experimentResult(state), (_, value: unknown) => value ?? null)),
    )
    const rows = experimentCsv(state).trimEnd().split('\r\n')
    expect(rows[0]).toBe('strategy,seed,round,images,boxes,seconds,ap50,ap')
    expect(rows).toHaveLength(1 + 3 * 2 * 2)

    // Another target, one seed less: nothing is trained for that.
    const fewer = { ...settings, seeds: [2], targetFraction: 0.5 }
    await reopened.notebook.put({ ...experimentAt(reopened, parts.id), settings: fewer })
    expect(reopened.stale.has(parts.id)).toBe(true)
    const { fullPool } = state
    await reopened.experiment(parts.id)
    const changed = outputOf(reopened, parts.id)
    expect(changed.state.runs).toEqual(state.runs)
    expect(changed.figures.strategies[2].axes.images.saving?.target).toBe(
      0.5 * (fullPool?.ap50 ?? NaN),
    )
    expect(reopened.stale.has(parts.id)).toBe(false)
  }, 240_000)

  it('says that too few images are labelled', async () => {
    const { session } = await openShelfProject()
    const cell = await session.notebook.addExperiment(undefined, { labels: 'own', settings })
    await expect(session.experiment(cell.id)).rejects.toThrow(
      'An experiment needs 10 labelled images to choose from',
    )
    const { problem } = experimentOutlook(session, cell, { pool: 13, test: 12 })
    expect(problem).toBeUndefined()
    const long = { ...cell, settings: { ...settings, rounds: 7 } }
    expect(experimentOutlook(session, long, { pool: 13, test: 12 }).problem).toMatch(
      '7 rounds label 15 images, but there are 13 to choose from',
    )
    const variant = { id: 'bald:gone=1', strategyId: 'bald', parameters: { gone: 1 } }
    const old = { ...cell, settings: { ...settings, strategies: [variant] } }
    expect(experimentOutlook(session, old, { pool: 13, test: 12 }).problem).toBe(
      "bald:gone=1 has a parameter that there is no more, 'gone': untick it, or add it anew.",
    )
  })
})

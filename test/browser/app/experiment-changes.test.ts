/** What is done to an experiment's cell while it runs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../src/core/experiment/replay/experiment-settings'
import type { ExperimentSettings } from '../../../src/core/experiment/replay/replay-types'
import { closeApps, closeWorkers, openShelfProject, tinyModel, until } from './fixture'

const settings: ExperimentSettings = {
  ...defaultExperimentSettings,
  strategies: ['random', 'presence-random'].map(parseVariant),
  // Of fewer there is nothing to resample, and the figures are there at once.
  seeds: [1, 2, 3, 4, 5],
  initial: 3,
  batch: 2,
  rounds: 1,
  model: tinyModel,
  stepsPerImage: 0,
}

describe('while the figures of an experiment are computed', () => {
  let session: ProjectSession
  beforeAll(async () => {
    session = (await openShelfProject()).session
  })
  afterAll(async () => {
    await closeApps()
    closeWorkers()
  })

  /** Starts an experiment; `ended` when the engine has nothing left but the figures. */
  async function begin() {
    const { id } = await session.notebook.addExperiment(undefined, { labels: 'oracle', settings })
    const ended = session.experiment(id).catch((error: unknown) => error)
    await until(() => session.activity?.phase === 'Comparing the strategies')
    return { id, ended }
  }

  it('what is chosen for its chart is kept', async () => {
    const { id, ended } = await begin()
    await session.notebook.update(id, 'experiment', (cell) => ({ ...cell, asFraction: true }))
    expect(await ended).toBeUndefined()
    const cell = session.notebook.cell(id)
    if (cell?.kind !== 'experiment') throw new Error('The experiment has gone.')
    expect(cell.asFraction).toBe(true)
    expect(cell.output?.state.runs).toHaveLength(10)
  }, 120_000)

  it('its cell can be removed and does not come back', async () => {
    const { id, ended } = await begin()
    await session.notebook.remove(id)
    await ended
    expect(session.notebook.cell(id)).toBeUndefined()
    const stored = await session.services.storage.listCells(session.project.id)
    expect(stored.some((cell) => cell.id === id)).toBe(false)
  }, 120_000)
})

/** What becomes of an experiment's finished trainings when something about its data changes. */
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { experimentOutlook } from '../../../src/app/experiment/outlook'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { offerToGoOn } from '../../../src/app/experiment/interrupted'
import type { ExperimentSettings } from '../../../src/core/experiment/replay/replay-types'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../src/core/experiment/replay/experiment-settings'
import { emptyDiff } from '../../../src/core/history/diff'
import type { CellId } from '../../../src/core/notebook/types'
import {
  closeApps,
  closeWorkers,
  importFiles,
  openApp,
  openProject,
  openShelfProject,
  shelfImport,
  tinyModel,
  useModel,
} from './fixture'
import { experimentAt, outputOf } from './experiment-cells'

afterEach(closeApps)
afterAll(closeWorkers)

const settings: ExperimentSettings = {
  ...defaultExperimentSettings,
  strategies: ['random', 'presence-random'].map(parseVariant),
  seeds: [1],
  initial: 3,
  batch: 2,
  rounds: 1,
  model: tinyModel,
  stepsPerImage: 0,
}
/** The full pool, and the initial set of a seed, which both strategies share. */
const trainings = 2

const outlookOf = (session: ProjectSession, id: CellId) =>
  experimentOutlook(session, experimentAt(session, id), undefined)

/** No training gives it: where it is found, the full pool was not trained on again. */
const mark = { ap50: 0.123, ap: 0.0456, interval: undefined }

/** Runs an experiment, marks what it found, and asks for one more seed. */
async function runMarked(session: ProjectSession, labels: 'own' | 'oracle'): Promise<CellId> {
  const { id } = await session.notebook.addExperiment(undefined, { labels, settings })
  await session.experiment(id)
  await session.notebook.update(id, 'experiment', (cell) => ({
    ...cell,
    settings: { ...settings, seeds: [1, 2] },
    output: cell.output && { ...cell.output, state: { ...cell.output.state, fullPool: mark } },
  }))
  return id
}

describe('the finished trainings of an experiment', () => {
  it('are kept when a class is renamed, as is said before', async () => {
    const { session } = await openShelfProject('labels')
    const id = await runMarked(session, 'own')
    const before = outputOf(session, id).state
    await session.labels.updateCategory(session.categories[0].id, { name: 'something else' })
    expect(outlookOf(session, id)).toMatchObject({
      goesOn: true,
      progress: { done: trainings, total: trainings + 1 },
    })
    await session.experiment(id)
    const { state } = outputOf(session, id)
    expect(state.fullPool).toEqual(mark)
    expect(state.runs.slice(0, 2)).toEqual(before.runs)
    expect(state.dataDigest).not.toBe(before.dataDigest)
    expect(session.stale.has(id)).toBe(false)
  }, 120_000)

  it('are kept when a deletion was undone before, and the project is opened again', async () => {
    const { session, services, workspace, database } = await openShelfProject('labels')
    const imageId = session.pool.labeled.find((id) => session.labels.of(id).length > 1)
    if (imageId === undefined) throw new Error('No shelf has two boxes.')
    const boxes = session.labels.of(imageId)
    const [first] = boxes
    await session.labels.commit(imageId, { ...emptyDiff, removed: [first] })
    await session.labels.commit(imageId, { ...emptyDiff, added: [first] })
    expect(session.labels.of(imageId)).not.toEqual(boxes)
    const id = await runMarked(session, 'own')
    const { dataDigest } = outputOf(session, id).state
    await workspace.closeProject()
    services.storage.close()

    const again = await openApp(database)
    const reopened = await again.workspace.openProject(session.project.id)
    expect(reopened.labels.of(imageId)).toEqual(boxes)
    expect(outlookOf(reopened, id).goesOn).toBe(true)
    await reopened.experiment(id)
    expect(outputOf(reopened, id).state).toMatchObject({ dataDigest, fullPool: mark })
  }, 120_000)

  it('are given up when the oracle comes to know more images, as is said before', async () => {
    const { session } = await openProject()
    const files = await shelfImport()
    const [listing] = files.slice(-1)
    const last = files[15]
    await importFiles(session, [last], 'none')
    await importFiles(session, [...files.slice(0, 15), listing], 'oracle')
    await session.setTestFraction(0)
    await useModel(session, tinyModel)
    const id = await runMarked(session, 'oracle')
    const { poolImages, testImages } = outputOf(session, id)
    expect(outlookOf(session, id).goesOn).toBe(true)

    await importFiles(session, [last, listing], 'oracle')
    expect(session.importReport).toMatchObject({ imported: 0, attached: 1 })
    expect(session.stale.has(id)).toBe(true)
    expect(outlookOf(session, id)).toMatchObject({ goesOn: false, progress: { done: 0 } })
    // Nor does a notice offer to go on with what would be replaced.
    await session.notebook.update(id, 'experiment', (cell) => ({ ...cell, isUnderWay: true }))
    await offerToGoOn(session)
    expect(session.notices.items).toEqual([])
    await session.experiment(id)
    const output = outputOf(session, id)
    expect(output.poolImages + output.testImages).toBe(poolImages + testImages + 1)
    expect(output.state.fullPool).not.toEqual(mark)
    expect(session.stale.has(id)).toBe(false)
  }, 120_000)

  it('are not replaced when fewer images can be read', async () => {
    const { session } = await openShelfProject('labels')
    const id = await runMarked(session, 'own')
    // As if it had been begun when one more could be read.
    await session.notebook.update(id, 'experiment', (cell) => ({
      ...cell,
      output: cell.output && { ...cell.output, poolImages: cell.output.poolImages + 1 },
    }))
    const before = outputOf(session, id)
    expect(outlookOf(session, id).goesOn).toBe(true)
    await expect(session.experiment(id)).rejects.toThrow('Its finished trainings are kept')
    expect(outputOf(session, id)).toEqual(before)
  }, 120_000)
})

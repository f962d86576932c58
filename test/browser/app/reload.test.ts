import { afterAll, afterEach, describe, expect, it } from 'vitest'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { ImageId } from '../../../src/core/dataset/types'
import type { CellKind } from '../../../src/core/notebook/types'
import {
  closeApps,
  closeWorkers,
  drawnBox,
  entropyOf,
  openApp,
  type OpenApp,
  openShelfProject,
  tinyModel,
  useModel,
} from './fixture'

afterEach(closeApps)
afterAll(closeWorkers)

/** Two trained rounds, a third one asked for, and a count. */
async function openPlayedProject(): Promise<OpenApp & { readonly session: ProjectSession }> {
  const app = await openShelfProject()
  await app.session.play(2, entropyOf(3))
  await app.session.queryNextRound(entropyOf(3))
  await app.session.count(cellOf(app.session, 'count'))
  return app
}

function cellOf(session: ProjectSession, kind: CellKind) {
  const cell = session.notebook.cells.find((candidate) => candidate.kind === kind)
  if (cell === undefined) throw new Error(`The notebook has no ${kind} cell.`)
  return cell.id
}

/** The stale cells as people name them. */
function staleNames(session: ProjectSession): string[] {
  return session.notebook.cells
    .filter(({ id }) => session.stale.has(id))
    .map((cell) => (cell.kind === 'round' ? `round ${cell.index}` : cell.kind))
}

function firstPick(session: ProjectSession, round: number): ImageId {
  return session.notebook.rounds[round].picks[0].imageId
}

function redraw(session: ProjectSession, imageId: ImageId, app: OpenApp): Promise<void> {
  const box = drawnBox(app.services, session, imageId, session.categories[0].id)
  return session.labels.commit(imageId, { added: [box], updated: [], removed: [] })
}

describe('saved outputs', () => {
  it('are marked stale by what they depend on, and by nothing else', async () => {
    const app = await openPlayedProject()
    const { session } = app
    expect(staleNames(session)).toEqual([])

    // What only the next round will train on.
    await session.answerFromOracle(session.notebook.rounds[2].id)
    expect(staleNames(session)).toEqual([])
    await redraw(session, firstPick(session, 2), app)
    expect(staleNames(session)).toEqual([])

    // What round 1 asked for is no business of round 0.
    await redraw(session, firstPick(session, 1), app)
    expect(staleNames(session)).toEqual(['round 1', 'curve', 'count'])
    await redraw(session, firstPick(session, 0), app)
    expect(staleNames(session)).toEqual(['round 0', 'round 1', 'curve', 'count'])

    // Training again clears it, from the first round down.
    await session.trainRound(session.notebook.rounds[0].id)
    expect(staleNames(session)).toEqual(['round 1', 'curve', 'count'])
    await session.trainRound(session.notebook.rounds[1].id)
    expect(staleNames(session)).toEqual(['count'])
    await session.count(cellOf(session, 'count'))
    expect(staleNames(session)).toEqual([])
    expect(session.curve.map(({ images }) => images)).toEqual([3, 6])

    await redraw(session, session.testImages[0].id, app)
    expect(staleNames(session)).toEqual(['round 0', 'round 1', 'curve', 'count'])
    for (const { id, output } of session.notebook.rounds)
      if (output !== undefined) await session.trainRound(id)
    await session.count(cellOf(session, 'count'))
    expect(staleNames(session)).toEqual([])

    await useModel(session, { ...tinyModel, steps: 21 })
    expect(staleNames(session)).toEqual(['round 0', 'round 1', 'curve', 'count'])
    await useModel(session, tinyModel)
    expect(staleNames(session)).toEqual([])

    await session.labels.addCategory('something new')
    expect(staleNames(session)).toEqual(['round 0', 'round 1', 'curve', 'count'])
  })
})

/** Everything of a project that somebody sees. */
function contentOf(session: ProjectSession) {
  return {
    project: session.project,
    images: session.images,
    categories: session.categories,
    boxes: session.images.map(({ id }) => [id, session.labels.of(id)]),
    labels: session.images.map(({ id }) => session.labels.label(id)),
    cells: session.notebook.cells,
    curve: session.curve,
    stale: [...session.stale],
    detections: [...session.detections].toSorted(([a], [b]) => (a < b ? -1 : 1)),
    openImageId: session.openImageId,
    queue: session.queue,
    readOnly: session.writer.readOnly,
  }
}

describe('opening a project again', () => {
  it('shows everything as it was, and goes on without training again', async () => {
    const { session, workspace, services, database } = await openPlayedProject()
    const picks = session.notebook.rounds[2].picks.map(({ imageId }) => imageId)
    const [category] = session.categories
    for (let left = 0; left < 3; left++) {
      const box = drawnBox(services, session, picks[0], category.id, left * 10)
      await session.labels.commit(
        picks[0],
        { added: [box], updated: [], removed: [] },
        { addSeconds: 1.5 },
      )
    }
    const note = await session.notebook.addNote(undefined)
    await session.notebook.put({ ...note, markdown: '# Seen so far' })
    session.openImage(picks[1], picks)
    const before = contentOf(session)
    await workspace.closeProject()
    services.storage.close()

    const again = await openApp(database)
    await again.services.storage.putLastProject(before.project.id)
    await again.workspace.start()
    const reopened = again.workspace.session
    if (reopened === undefined) throw new Error('The last project was not opened.')
    expect(contentOf(reopened)).toEqual(before)

    const rounds = reopened.notebook.rounds.map(({ output }) => output?.finishedAt)
    const count = cellOf(reopened, 'count')
    await reopened.count(count)
    expect(reopened.notebook.rounds.map(({ output }) => output?.finishedAt)).toEqual(rounds)
    const counted = (cells: typeof before.cells) => {
      const cell = cells.find(({ id }) => id === count)
      return cell?.kind === 'count' ? cell.output?.totals : undefined
    }
    expect(counted(reopened.notebook.cells)).toEqual(counted(before.cells))
    expect(counted(before.cells)).toHaveLength(session.categories.length)

    // The caches may go at any time: what the model sees is computed again, the same.
    await reopened.services.storage.putPredictions(
      reopened.project.id,
      reopened.notebook.rounds[1].id,
      [],
    )
    await reopened.loadDetections(reopened.notebook.rounds[1].id)
    expect(reopened.detections.size).toBe(0)
    await reopened.count(count)
    expect(contentOf(reopened).detections).toEqual(before.detections)
  })

  it('leaves a round answered but not trained as it was', async () => {
    const { session, services, workspace, database } = await openShelfProject()
    const round = await session.startSeedRound(entropyOf(3))
    await session.answerFromOracle(round.id)
    await workspace.closeProject()
    services.storage.close()

    const again = await openApp(database)
    const reopened = await again.workspace.openProject(session.project.id)
    expect(reopened.openPicks(reopened.notebook.rounds[0])).toEqual([])
    expect(reopened.curve).toEqual([])
    await reopened.play(1, entropyOf(3))
    expect(reopened.notebook.rounds).toHaveLength(1)
    expect(reopened.curve).toMatchObject([{ images: 3 }])
  })
})

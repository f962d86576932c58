import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { defaultRoundSettings } from '../../../src/core/notebook/default-settings'
import type { Brand } from '../../../src/core/dataset/types'
import type { RoundCell } from '../../../src/core/notebook/types'
import {
  closeApps,
  closeWorkers,
  entropyOf,
  imageFiles,
  importFiles,
  type OpenApp,
  openProject,
  openShelfProject,
  pickedNames,
  playSeedRound,
  playTwoRounds,
  shelfImport,
  tinyModel,
  until,
  useModel,
} from './fixture'

afterAll(closeWorkers)

/** Two rounds, and what a random query would ask next. */
async function playAndAsk(session: ProjectSession): Promise<void> {
  await playTwoRounds(session)
  await session.queryNextRound({ ...entropyOf(3), strategyId: 'random' })
}

function outputOf(session: ProjectSession, round: number): NonNullable<RoundCell['output']> {
  const output = session.notebook.rounds[round]?.output
  if (output === undefined) throw new Error(`Round ${round} is not trained.`)
  return output
}

describe('two rounds', () => {
  let session: ProjectSession
  beforeAll(async () => {
    session = (await openShelfProject()).session
    await playAndAsk(session)
  }, 120_000)
  afterAll(closeApps)

  it('make two points of the curve, measured on the test split', () => {
    expect(session.curve).toHaveLength(2)
    expect(session.curve.map(({ images }) => images)).toEqual([4, 7])
    for (const point of session.curve) {
      expect(point.estimate).toBe('test-split')
      expect(point.ap50).toBeGreaterThanOrEqual(0)
      expect(point.ap50).toBeLessThanOrEqual(1)
      expect(point.ap).toBeLessThanOrEqual(point.ap50 ?? 0)
    }
    expect(session.curve.map(({ strategyId }) => strategyId)).toEqual(['random', 'entropy'])
  })

  it('never ask for an image twice, nor for one of the test split', () => {
    const picks = session.notebook.rounds.flatMap((round) =>
      round.picks.map(({ imageId }) => imageId),
    )
    expect(picks).toHaveLength(10)
    expect(new Set(picks).size).toBe(10)
    for (const id of picks) expect(session.image(id)?.split).toBe('pool')
    for (const { picks: list } of session.notebook.rounds.slice(1)) {
      const scores = list.map(({ score }) => score)
      expect(scores).toEqual(scores.toSorted((a, b) => b - a))
      for (const { reason } of list) expect(reason).not.toBe('')
    }
  })

  it('record what they trained on and the assumed labelling time', () => {
    for (const round of [0, 1]) {
      const output = outputOf(session, round)
      const picks = session.notebook.rounds
        .slice(0, round + 1)
        .flatMap(({ picks: list }) => list.map(({ imageId }) => imageId))
      expect(new Set(output.trainedOn)).toEqual(new Set(picks))
      const boxes = picks.reduce((sum, id) => sum + session.labels.of(id).length, 0)
      expect(output.labeledImages).toBe(picks.length)
      expect(output.labeledBoxes).toBe(boxes)
      // Seven seconds to look at an image, seven to draw a box.
      expect(output.labelSeconds).toBe(7 * picks.length + 7 * boxes)
      expect(output.backend).toBe('wasm')
      expect(output.model).toEqual(tinyModel)
      expect(output.losses.map(({ step }) => step)).toEqual(
        Array.from({ length: 20 }, (_, index) => index + 1),
      )
    }
    const losses = outputOf(session, 1).losses.map(({ loss }) => loss)
    expect(losses.at(-1)).toBeLessThan(losses[0])
  })

  it('keep what lies behind their figures, and once asked what calibration did to probabilities', () => {
    for (const round of [0, 1]) {
      const { evaluation, diagnosis } = outputOf(session, round)
      for (const { categoryId, truthCount, ap50 } of evaluation?.perCategory ?? []) {
        const row = diagnosis?.confusion.filter(({ truth }) => truth === categoryId) ?? []
        expect(row.reduce((sum, { count }) => sum + count, 0)).toBe(truthCount)
        const curve = diagnosis?.curves.find((one) => one.categoryId === categoryId)
        expect(curve === undefined).toBe(ap50 === undefined)
        // Kept to four decimals.
        const area = (curve?.precision.reduce((sum, value) => sum + value, 0) ?? 0) / 101
        expect(Math.abs(area - (ap50 ?? 0))).toBeLessThanOrEqual(5e-5)
      }
      expect(diagnosis?.reliability?.bins).toHaveLength(10)
    }
    const { calibration, labeledImages } = outputOf(session, 0)
    expect(calibration?.images).toBe(labeledImages)
    expect(calibration?.after.detectionError).toBeLessThanOrEqual(
      calibration?.before.detectionError ?? NaN,
    )
    // Nobody asked this model for probabilities: the third round was drawn at random.
    expect(outputOf(session, 1).calibration).toBeUndefined()
  })

  it('leave the newest model’s detections of the whole pool, and no stale cell', () => {
    const pool = session.images.filter(({ split }) => split === 'pool')
    expect([...session.detections.keys()].toSorted()).toEqual(pool.map(({ id }) => id).toSorted())
    expect([...session.stale]).toEqual([])
  })

  it('are the same in another project with the same images and seed', async () => {
    // Ids come in another order there.
    const newId = <T extends Brand<string, string>>() => crypto.randomUUID() as string as T
    const other = (await openShelfProject('oracle', { newId })).session
    await playAndAsk(other)
    for (const round of [0, 1, 2])
      expect(pickedNames(other, round)).toEqual(pickedNames(session, round))
    for (const round of [0, 1]) {
      expect(outputOf(other, round).losses).toEqual(outputOf(session, round).losses)
      expect(outputOf(other, round).evaluation?.metrics).toEqual(
        outputOf(session, round).evaluation?.metrics,
      )
    }
  })

  it('can be followed by a count of the pool, and of one test image', async () => {
    const cell = session.notebook.cells.find((candidate) => candidate.kind === 'count')
    if (cell === undefined) throw new Error('The notebook has no count.')
    // So low that a model trained for two seconds counts something.
    await session.notebook.put({ ...cell, threshold: 0.02 })
    await session.count(cell.id)
    const whole = session.notebook.cell(cell.id)
    expect(whole).toMatchObject({ output: { threshold: 0.02 } })
    if (whole?.kind !== 'count') throw new Error('The count has gone.')
    expect(whole.output?.images).toHaveLength(session.images.length - session.testImages.length)
    const found = (whole.output?.images ?? []).flatMap(({ counts }) => counts)
    const sums = session.categories.map(({ id }) =>
      found.reduce((sum, { categoryId, count }) => sum + (categoryId === id ? count : 0), 0),
    )
    expect(Math.min(...found.map(({ count }) => count))).toBeGreaterThan(0)
    expect(whole.output?.totals.map(({ count }) => count)).toEqual(sums)
    expect(Math.max(...sums)).toBeGreaterThan(0)

    await session.notebook.put({ ...whole, imageId: session.testImages[0].id })
    await session.count(cell.id)
    const single = session.notebook.cell(cell.id)
    if (single?.kind !== 'count') throw new Error('The count has gone.')
    expect(single.output?.images.map(({ imageId }) => imageId)).toEqual([session.testImages[0].id])
    expect(Math.max(...(single.output?.totals ?? []).map(({ count }) => count))).toBeGreaterThan(0)
  })
})

describe('a round', () => {
  afterEach(closeApps)

  async function openSeeded(): Promise<OpenApp & { session: ProjectSession; round: RoundCell }> {
    const app = await openShelfProject()
    const round = await app.session.startSeedRound(entropyOf(4))
    await app.session.answerFromOracle(round.id)
    return { ...app, round }
  }

  it('is estimated out of fold when nothing of the test split is labelled', async () => {
    const { session } = await openProject()
    const [coco] = (await shelfImport()).slice(-1)
    await importFiles(session, [...(await shelfImport()).slice(0, -1), coco], 'oracle')
    await useModel(session, { ...tinyModel, steps: 8 })
    for (const { id } of session.testImages) {
      const removed = session.labels.of(id)
      const diff = { added: [], updated: [], removed }
      await session.labels.commit(id, diff, { status: 'in-progress' })
    }
    expect(session.testLabeled).toEqual([])
    await playSeedRound(session)
    expect(session.curve).toMatchObject([{ estimate: 'out-of-fold', images: 4 }])
    expect(session.curve[0]?.ap50).toBeGreaterThanOrEqual(0)
  })

  it('has no figure when there is too little to estimate from', async () => {
    const { session } = await openProject()
    const [first, ...rest] = await shelfImport()
    await session.setTestFraction(0)
    await importFiles(session, [first, ...rest.slice(0, 1), ...rest.slice(-1)], 'oracle')
    await useModel(session, { ...tinyModel, steps: 4 })
    await playSeedRound(session, entropyOf(2))
    expect(session.curve).toMatchObject([{ estimate: undefined, ap50: undefined, images: 2 }])
  })

  it('is not drawn from an empty project, nor twice', async () => {
    const { session } = await openProject()
    await expect(session.startSeedRound(defaultRoundSettings)).rejects.toThrow(/Import some images/)
    await importFiles(session, await imageFiles(8))
    const outcomes = await Promise.allSettled([
      session.startSeedRound(entropyOf(2)),
      session.startSeedRound(entropyOf(2)),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(session.notebook.rounds).toHaveLength(1)
    await expect(session.startSeedRound(entropyOf(2))).rejects.toThrow(/already/)
  })

  it('needs a category and a box to train', async () => {
    const { session } = await openProject()
    await importFiles(session, await imageFiles(8))
    const round = await session.startSeedRound(entropyOf(2))
    await expect(session.trainRound(round.id)).rejects.toThrow(/Add a class first/)
    await session.labels.addCategory('tin')
    await expect(session.trainRound(round.id)).rejects.toThrow(/no labelled box/)
    for (const { imageId } of round.picks) {
      await session.labels.commit(
        imageId,
        { added: [], updated: [], removed: [] },
        { status: 'done' },
      )
    }
    await expect(session.trainRound(round.id)).rejects.toThrow(/no labelled box/)
    await expect(session.queryNextRound(entropyOf(2))).rejects.toThrow(/Train the current round/)
    expect(session.activity).toBeUndefined()
  })

  it('is answered once by the oracle, however often it is asked', async () => {
    const { session } = await openShelfProject()
    const round = await session.startSeedRound(entropyOf(4))
    await Promise.all([session.answerFromOracle(round.id), session.answerFromOracle(round.id)])
    await session.answerFromOracle(round.id)
    for (const { imageId } of round.picks) {
      const boxes = session.labels.of(imageId)
      expect(session.labels.label(imageId)).toMatchObject({
        status: 'done',
        revision: 1,
        seconds: 7 + 7 * boxes.length,
        secondsSource: 'assumed',
      })
    }
  })

  it('waits for other long work', async () => {
    const { session, round } = await openSeeded()
    const training = session.trainRound(round.id)
    await expect(session.trainRound(round.id)).rejects.toThrow(/Wait until “Training round 0”/)
    await expect(importFiles(session, await imageFiles(1))).rejects.toThrow(/Wait until/)
    await training
    expect(session.curve).toHaveLength(1)
    await expect(session.queryNextRound(entropyOf(1))).resolves.toMatchObject({ index: 1 })
  })

  it('stays untrained when it is cancelled, and trains afterwards', async () => {
    const { session, services, round } = await openSeeded()
    await useModel(session, { ...tinyModel, steps: 2000 })
    const training = session.trainRound(round.id)
    await until(() => (session.activity?.losses.length ?? 0) > 2)
    session.activity?.cancel()
    await expect(training).rejects.toMatchObject({ name: 'AbortError' })
    expect(session.activity).toBeUndefined()
    expect(session.notebook.rounds[0]?.output).toBeUndefined()
    expect(await services.storage.getHead(round.id)).toBeUndefined()
    await useModel(session, tinyModel)
    await session.trainRound(round.id)
    expect(session.curve).toHaveLength(1)
  })

  it('asks again what the new model sees when looking at the pool was cut off', async () => {
    const { session, services, round } = await openSeeded()
    await session.trainRound(round.id)
    const before = session.detections
    const next = await session.queryNextRound(entropyOf(2))
    await session.answerFromOracle(next.id)
    const training = session.trainRound(next.id)
    await until(() => session.activity?.phase === 'Looking at the pool')
    session.activity?.cancel()
    await expect(training).rejects.toMatchObject({ name: 'AbortError' })
    // The round is trained; only its view of the pool is missing, here and in storage.
    expect(session.curve).toHaveLength(2)
    expect(await services.storage.getPredictions(next.id)).toEqual([])
    await session.queryNextRound(entropyOf(2))
    expect(session.detections.size).toBe(before.size)
    for (const [id, seen] of session.detections) expect(seen).not.toEqual(before.get(id))
  })

  it('does not ask because of boxes of a category that was deleted', async () => {
    const { session, round } = await openSeeded()
    await session.trainRound(round.id)
    const [kept, ...others] = session.categories
    for (const { id } of others) await session.labels.deleteCategory(id)
    const next = await session.queryNextRound(entropyOf(9))
    expect(next.picks).toHaveLength(9)
    for (const { reason } of next.picks)
      expect(reason).toMatch(new RegExp(`least sure: ${kept.name} |no box with a score`))
  })
})

describe('playing by itself', () => {
  afterEach(closeApps)

  it('trains as many rounds as asked, stops when cancelled, and goes on from there', async () => {
    const { session } = await openShelfProject()
    await session.play(2, entropyOf(3))
    expect(session.curve.map(({ images }) => images)).toEqual([3, 6])
    expect(session.playing).toBe(false)

    const playing = session.play(5, entropyOf(3))
    await expect(session.play(1, entropyOf(3))).rejects.toThrow(/played already/)
    expect(session.playing).toBe(true)
    await until(() => session.notebook.rounds.length === 3 && session.activity?.kind === 'train')
    session.activity?.cancel()
    await playing
    expect(session.playing).toBe(false)
    expect(session.curve).toHaveLength(2)
    expect(session.notebook.rounds).toHaveLength(3)

    await session.play(1, entropyOf(3))
    expect(session.curve.map(({ images }) => images)).toEqual([3, 6, 9])
    // Thirteen pool images: rounds of 3, 3 and 1 are left, then there is nothing to ask for.
    await session.play(9, entropyOf(3))
    expect(session.pool.unlabeled).toEqual([])
    expect(session.curve.map(({ images }) => images)).toEqual([3, 6, 9, 12, 13])
  })

  it('draws the seed set as told, and asks with the settings from then on', async () => {
    const { session } = await openShelfProject()
    await session.play(2, entropyOf(3), 'typiclust')
    const { rounds } = session.notebook
    expect(rounds.map(({ settings }) => settings.strategyId)).toEqual(['typiclust', 'entropy'])
  })

  it('writes nothing any more once the project is closed', async () => {
    const { session, workspace, services } = await openShelfProject()
    const playing = session.play(3, entropyOf(3))
    await until(() => session.activity?.phase === 'Training')
    await workspace.closeProject()
    await playing
    const cells = await services.storage.listCells(session.project.id)
    const rounds = cells.filter(({ kind }) => kind === 'round')
    expect(rounds).toHaveLength(1)
    expect(rounds[0]).toMatchObject({ output: undefined })
    await expect(session.play(1, entropyOf(3))).resolves.toBeUndefined()
    expect(await services.storage.listCells(session.project.id)).toEqual(cells)
  })
})

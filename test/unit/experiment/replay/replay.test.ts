import { describe, expect, it } from 'vitest'
import type { ImageId } from '../../../../src/core/dataset/types'
import {
  readExperimentState,
  writeExperiment,
} from '../../../../src/core/experiment/files/experiment-files'
import { mergeExperiments } from '../../../../src/core/experiment/replay/merge'
import { runReplay } from '../../../../src/core/experiment/replay/replay'
import type { ExperimentState } from '../../../../src/core/experiment/replay/replay-types'
import { experimentResult } from '../../../../src/core/experiment/statistics/result'
import { parseVariant } from '../../../../src/core/experiment/replay/experiment-settings'
import { shareProgress, wholeExperiment } from '../../../../src/core/experiment/replay/shares'
import { seededRandom } from '../../../../src/core/random/seeded'
import { images, PaperEngine, resultOf, settings, start } from './paper-engine'

describe('runReplay', () => {
  it('trains what strategies have in common once', async () => {
    const engine = new PaperEngine()
    const state = await runReplay(start(), images, [engine])
    // The full pool, the initial set of every seed, three more rounds of three strategies with three seeds.
    expect(engine.trained).toHaveLength(1 + 3 + 3 * 3 * 3)
    expect(engine.trained.filter(({ labeled }) => labeled.length === 30)).toHaveLength(1)
    expect(engine.trained.filter(({ labeled }) => labeled.length === 4)).toHaveLength(3)
    expect(shareProgress(state, wholeExperiment)).toEqual({ done: 31, total: 31 })
  })

  it('gives all strategies of a seed the same initial set and the same weights in every round', async () => {
    const engine = new PaperEngine()
    const { runs } = await runReplay(start(), images, [engine])
    for (const seed of settings.seeds) {
      const own = runs.filter((run) => run.seed === seed)
      expect(own).toHaveLength(3)
      expect(new Set(own.map(({ rounds }) => JSON.stringify(rounds[0]))).size).toBe(1)
    }
    const firstSets = runs.map(({ rounds }) => rounds[0].picks.join())
    expect(new Set(firstSets).size).toBe(3)
    // Three seeds in four rounds, and that of the full pool.
    expect(new Set(engine.trained.map(({ seed }) => seed)).size).toBe(3 * 4 + 1)
  })

  it('trains for as many steps as there are images to learn from, and not for less than the settings say', async () => {
    const engine = new PaperEngine()
    const model = { ...settings.model, steps: 50 }
    await runReplay(start({ model, stepsPerImage: 6 }), images, [engine])
    for (const { labeled, steps } of engine.trained)
      expect(steps).toBe(labeled.length < 9 ? 50 : 6 * labeled.length)
  })

  it('labels every image once, and counts what that takes', async () => {
    const { runs } = await runReplay(start(), images, [new PaperEngine()])
    for (const { rounds } of runs) {
      const labeled = rounds.flatMap(({ picks }) => picks)
      expect(new Set(labeled).size).toBe(4 + 3 * 3)
      const boxes = labeled.reduce((sum, key) => sum + (Number(key.slice(6)) % 4), 0)
      expect(rounds.at(-1)?.point).toMatchObject({
        images: 13,
        boxes,
        seconds: 7 * 13 + 7 * boxes,
      })
    }
  })

  it('depends neither on the number of engines nor on who finishes first', async () => {
    const expected = await resultOf(start())
    for (const count of [2, 3, 5]) {
      const random = seededRandom(count)
      const engines = Array.from({ length: count }, () => new PaperEngine(() => random.integer(30)))
      expect(await resultOf(start(), engines)).toBe(expected)
      const trained = engines.flatMap((engine) => engine.trained)
      expect(trained).toHaveLength(31)
    }
  })

  it('depends not on the order of the images', async () => {
    const backwards = await runReplay(start(), [...images].reverse(), [new PaperEngine()])
    expect(writeExperiment(experimentResult(backwards))).toBe(await resultOf(start()))
  })

  it('goes on after any unit as if it had never stopped, from a file', async () => {
    const expected = await resultOf(start())
    let state = start()
    let trainings = 0
    for (;;) {
      const engine = new PaperEngine()
      let kept: ExperimentState = state
      const stopped = await runReplay(state, images, [engine], {
        onUnit(present) {
          kept = present
          return Promise.reject(new Error('stop'))
        },
      }).catch((error: unknown) => String(error))
      trainings += engine.trained.length
      state = readExperimentState(writeExperiment(kept), 'state')
      if (stopped !== 'Error: stop') break
    }
    expect(trainings).toBe(31)
    expect(writeExperiment(experimentResult(state))).toBe(expected)
  })

  it.each([2, 3, 5, 9, 20])('gives in %d shards what it gives in one', async (count) => {
    const parts = []
    for (let index = 1; index <= count; index++) {
      const share = { index, count }
      const part = await runReplay(start(), images, [new PaperEngine()], { share })
      expect(shareProgress(part, share).done).toBe(shareProgress(part, share).total)
      parts.push(part)
    }
    const merged = writeExperiment(experimentResult(mergeExperiments(parts.reverse())))
    expect(merged).toBe(await resultOf(start()))
  })

  it('takes strategies and seeds in that come later', async () => {
    const few = await runReplay(
      start({ seeds: [2], strategies: settings.strategies.slice(0, 2) }),
      images,
      [new PaperEngine()],
    )
    const { runs, fullPool } = few
    const engine = new PaperEngine()
    expect(await resultOf({ ...start(), runs, fullPool }, [engine])).toBe(await resultOf(start()))
    // The initial round of seed 2 again, for the third strategy; not the full pool and not six rounds.
    expect(engine.trained).toHaveLength(31 - 1 - 6)
  })

  it('fails as the first engine does, and starts nothing after', async () => {
    const sound = new PaperEngine()
    const faulty = new PaperEngine()
    faulty.evaluate = () => Promise.reject(new Error('out of memory'))
    await expect(runReplay(start(), images, [faulty, sound])).rejects.toThrow('out of memory')
    expect(sound.trained.length).toBeLessThan(3)
  })

  it('refuses picks that are labelled, twice or too few', async () => {
    for (const picks of [['image-1', 'image-1', 'image-2'], ['image-1'], ['a', 'b', 'c']]) {
      const engine = new PaperEngine()
      engine.acquire = () => Promise.resolve(picks as ImageId[])
      await expect(runReplay(start(), images, [engine])).rejects.toThrow(
        'this strategy has a fault',
      )
    }
  })
})

describe('startExperiment', () => {
  it.each([
    [{ rounds: 10 }, '10 rounds label 31 images, but the pool holds 30'],
    [{ batch: 0 }, 'batch is 0'],
    [{ seeds: [] }, 'the seeds are none'],
    [{ seeds: [1, 1] }, 'the seeds are 1, 1'],
    [{ strategies: [parseVariant('entropy')] }, 'random is missing'],
    [{ strategies: ['random', 'random'].map(parseVariant) }, 'named twice'],
    [
      {
        strategies: [
          parseVariant('random'),
          { id: 'psychic', strategyId: 'psychic', parameters: {} },
        ],
      },
      "no query strategy 'psychic'; choose one of: ",
    ],
    [{ targetFraction: 0 }, 'the target is 0'],
    [
      { strategies: [parseVariant('random'), { ...parseVariant('bald'), seeds: [4] }] },
      'the seeds of bald are 4; give some of 1, 2, 3',
    ],
  ])('refuses %j', (changes, message) => {
    expect(() => start(changes)).toThrow(message)
  })
})

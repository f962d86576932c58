/** Parts of an experiment that were computed apart: taken over, merged, run with other seeds. */
import { describe, expect, it } from 'vitest'
import { strategyById } from '../../../../src/core/acquisition/registry'
import {
  readExperiment,
  writeExperiment,
} from '../../../../src/core/experiment/files/experiment-files'
import { mergeExperiments } from '../../../../src/core/experiment/replay/merge'
import { runReplay } from '../../../../src/core/experiment/replay/replay'
import type {
  ExperimentSettings,
  ExperimentState,
} from '../../../../src/core/experiment/replay/replay-types'
import { experimentResult } from '../../../../src/core/experiment/statistics/result'
import { resumeExperiment, takeOver } from '../../../../src/core/experiment/replay/resume'
import { parseVariants } from '../../../../src/core/experiment/replay/experiment-settings'
import { shareProgress, wholeExperiment } from '../../../../src/core/experiment/replay/shares'
import { images, PaperEngine, resultOf, settings, start } from './paper-engine'

const seeds = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** Settings of these strategies with so many seeds. */
const of = (strategies: string, count: number): Partial<ExperimentSettings> => ({
  strategies: parseVariants(strategies.split(','), seeds(count)),
  seeds: seeds(count),
})

/** An experiment interrupted after so many trainings. */
async function interrupted(
  changes: Partial<ExperimentSettings>,
  trainings: number,
): Promise<ExperimentState> {
  let kept = start(changes)
  let left = trainings
  await runReplay(kept, images, [new PaperEngine()], {
    onUnit(present) {
      kept = present
      left -= 1
      return left > 0 ? undefined : Promise.reject(new Error('stop'))
    },
  }).catch(() => undefined)
  return kept
}

/** As the command finds it in a file. */
const read = (name: string, text: string) => ({ name, state: readExperiment(text, name) })

/** What is trained to end an experiment that takes others over, and its result. */
async function goOn(changes: Partial<ExperimentSettings>, earlier: Parameters<typeof takeOver>[1]) {
  const engine = new PaperEngine()
  const result = await resultOf(takeOver(start(changes), earlier), [engine])
  return { trained: engine.trained.length, result }
}

describe('takeOver', () => {
  it('adds a strategy and seeds to a result as if everything had been computed', async () => {
    const earlier = read('a.json', await resultOf(start(of('random,entropy', 2))))
    const wider = of('entropy,bald,random', 3)
    const { trained, result } = await goOn(wider, [earlier])
    expect(result).toBe(await resultOf(start(wider)))
    // Bald with two seeds (the initial round again, three more), three strategies with the third.
    expect(trained).toBe(2 * 4 + 1 + 3 * 3)
  })

  it('takes unfinished curves over from states, what got further from either', async () => {
    const wider = of('random,entropy,bald', 2)
    const whole = await resultOf(start(wider))
    const a = await interrupted(of('random,entropy', 2), 6)
    const b = await interrupted(of('random,bald', 2), 9)
    const files = [a, b].map((state, index) => read(`${index}.state`, writeExperiment(state)))
    for (const earlier of [files, files.toReversed()]) {
      const { done } = shareProgress(takeOver(start(wider), earlier), wholeExperiment)
      const { trained, result } = await goOn(wider, earlier)
      expect(result).toBe(whole)
      // The full pool, two initial rounds, three strategies with two seeds and three rounds each.
      expect(trained).toBeLessThanOrEqual(21 - done + 2)
      expect(trained).toBeGreaterThan(0)
    }
  })

  it('computes anew what an earlier version of a strategy has picked, and records the present one', async () => {
    const both = of('random,margin-default', 2)
    const whole = await resultOf(start(both))
    const { version } = strategyById('margin-default')
    expect(version).toBeGreaterThan(1)
    const versions = (text: string) =>
      new Map(read('a', text).state.runs.map((run) => [run.strategy, run.version]))
    expect(versions(whole)).toEqual(
      new Map([
        ['margin-default', version],
        ['random', undefined],
      ]),
    )

    const { state } = read('a', whole)
    const older = { ...state, runs: state.runs.map((run) => ({ ...run, version: undefined })) }
    expect(takeOver(start(both), [{ name: 'a', state: older }]).runs).toEqual(
      older.runs.filter(({ strategy }) => strategy === 'random'),
    )
    expect((await goOn(both, [{ name: 'a', state: older }])).result).toBe(whole)
    expect((await goOn(both, [read('a', whole)])).trained).toBe(0)
    const resumed = resumeExperiment(start(both), older)
    expect(resumed?.runs.every(({ strategy }) => strategy === 'random')).toBe(true)
    // Also where they have no seed in common.
    const ofSeed = (from: ExperimentState, seed: number) => ({
      ...from,
      runs: from.runs.filter((run) => run.seed === seed),
    })
    for (const parts of [
      [state, older],
      [ofSeed(state, 1), ofSeed(older, 2)],
    ])
      expect(() => mergeExperiments(parts)).toThrow(
        `Merge: the results are of different versions of 'margin-default': ${version} and 1; compute the older one anew.`,
      )
  })

  it('leaves runs that are not asked for, and needs nothing where all is there', async () => {
    const earlier = read('a.json', await resultOf(start(of('random,entropy,bald', 3))))
    const fewer = of('random,bald', 2)
    expect(takeOver(start(fewer), [earlier]).runs).toHaveLength(4)
    const { trained, result } = await goOn(fewer, [earlier])
    expect(trained).toBe(0)
    expect(result).toBe(await resultOf(start(fewer)))
  })

  it('computes anew what a result does not tell to its end', () => {
    const cut = { strategy: 'random', seed: 1, rounds: [{ picks: [], point: undefined }] }
    const state = { ...start(), runs: [cut] }
    expect(takeOver(start(), [{ name: 'a', state }]).runs).toEqual([])
  })

  it.each<[string, (state: ExperimentState) => ExperimentState]>([
    [
      'of other data. Images, labels or the test split of paper are different ones.',
      (state) => ({ ...state, dataDigest: 'other' }),
    ],
    [
      'of other data. One is of cows, the other of paper.',
      (state) => ({ ...state, dataDigest: 'other', data: 'cows' }),
    ],
    [
      "One of them is a notebook's, where images are drawn by their content",
      (state) => ({ ...state, dataDigest: 'other', imageKeys: 'content' }),
    ],
    ["'batch' is 5 there and 3 here", withSettings({ batch: 5 })],
    [
      "'model.steps' is 9 there and 240 here",
      withSettings({ model: { ...settings.model, steps: 9 } }),
    ],
    [
      "'cost.secondsPerBox' is 3 there and 7 here",
      withSettings({ cost: { secondsPerImage: 7, secondsPerBox: 3 } }),
    ],
    [
      'the parameters of \'entropy\' is {"k":2} there and {} here',
      withSettings({
        strategies: [{ id: 'entropy', strategyId: 'entropy', parameters: { k: 2 } }],
      }),
    ],
  ])('refuses what %s', (message, change) => {
    const earlier = [{ name: 'a.json', state: change(start()) }]
    expect(() => takeOver(start(), earlier)).toThrow(`Nothing can be taken over from a.json: `)
    expect(() => takeOver(start(), earlier)).toThrow(message)
  })

  it('takes over what was judged at another target', () => {
    const state = withSettings({ targetFraction: 0.5 })(start())
    expect(takeOver(start(), [{ name: 'a', state }])).toEqual(start())
  })
})

function withSettings(changes: Partial<ExperimentSettings>) {
  return (state: ExperimentState): ExperimentState => ({
    ...state,
    settings: { ...state.settings, ...changes },
  })
}

describe('mergeExperiments', () => {
  it('puts results of notebooks together, and says why one does not go with one of the command', async () => {
    const notebook: ExperimentState = { ...start(of('random', 1)), imageKeys: 'content' }
    const ended = await runReplay(notebook, images, [new PaperEngine()])
    const file = read('a', writeExperiment(experimentResult(ended)))
    expect(mergeExperiments([file.state, file.state]).imageKeys).toBe('content')
    const command = { ...start(of('random', 1)), dataDigest: 'other' }
    expect(() => mergeExperiments([command, file.state])).toThrow(
      "One of them is a notebook's, where images are drawn by their content and the test split is the project's",
    )
  })

  it('gives the same bytes in any order, unfinished curves among them', async () => {
    const asked = of('random,entropy', 2)
    const parts = await Promise.all([4, 6, 9].map((trainings) => interrupted(asked, trainings)))
    const [a, b, c] = parts
    const orders = [parts, [c, b, a], [b, c, a], [c, a, b]]
    const merged = orders.map((order) => mergeExperiments(order))
    for (const state of merged) {
      expect(writeExperiment(state)).toBe(writeExperiment(merged[0]))
      expect(writeExperiment(experimentResult(state))).toBe(
        writeExperiment(experimentResult(merged[0])),
      )
    }
    expect(shareProgress(merged[0], wholeExperiment)).toEqual(shareProgress(c, wholeExperiment))
    expect(await resultOf(merged[0])).toBe(await resultOf(start(asked)))
  })

  it('takes a round that was trained before the same round that was only asked for', () => {
    const point = { images: 4, boxes: 4, seconds: 56, ap50: 0.5, ap: 0.25 }
    const picks = ['a' as never]
    const due = { strategy: 'random', seed: 1, rounds: [{ picks, point: undefined }] }
    const done = { ...due, rounds: [{ picks, point }] }
    for (const order of [
      [due, done],
      [done, due],
    ]) {
      const { runs } = mergeExperiments(order.map((run) => ({ ...start(), runs: [run] })))
      expect(runs).toEqual([done])
    }
  })

  it('refuses runs that asked for different images', () => {
    const [a, b] = ['a', 'b'].map((id) => ({
      ...start(),
      runs: [{ strategy: 'random', seed: 1, rounds: [{ picks: [id as never], point: undefined }] }],
    }))
    expect(() => mergeExperiments([a, b])).toThrow("disagree on 'random' with seed 1")
  })

  it('keeps the order of seeds that both parts have, also where a strategy has some of them', async () => {
    const unsorted = [8, 7, 6]
    const asked = {
      strategies: parseVariants(['random', 'bald', 'entropy@2'], unsorted),
      seeds: unsorted,
    }
    const shares = [1, 2].map((index) => ({ index, count: 2 }))
    const parts = await Promise.all(
      shares.map((share) => runReplay(start(asked), images, [new PaperEngine()], { share })),
    )
    const merged = writeExperiment(experimentResult(mergeExperiments(parts)))
    expect(merged).toBe(await resultOf(start(asked)))
  })
})

describe('strategies with fewer seeds', () => {
  const asked = of('random,bald,entropy@2', 4)

  it('are trained and counted with those only', async () => {
    const engine = new PaperEngine()
    const state = await runReplay(start(asked), images, [engine])
    expect(engine.trained).toHaveLength(1 + 4 + 3 * (4 + 4 + 2))
    expect(shareProgress(state, wholeExperiment)).toEqual({ done: 35, total: 35 })
    expect(state.runs).toHaveLength(4 + 4 + 2)
  })

  it.each([3, 4, 7, 12])('in %d shards give what they give in one', async (count) => {
    const parts = []
    for (let index = 1; index <= count; index++)
      parts.push(
        await runReplay(start(asked), images, [new PaperEngine()], { share: { index, count } }),
      )
    const merged = writeExperiment(experimentResult(mergeExperiments(parts)))
    expect(merged).toBe(await resultOf(start(asked)))
  })

  it('are what merging experiments of different seeds gives', async () => {
    const few = read('a', await resultOf(start(of('random,bald,entropy', 2))))
    const many = read('b', await resultOf(start(of('random,bald', 4))))
    const merged = mergeExperiments([few.state, many.state])
    expect(writeExperiment(experimentResult(merged))).toBe(await resultOf(start(asked)))
  })

  it('are compared over common seeds: differences and savings by pair, AULC over what all have', async () => {
    const state = await runReplay(start(asked), images, [new PaperEngine()])
    const { strategies, penalties } = experimentResult(state)
    expect(strategies.map(({ versusRandom }) => versusRandom?.n)).toEqual([4, 4, 2])
    const common = experimentResult({
      ...state,
      settings: { ...state.settings, ...of('random,bald,entropy', 2) },
    })
    strategies.forEach(({ aulc }, index) => expect(aulc).toEqual(common.strategies[index].aulc))
    expect(strategies[2]).toEqual(common.strategies[2])
    const pair = experimentResult({
      ...state,
      settings: { ...state.settings, ...of('random,bald', 4) },
    })
    expect(strategies[1].versusRandom).toEqual(pair.strategies[1].versusRandom)
    expect(strategies[1].saving).toEqual(pair.strategies[1].saving)
    expect(penalties.images.losses[0][1]).toBe(pair.penalties.images.losses[0][1])
  })
})

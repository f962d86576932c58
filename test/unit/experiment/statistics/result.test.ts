import { describe, expect, it } from 'vitest'
import { strategies } from '../../../../src/core/acquisition/registry'
import {
  readExperimentResult,
  readExperimentState,
  writeExperiment,
} from '../../../../src/core/experiment/files/experiment-files'
import { mergeExperiments } from '../../../../src/core/experiment/replay/merge'
import type {
  ExperimentState,
  ReplayRun,
} from '../../../../src/core/experiment/replay/replay-types'
import { experimentResult } from '../../../../src/core/experiment/statistics/result'
import {
  defaultExperimentSettings,
  parseVariant,
  parseVariants,
  variantOf,
} from '../../../../src/core/experiment/replay/experiment-settings'
import {
  experimentColumns,
  experimentReport,
  experimentRows,
} from '../../../../src/core/experiment/files/experiment-table'
import { curve } from './curves'

function runOf(
  strategy: string,
  seed: number,
  heights: readonly number[],
  boxesPerImage = 10,
): ReplayRun {
  const { points } = curve(seed, heights, boxesPerImage)
  return { strategy, seed, rounds: points.map((point) => ({ picks: [], point })) }
}

const state: ExperimentState = {
  data: 'cards',
  dataDigest: 'abc',
  settings: {
    ...defaultExperimentSettings,
    strategies: ['random', 'entropy'].map(parseVariant),
    seeds: [1, 2],
    rounds: 3,
  },
  fullPool: { ap50: 0.6, ap: 0.3, interval: { low: 0.55, high: 0.66 } },
  runs: [
    runOf('entropy', 2, [0.3, 0.5, 0.5], 21),
    runOf('random', 1, [0.2, 0.3, 0.4]),
    runOf('random', 2, [0.3, 0.4, 0.5]),
    runOf('entropy', 1, [0.2, 0.5, 0.6], 21),
  ],
}

describe('experimentResult', () => {
  const { strategies, ...result } = experimentResult(state)
  const [random, entropy] = strategies

  it('names data, reference, strategies and their curves by seed', () => {
    expect(result.data).toBe('cards')
    expect(result.fullPool).toEqual(state.fullPool)
    expect([random.id, entropy.id]).toEqual(['random', 'entropy'])
    expect(entropy.curves.map(({ seed }) => seed)).toEqual([1, 2])
    expect(entropy.curves[0].points[1]).toEqual({
      images: 20,
      boxes: 310,
      seconds: 2310,
      ap50: 0.5,
      ap: 0.25,
    })
  })

  it('takes AULC and difference by images over the whole curves', () => {
    // random 0.3 and 0.4; entropy (0.35 + 0.55) / 2 = 0.45 and (0.4 + 0.5) / 2 = 0.45.
    expect(random.axes.images.aulc?.mean).toBeCloseTo(0.35, 12)
    expect(entropy.axes.images.aulc?.mean).toBeCloseTo(0.45, 12)
    const { delta, wins, n } = entropy.axes.images.versusRandom ?? { delta: NaN }
    expect(delta).toBeCloseTo(0.1, 12)
    expect([wins, n]).toEqual([2, 2])
  })

  it('takes them by seconds as far as both were paid for', () => {
    // random: 770, 1540, 2310 s; entropy: 770, 2310, 3850 s. Up to 2310 s entropy goes from 0.2 to 0.5 and from 0.3 to 0.5.
    expect(entropy.aulc?.mean).toBeCloseTo((0.35 + 0.4) / 2, 12)
    expect(entropy.versusRandom?.delta).toBeCloseTo((0.05 + 0) / 2, 12)
    expect(entropy.versusRandom?.wins).toBe(1)
    expect(entropy.aulc).toEqual(entropy.axes.seconds.aulc)
  })

  it('judges the label saving at the share of the full pool', () => {
    // Target 0.54: entropy with seed 1 after 24 images, where random ends with 30; with seed 2 neither gets there: 0.8 and 1.
    expect(entropy.axes.images.saving?.target).toBeCloseTo(0.54, 12)
    expect(entropy.axes.images.saving?.mean).toBeCloseTo(1 - Math.sqrt(0.8), 12)
    expect(entropy.axes.images.saving?.notReached).toBe(2)
  })

  it('compares random with itself', () => {
    expect(random.versusRandom).toMatchObject({ delta: 0, wins: 0, n: 2 })
  })

  it('leaves out runs that are not at their end', () => {
    const runs = state.runs.map((run) =>
      run.strategy === 'entropy' && run.seed === 1
        ? { ...run, rounds: run.rounds.slice(0, 2) }
        : run,
    )
    const [, partly] = experimentResult({ ...state, runs }).strategies
    expect(partly.curves.map(({ seed }) => seed)).toEqual([2])
    expect(partly.versusRandom?.n).toBe(1)
  })

  it('says nothing where there is nothing', () => {
    const empty = experimentResult({ ...state, runs: [], fullPool: undefined })
    expect(empty.strategies[1]).toMatchObject({
      curves: [],
      aulc: undefined,
      versusRandom: undefined,
      saving: undefined,
    })
  })
})

describe('files', () => {
  it('give a state back as it was written', () => {
    const unfinished = {
      ...state,
      fullPool: undefined,
      runs: [
        { strategy: 'random', seed: 1, rounds: [{ picks: ['a' as never], point: undefined }] },
      ],
    }
    expect(readExperimentState(writeExperiment(unfinished), 'state')).toEqual(unfinished)
  })

  it('have null where there is no figure', () => {
    const text = writeExperiment(experimentResult({ ...state, fullPool: undefined }))
    expect(JSON.parse(text)).toMatchObject({ fullPool: null, strategies: [{ saving: null }, {}] })
  })

  it('say what is wrong with them', () => {
    expect(() => readExperimentState('{', 'a.json')).toThrow('a.json is not JSON')
    expect(() => readExperimentResult('{"data":"x"}', 'a.json')).toThrow(
      'a.json is not the file of an experiment: dataDigest',
    )
  })
})

describe('mergeExperiments', () => {
  const result = writeExperiment(experimentResult(state))

  it('gives a result back when there is one', () => {
    const merged = mergeExperiments([readExperimentResult(result, 'a')])
    expect(writeExperiment(experimentResult(merged))).toBe(result)
  })

  it('takes results with other strategies and seeds together', () => {
    const other: ExperimentState = {
      ...state,
      settings: {
        ...state.settings,
        seeds: [3],
        strategies: ['random', 'entropy:k=3'].map(parseVariant),
      },
      runs: [runOf('random', 3, [0.1, 0.2, 0.3]), runOf('entropy:k=3', 3, [0.1, 0.2, 0.3])],
    }
    const { strategies, settings } = experimentResult(mergeExperiments([state, other]))
    expect(settings.seeds).toEqual([1, 2, 3])
    expect(strategies.map(({ id, curves }) => [id, curves.length])).toEqual([
      ['random', 3],
      ['entropy', 2],
      ['entropy:k=3', 1],
    ])
  })

  it.each<[string, ExperimentState]>([
    ['different data', { ...state, dataDigest: 'other' }],
    ["differ in 'batch': 10 and 5", { ...state, settings: { ...state.settings, batch: 5 } }],
    [
      'disagree on what the full pool gives',
      { ...state, fullPool: { ap50: 0.7, ap: 0.3, interval: undefined } },
    ],
    [
      "disagree on 'random' with seed 1",
      { ...state, runs: [runOf('random', 1, [0.2, 0.3, 0.45])] },
    ],
    [
      "differ in the parameters of 'entropy'",
      {
        ...state,
        settings: {
          ...state.settings,
          strategies: [{ id: 'entropy', strategyId: 'entropy', parameters: { k: 3 } }],
        },
      },
    ],
  ])('refuses results that %s', (message, other) => {
    expect(() => mergeExperiments([state, other])).toThrow(message)
  })
})

describe('the table', () => {
  it('has a row a strategy', () => {
    expect(experimentRows(experimentResult(state), 'images')).toEqual([
      ['random', '2', '0.350', '', '', '-0.100 [–]', '', '2'],
      ['entropy', '2', '0.450', '+0.100 [–]', '2 / 2', 'best', '11 % [–]', '2'],
    ])
  })

  it('says of how many seeds the AULC is where a strategy has more', () => {
    const runs = state.runs.filter(({ strategy, seed }) => strategy !== 'entropy' || seed === 1)
    expect(experimentColumns(experimentResult(state))[2]).toBe('AULC')
    expect(experimentColumns(experimentResult({ ...state, runs }))[2]).toBe('AULC (1 seed)')
  })

  it('shows what the choice of the test images may change', () => {
    expect(experimentReport(experimentResult(state))).toContain('AP50 0.600 [0.550, 0.660 by')
  })

  it('is there before anything is finished', () => {
    const text = experimentReport(experimentResult({ ...state, runs: [], fullPool: undefined }))
    expect(text).toContain('what all labels of the pool give is not known yet')
    expect(text).toContain('entropy   0')
  })
})

describe('parseVariant', () => {
  it('reads parameters after colons', () => {
    expect(parseVariant('entropy:aggregation=top-k:k=3')).toEqual({
      id: 'entropy:aggregation=top-k:k=3',
      strategyId: 'entropy',
      parameters: { aggregation: 'top-k', k: 3 },
    })
  })

  it('refuses what it does not know', () => {
    expect(() => parseVariant('magic')).toThrow("no query strategy 'magic'")
    expect(() => parseVariant('entropy:depth=3')).toThrow("'depth=3' is no parameter of entropy")
  })

  it('refuses what a parameter cannot be', () => {
    expect(() => parseVariant('entropy:aggregation=most')).toThrow("'most'; choose one of: sum, ")
    expect(() => parseVariant('entropy:k=few')).toThrow("'few'; give a whole number from 1 to")
  })
})

describe('variantOf', () => {
  it('names what differs from the defaults, in the order of the registry', () => {
    const variant = variantOf('entropy', { k: 7, aggregation: 'top-k' })
    expect(variant.id).toBe('entropy:aggregation=top-k:k=7')
    expect(variant).toEqual(parseVariant(variant.id))
    expect(variantOf('bald', {})).toEqual(parseVariant('bald'))
  })

  it.each(strategies)('of $id with any value of a parameter is read as the same', (strategy) => {
    const { id, parameters } = strategy
    expect(variantOf(id, defaultsOf(strategy))).toEqual(parseVariant(id))
    for (const parameter of parameters) {
      const values =
        parameter.kind === 'number' ? [parameter.min, parameter.max] : parameter.options
      for (const value of values) {
        const variant = variantOf(id, { [parameter.id]: value })
        expect(parseVariant(variant.id)).toEqual(variant)
      }
    }
  })
})

function defaultsOf({ parameters }: (typeof strategies)[number]) {
  return Object.fromEntries(parameters.map(({ id, defaultValue }) => [id, defaultValue]))
}

describe('parseVariants', () => {
  it("takes 'all' for the strategies of the registry that are not named", () => {
    const ids = parseVariants(['random', 'all', 'entropy:k=3'], [1]).map(({ id }) => id)
    expect(ids[0]).toBe('random')
    expect(ids.at(-1)).toBe('entropy:k=3')
    expect([...ids].sort()).toEqual([...strategies.map(({ id }) => id), 'entropy:k=3'].sort())
  })

  it('gives a strategy the first seeds where it is not run with all', () => {
    const variants = parseVariants(['random', 'bald@2', 'entropy:k=3@1', 'margin@3'], [5, 3, 9])
    expect(variants.map(({ id, seeds }) => [id, seeds])).toEqual([
      ['random', undefined],
      ['bald', [5, 3]],
      ['entropy:k=3', [5]],
      ['margin', undefined],
    ])
    const all = parseVariants(['random', 'all@1'], [5, 3])
    expect(all.slice(1).every(({ seeds }) => seeds?.join() === '5')).toBe(true)
  })

  it.each(['bald@0', 'bald@4', 'bald@', 'bald@x'])('refuses %s of three seeds', (text) => {
    expect(() => parseVariants([text], [1, 2, 3])).toThrow(
      'the experiment has 3; write a whole number up to that',
    )
  })
})

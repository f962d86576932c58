/** What the notebook adds to an experiment: going on, measuring cost, judging what was saved. */
import { describe, expect, it } from 'vitest'
import { strategyById } from '../../../src/core/acquisition/registry'
import type { ImageId, ProjectId } from '../../../src/core/dataset/types'
import { experimentFigures, resultOf } from '../../../src/core/experiment/statistics/figures'
import { drawnTestImages, splitKnown } from '../../../src/core/experiment/replay/known-split'
import { measuredCost } from '../../../src/core/acquisition/cost/measured-cost'
import { pointRows } from '../../../src/core/experiment/files/points-table'
import type { ExperimentState, ReplayRun } from '../../../src/core/experiment/replay/replay-types'
import { experimentResult } from '../../../src/core/experiment/statistics/result'
import { resumeExperiment } from '../../../src/core/experiment/replay/resume'
import { estimateSaving } from '../../../src/core/notebook/saving-estimate'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../src/core/experiment/replay/experiment-settings'
import { timeSaved } from '../../../src/core/experiment/statistics/time-saved'
import type { CellId, ExperimentCell, RoundCell } from '../../../src/core/notebook/types'
import { curve } from '../experiment/statistics/curves'

const settings = {
  ...defaultExperimentSettings,
  strategies: ['random', 'entropy'].map(parseVariant),
  seeds: [1, 2],
  rounds: 3,
}

function run(strategy: string, seed: number, heights: readonly number[]): ReplayRun {
  const { points } = curve(seed, heights)
  return { strategy, seed, rounds: points.map((point) => ({ picks: [], point })) }
}

/** Entropy is where random is after one round less. */
const state: ExperimentState = {
  data: 'cows',
  dataDigest: 'ab',
  settings,
  fullPool: { ap50: 0.5, ap: 0.25, interval: undefined },
  runs: [1, 2].flatMap((seed) => [
    run('random', seed, [0.2, 0.4, 0.5]),
    run('entropy', seed, [0.2, 0.5, 0.5]),
  ]),
}

describe('resumeExperiment', () => {
  const fresh = { ...state, fullPool: undefined, runs: [] }

  it('takes over what was computed, for other strategies, seeds and targets too', () => {
    const wider = {
      ...fresh,
      settings: {
        ...settings,
        strategies: [...settings.strategies, parseVariant('bald')],
        seeds: [2, 3],
        targetFraction: 0.5,
      },
    }
    const { fullPool, runs } = state
    expect(resumeExperiment(wider, state)).toEqual({ ...wider, fullPool, runs })
  })

  it('takes over nothing of other data or another protocol', () => {
    const others: ExperimentState[] = [
      { ...fresh, dataDigest: 'cd' },
      { ...fresh, settings: { ...settings, rounds: 4 } },
      { ...fresh, settings: { ...settings, batch: 4 } },
      { ...fresh, settings: { ...settings, model: { ...settings.model, hidden: 8 } } },
      { ...fresh, settings: { ...settings, cost: { secondsPerImage: 1, secondsPerBox: 7 } } },
      {
        ...fresh,
        settings: {
          ...settings,
          strategies: [
            ...settings.strategies.slice(0, 1),
            { id: 'entropy', strategyId: 'entropy', parameters: { aggregation: 'max' } },
          ],
        },
      },
    ]
    for (const other of others) expect(resumeExperiment(other, state)).toBeUndefined()
  })
})

describe('figures', () => {
  it('make the result again without resampling', () => {
    expect(resultOf(state, experimentFigures(state))).toEqual(experimentResult(state))
  })

  it('hold the mean curve at the rounds', () => {
    const { band } = experimentFigures(state).strategies[1].axes.images
    expect(band.map(({ place, mean }) => [place, mean])).toEqual([
      [10, 0.2],
      [20, 0.5],
      [30, 0.5],
    ])
  })
})

describe('pointRows', () => {
  it('has a row a trained round, of the seeds and strategies asked for', () => {
    const half = { ...state, settings: { ...settings, seeds: [2] } }
    const rows = pointRows({
      ...half,
      runs: [
        ...state.runs.slice(0, 3),
        { ...state.runs[3], rounds: [{ picks: [], point: undefined }] },
      ],
    })
    expect(rows).toEqual([
      ['random', 2, 0, 10, 100, 770, 0.2, 0.1],
      ['random', 2, 1, 20, 200, 1540, 0.4, 0.2],
      ['random', 2, 2, 30, 300, 2310, 0.5, 0.25],
    ])
  })
})

describe('splitKnown', () => {
  const images = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => ({ key: `k${from + index}` as ImageId }))

  it('keeps the test split where ten of its images are labelled', () => {
    const [pool, test] = [images(0, 20), images(20, 10)]
    expect(splitKnown(pool, test)).toEqual({ pool, test, isTestDrawn: false })
    expect(drawnTestImages(20, 10)).toBe(0)
  })

  it('else adds a quarter of the pool, whatever the order of the images', () => {
    const [pool, test] = [images(0, 20), images(20, 9)]
    const split = splitKnown(pool, test)
    expect([split.pool.length, split.test.length, split.isTestDrawn]).toEqual([15, 14, true])
    expect(new Set([...split.pool, ...split.test])).toEqual(new Set([...pool, ...test]))
    expect(split.test.slice(0, 9)).toEqual(test)
    const keys = (of: readonly { readonly key: ImageId }[]) => new Set(of.map(({ key }) => key))
    expect(keys(splitKnown(pool.toReversed(), test).test)).toEqual(keys(split.test))
  })
})

describe('measuredCost', () => {
  const timed = (pairs: readonly (readonly [number, number])[]) =>
    pairs.map(([boxes, seconds]) => ({ boxes, seconds }))
  const ten = <Item>(item: (index: number) => Item): Item[] =>
    Array.from({ length: 10 }, (_, index) => item(index))

  it('finds what an image and a box cost', () => {
    const cost = measuredCost(timed(ten((index) => [index, 5 + 3 * index])))
    expect(cost?.secondsPerImage).toBeCloseTo(5, 10)
    expect(cost?.secondsPerBox).toBeCloseTo(3, 10)
  })

  it('lets neither be below 0', () => {
    // The line would be 2 x boxes - 1 and 20 - boxes.
    const steep = measuredCost(timed(ten((index) => [index + 1, 2 * index + 1])))
    expect(steep?.secondsPerImage).toBe(0)
    // Sum of boxes x seconds over that of boxes squared: 715 / 385.
    expect(steep?.secondsPerBox).toBeCloseTo(715 / 385, 10)
    const falling = measuredCost(timed(ten((index) => [index, 20 - index])))
    expect(falling).toEqual({ secondsPerImage: 15.5, secondsPerBox: 0 })
  })

  it('shares the time where boxes tell nothing, and says nothing of few images', () => {
    expect(measuredCost(timed(ten(() => [3, 20])))).toEqual({
      secondsPerImage: 5,
      secondsPerBox: 5,
    })
    expect(measuredCost(timed(ten(() => [3, 20] as const).slice(1)))).toBeUndefined()
    expect(measuredCost(timed(ten(() => [3, 0])))).toBeUndefined()
  })
})

describe('timeSaved', () => {
  it('is what random would have taken more', () => {
    // 60 s are three quarters, four fifths and half of what random takes.
    const saving = { target: 0.4, mean: 0.25, low: 0.2, high: 0.5, notReached: 0 }
    const saved = timeSaved(60, saving)
    expect(saved?.mean).toBeCloseTo(20, 10)
    expect(saved?.low).toBeCloseTo(15, 10)
    expect(saved?.high).toBeCloseTo(60, 10)
    expect(timeSaved(60, { ...saving, mean: undefined })).toBeUndefined()
    const ofOneSeed = timeSaved(60, { ...saving, low: undefined, high: undefined })
    expect(ofOneSeed?.mean).toBeCloseTo(20, 10)
    expect(ofOneSeed).toMatchObject({ low: undefined, high: undefined })
    expect(timeSaved(60, { ...saving, mean: 1, low: undefined, high: undefined })).toBeUndefined()
  })
})

describe('estimateSaving', () => {
  const cell = (output: ExperimentState | undefined, id = 'e'): ExperimentCell => ({
    kind: 'experiment',
    id: id as CellId,
    projectId: 'p' as ProjectId,
    position: 0,
    labels: 'own',
    settings,
    xAxis: 'seconds',
    asFraction: false,
    output: output && {
      state: output,
      figures: experimentFigures(output),
      poolImages: 30,
      testImages: 10,
      isTestDrawn: false,
      seconds: 1,
      backend: 'wasm',
      fingerprint: 'f',
      finishedAt: 0,
    },
  })
  const round = (
    index: number,
    strategyId: string,
    parameters: RoundCell['settings']['parameters'] = {},
  ): RoundCell => ({
    kind: 'round',
    id: `r${index}` as CellId,
    projectId: 'p' as ProjectId,
    position: index,
    index,
    settings: { strategyId, parameters, batchSize: 10, seed: 1 },
    picks: [],
    output: undefined,
  })
  const rounds = [round(0, 'random'), round(1, 'entropy')]
  const noneStale = new Set<CellId>()

  it('takes the saving of the strategy that chose', () => {
    // At 0.45 random is half-way between 20 and 30 images, entropy five sixths between 10 and 20.
    const estimate = estimateSaving(rounds, [cell(state)], noneStale, 60)
    if (estimate.kind !== 'known') throw new Error(estimate.kind)
    const share = 1 - (10 + (10 * 5) / 6) / 25
    expect(estimate).toMatchObject({ choice: { strategyId: 'entropy' }, seeds: 2 })
    expect(estimate.saving.mean).toBeCloseTo(share, 10)
    expect(estimate.saved.mean).toBeCloseTo((60 * share) / (1 - share), 10)
  })

  it('says why there is none', () => {
    const kind = (of: readonly RoundCell[], cells: readonly ExperimentCell[]) =>
      estimateSaving(of, cells, noneStale, 60).kind
    expect(kind(rounds.slice(0, 1), [cell(state)])).toBe('no-choice')
    expect(kind(rounds, [])).toBe('no-experiment')
    expect(kind(rounds, [cell(undefined)])).toBe('no-experiment')
    const bald = [...rounds, round(2, 'bald'), round(3, 'bald')]
    expect(kind(bald, [cell(state)])).toBe('not-compared')
    expect(kind(rounds, [cell({ ...state, runs: [] })])).toBe('not-known')
    // The experiment in which more seeds are finished decides.
    expect(kind(rounds, [cell({ ...state, runs: [] }), cell(state)])).toBe('known')
  })

  it('asks for the same parameters', () => {
    const kind = (parameters: RoundCell['settings']['parameters']) =>
      estimateSaving(
        [round(0, 'random'), round(1, 'entropy', parameters)],
        [cell(state)],
        noneStale,
        60,
      ).kind
    expect(kind({ aggregation: 'max' })).toBe('not-compared')
    // What it takes by default, said aloud.
    const { id, defaultValue } = strategyById('entropy').parameters[0]
    expect(kind({ [id]: defaultValue })).toBe('known')
  })

  it('prefers an experiment that knows to one with more seeds', () => {
    const target = { ...settings, targetFraction: 1 }
    const high = cell({
      ...state,
      settings: target,
      fullPool: { ap50: 1, ap: 1, interval: undefined },
    })
    expect(estimateSaving(rounds, [high], noneStale, 60).kind).toBe('not-known')
    const ofOneSeed = cell({
      ...state,
      runs: state.runs.filter(({ seed }) => seed === state.runs[0].seed),
    })
    expect(estimateSaving(rounds, [high, ofOneSeed], noneStale, 60).kind).toBe('known')
  })
  it('prefers an experiment that is up to date to one with more seeds, and marks one that is not', () => {
    const ofOneSeed = { ...state, runs: state.runs.filter(({ seed }) => seed === 1) }
    const cells = [cell(state, 'old'), cell(ofOneSeed, 'new')]
    const found = (...stale: string[]) =>
      estimateSaving(rounds, cells, new Set(stale.map((id) => id as CellId)), 60)
    expect(found('old')).toMatchObject({ kind: 'known', seeds: 1, isStale: false })
    expect(found('old', 'new')).toMatchObject({ kind: 'known', seeds: 2, isStale: true })
    // The one that is up to date says nothing yet.
    const begun = [cell(state, 'old'), cell({ ...state, runs: [] }, 'new')]
    expect(estimateSaving(rounds, begun, new Set(['old' as CellId]), 60)).toMatchObject({
      kind: 'known',
      seeds: 2,
      isStale: true,
    })
  })
})

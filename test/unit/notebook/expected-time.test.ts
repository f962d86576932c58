import { describe, expect, it } from 'vitest'
import type { ModelSettings } from '../../../src/core/detection/types'
import { expectedTime, stepsLeft } from '../../../src/core/notebook/expected-time'
import { experimentFigures } from '../../../src/core/experiment/statistics/figures'
import type { ExperimentState, ReplayRun } from '../../../src/core/experiment/replay/replay-types'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../src/core/experiment/replay/experiment-settings'
import { shareProgress, wholeExperiment } from '../../../src/core/experiment/replay/shares'
import type { Cell, CellId, ExperimentCell } from '../../../src/core/notebook/types'
import { fresh, projectId, roundOutput, withRound } from './cells'
import { point } from '../experiment/statistics/curves'

const { model } = defaultExperimentSettings

/** Steps: 100 on the initial 5 images, 150 on 15, 250 on 25, 600 on a pool of 60. */
const begun: ExperimentState = {
  data: 'cows',
  dataDigest: 'ab',
  settings: {
    ...defaultExperimentSettings,
    strategies: ['random', 'entropy'].map(parseVariant),
    seeds: [1, 2],
    initial: 5,
    batch: 10,
    rounds: 3,
    model: { ...model, steps: 100 },
    stepsPerImage: 10,
  },
  fullPool: undefined,
  runs: [],
}
const pool = 60
const allSteps = 600 + 2 * (100 + 2 * (150 + 250))

/** A run of as many rounds, and the picks for the next. */
function run(strategy: string, seed: number, trained: number): ReplayRun {
  const rounds = Array.from({ length: trained }, (_, index) => ({
    picks: [],
    point: point(5 + 10 * index, 0.5),
  }))
  return { strategy, seed, rounds: [...rounds, { picks: [], point: undefined }].slice(0, 3) }
}

describe('stepsLeft', () => {
  it('counts the initial set of a seed once', () => {
    expect(stepsLeft(begun, pool)).toBe(allSteps)
    expect(shareProgress(begun, wholeExperiment)).toEqual({ done: 0, total: 11 })
  })

  it('leaves out what is done', () => {
    const state = {
      ...begun,
      fullPool: { ap50: 0.5, ap: 0.25, interval: undefined },
      runs: [run('random', 1, 3), run('entropy', 1, 2)],
    }
    expect(stepsLeft(state, pool)).toBe(allSteps - 600 - 100 - 150 - 250 - 150)
    expect(shareProgress(state, wholeExperiment)).toEqual({ done: 5, total: 11 })
  })
})

describe('expectedTime', () => {
  const trainedRound = (trainSeconds: number, more: Partial<ModelSettings> = {}): Cell[] =>
    withRound(fresh(), ['a'], roundOutput({ trainSeconds, model: { ...model, ...more } }))

  const experiment = (id: string, finishedAt: number, secondsPerStep?: number): ExperimentCell => ({
    kind: 'experiment',
    id: id as CellId,
    projectId,
    position: 1,
    labels: 'own',
    settings: begun.settings,
    xAxis: 'images',
    asFraction: false,
    output: {
      state: begun,
      figures: experimentFigures(begun),
      poolImages: pool,
      testImages: 10,
      isTestDrawn: false,
      seconds: 99,
      secondsPerStep,
      backend: 'wasm',
      fingerprint: 'f',
      finishedAt,
    },
  })

  it('is unknown where nothing was measured, and where nothing is left', () => {
    expect(expectedTime(begun, pool, fresh(), 'wasm')).toBeUndefined()
    expect(expectedTime(begun, pool, [experiment('old', 1)], 'wasm')).toBeUndefined()
    const single = { ...begun.settings, seeds: [1], rounds: 1 }
    const complete: ExperimentState = {
      ...begun,
      settings: single,
      fullPool: { ap50: 0.5, ap: 0.25, interval: undefined },
      runs: [run('random', 1, 1), run('entropy', 1, 1)],
    }
    expect(expectedTime(complete, pool, [experiment('one', 1, 0.5)], 'wasm')).toBeUndefined()
  })

  it('goes by the steps of the last round', () => {
    // 240 steps took 12 s.
    const time = expectedTime(begun, pool, trainedRound(12, { views: 5 }), 'wasm')
    expect(time?.seconds).toBeCloseTo(allSteps * 0.05, 10)
    expect(time?.by).toEqual({ kind: 'round', index: 0 })
  })

  it('goes by no round of another model or backend', () => {
    for (const other of [{ inputSize: 416 }, { committee: 1 }, { hidden: 128 }] as const)
      expect(expectedTime(begun, pool, trainedRound(12, other), 'wasm')).toBeUndefined()
    expect(expectedTime(begun, pool, trainedRound(12, { depth: 'full' }), 'wasm')).toBeUndefined()
    expect(expectedTime(begun, pool, trainedRound(12), 'webgpu')).toBeUndefined()
  })

  it('goes by a round on any backend before the present one is known', () => {
    const time = expectedTime(begun, pool, trainedRound(12), undefined)
    expect(time?.seconds).toBeCloseTo(allSteps * 0.05, 10)
  })

  it('goes by the last experiment rather than by a later round', () => {
    const cells = [
      ...trainedRound(12),
      experiment('late', 20, 0.25),
      experiment('early', 10, 0.5),
      experiment('of an earlier version', 30),
    ]
    expect(expectedTime(begun, pool, cells, 'wasm')).toEqual({
      seconds: allSteps * 0.25,
      by: { kind: 'experiment' },
    })
  })
})

import { describe, expect, it } from 'vitest'
import { WorkClock } from '../../../src/app/experiment/work-clock'
import { strategyById } from '../../../src/core/acquisition/registry'
import type { CategoryId } from '../../../src/core/dataset/types'
import { experimentFigures } from '../../../src/core/experiment/statistics/figures'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../src/core/experiment/replay/experiment-settings'
import { canRemoveCell } from '../../../src/core/notebook/document'
import { dependencyGraph } from '../../../src/core/notebook/graph'
import { fingerprint } from '../../../src/core/notebook/fingerprint'
import { parseCells } from '../../../src/core/notebook/parse'
import {
  currentFingerprints,
  experimentFingerprint,
  type NotebookState,
  staleCells,
} from '../../../src/core/notebook/staleness'
import type { CellId, ExperimentCell } from '../../../src/core/notebook/types'
import { fresh, imageId, projectId } from './cells'

const state = {
  data: 'cows',
  dataDigest: 'ab',
  settings: defaultExperimentSettings,
  fullPool: { ap50: 0.5, ap: 0.25, interval: undefined },
  runs: [
    {
      strategy: 'random',
      seed: 1,
      rounds: [
        {
          picks: [imageId('a')],
          point: { images: 1, boxes: 2, seconds: 21, ap50: 0.25, ap: 0.125 },
        },
        { picks: [imageId('b')], point: undefined },
      ],
    },
  ],
}

const without: ExperimentCell = {
  kind: 'experiment',
  id: 'experiment' as CellId,
  projectId,
  position: 9e9,
  labels: 'own',
  settings: defaultExperimentSettings,
  xAxis: 'boxes',
  asFraction: true,
  output: undefined,
}

const experiment: ExperimentCell = {
  ...without,
  output: {
    state,
    figures: experimentFigures(state),
    poolImages: 90,
    testImages: 30,
    isTestDrawn: false,
    seconds: 12.5,
    backend: 'wasm',
    fingerprint: 'of then',
    finishedAt: 5,
  },
}

describe('an experiment cell', () => {
  it('survives JSON, with and without output', () => {
    const { output } = experiment
    const timed = output && { ...output, secondsPerStep: 0.25 }
    const cells = [
      ...fresh(),
      experiment,
      { ...without, id: 'second' as CellId },
      { ...experiment, id: 'third' as CellId, output: timed },
    ]
    expect(parseCells(JSON.parse(JSON.stringify(cells)))).toEqual(cells)
  })

  it('reads the data only, and may be removed', () => {
    const cells = [...fresh(), experiment]
    expect(dependencyGraph(cells).get(experiment.id)).toEqual(['data'])
    expect(canRemoveCell(cells, experiment)).toBe(true)
  })

  it('is damaged where a figure is none', () => {
    const broken = { ...experiment, settings: { ...defaultExperimentSettings, rounds: 0 } }
    expect(() => parseCells([broken])).toThrow('cell 1 (experiment): settings.rounds: is below 1')
  })
})

describe('the fingerprint of an experiment', () => {
  const notebook: NotebookState = {
    cells: fresh(),
    images: [
      { id: imageId('a'), split: 'pool' },
      { id: imageId('b'), split: 'pool' },
      { id: imageId('t'), split: 'test' },
    ],
    oracleIds: new Set(['a', 't'].map(imageId)),
    labels: [
      { imageId: imageId('a'), status: 'done', revision: 1 },
      { imageId: imageId('t'), status: 'done', revision: 1 },
    ],
    categories: [{ id: 'cow' as CategoryId, order: 0 }],
  }
  const labelled: NotebookState = {
    ...notebook,
    labels: [...notebook.labels, { imageId: imageId('b'), status: 'done', revision: 1 }],
  }
  const own = (of: NotebookState) => experimentFingerprint(of, without)
  const oracle = (of: NotebookState) => experimentFingerprint(of, { ...without, labels: 'oracle' })

  it('changes with the labels that answer, not with those that the oracle overrules', () => {
    expect(own(labelled)).not.toBe(own(notebook))
    expect(oracle(labelled)).toBe(oracle(notebook))
    const begun: NotebookState = {
      ...notebook,
      labels: [...notebook.labels, { imageId: imageId('b'), status: 'in-progress', revision: 1 }],
    }
    expect(own(begun)).toBe(own(notebook))
  })

  it('changes with the split, the categories and the settings', () => {
    const [a, ...others] = notebook.images
    const moved = { ...notebook, images: [{ ...a, split: 'test' as const }, ...others] }
    expect(own(moved)).not.toBe(own(notebook))
    expect(oracle(moved)).not.toBe(oracle(notebook))
    expect(oracle({ ...notebook, categories: [] })).not.toBe(oracle(notebook))
    const longer = { ...without, settings: { ...without.settings, rounds: 9 } }
    expect(experimentFingerprint(notebook, longer)).not.toBe(own(notebook))
  })

  it('changes when the oracle comes to know an image, not when one comes that it does not know', () => {
    const told = { ...notebook, oracleIds: new Set(['a', 'b', 't'].map(imageId)) }
    expect(oracle(told)).not.toBe(oracle(notebook))
    expect(own(told)).toBe(own(notebook))
    const more = {
      ...notebook,
      images: [...notebook.images, { id: imageId('c'), split: 'pool' as const }],
    }
    expect(oracle(more)).toBe(oracle(notebook))
  })

  it('is as it was before what the oracle knows counted, where it knows every image', () => {
    const knowing = { ...notebook, oracleIds: new Set(notebook.images.map(({ id }) => id)) }
    const settings = { ...without.settings, strategies: ['random', 'entropy'].map(parseVariant) }
    expect(experimentFingerprint(knowing, { labels: 'oracle', settings })).toBe(
      fingerprint({
        settings,
        categories: ['cow'],
        data: ['pool a', 'pool b', 'test t'],
      }),
    )
  })

  it('names the versions of strategies that are no longer in their first', () => {
    const data = { pool: ['1 a'], test: ['1 t'] }
    const comparing = (...ids: string[]) => ({
      ...without.settings,
      strategies: ids.map(parseVariant),
    })
    const first = comparing('random', 'entropy')
    expect(experimentFingerprint(notebook, { ...without, settings: first })).toBe(
      fingerprint({ settings: first, categories: ['cow'], data }),
    )
    const later = comparing('random', 'margin-default')
    const { version } = strategyById('margin-default')
    expect(experimentFingerprint(notebook, { ...without, settings: later })).toBe(
      fingerprint({
        settings: later,
        versions: [`margin-default ${version}`],
        categories: ['cow'],
        data,
      }),
    )
  })

  it('is there for a strategy that this version does not know, and so is what is stale', () => {
    const psychic = { id: 'psychic', strategyId: 'psychic', parameters: {} }
    const settings = {
      ...without.settings,
      strategies: [...without.settings.strategies, psychic],
    }
    const current = experimentFingerprint(notebook, { ...without, settings })
    expect(current).not.toBe(own(notebook))
    const { output } = experiment
    const cell = { ...experiment, settings, output: output && { ...output, fingerprint: current } }
    const all = { ...notebook, cells: [...notebook.cells, cell] }
    expect([...staleCells(all.cells, currentFingerprints(all))]).toEqual([])
  })

  it('says when the output is stale, whatever the axis', () => {
    const output = experiment.output
    const current = output && { ...experiment, output: { ...output, fingerprint: own(notebook) } }
    if (current === undefined) throw new Error('The experiment has no output.')
    const stale = (of: NotebookState, cell: ExperimentCell) => {
      const all = { ...of, cells: [...of.cells, cell] }
      return [...staleCells(all.cells, currentFingerprints(all))]
    }
    expect(stale(notebook, { ...current, xAxis: 'images', asFraction: false })).toEqual([])
    expect(stale(labelled, current)).toEqual(['experiment'])
    expect(stale(labelled, without)).toEqual([])
  })
})

describe('WorkClock', () => {
  it('leaves pauses out, also one that has not ended', () => {
    const clock = new WorkClock(1000)
    clock.hold(true, 3000)
    clock.hold(true, 4000)
    expect(clock.seconds(9000)).toBe(2)
    clock.hold(false, 10_000)
    clock.hold(false, 11_000)
    expect(clock.seconds(11_500)).toBe(3.5)
  })
})

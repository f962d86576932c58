import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { strategyTables, tableMarkers, withTables } from '../../../src/cli/strategy-tables'
import { writeExperiment } from '../../../src/core/experiment/files/experiment-files'
import type { ExperimentState } from '../../../src/core/experiment/replay/replay-types'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../src/core/experiment/replay/experiment-settings'
import { curve } from '../experiment/statistics/curves'

const root = fileURLToPath(new URL('../../../', import.meta.url))

const state: ExperimentState = {
  data: 'cards',
  dataDigest: 'abc',
  settings: {
    ...defaultExperimentSettings,
    strategies: ['random', 'entropy'].map(parseVariant),
    seeds: [1],
    rounds: 2,
  },
  fullPool: { ap50: 0.5, ap: 0.25, interval: undefined },
  runs: ['random', 'entropy'].map((strategy, index) => ({
    strategy,
    seed: 1,
    rounds: curve(1, [0.2, 0.4 + 0.2 * index]).points.map((point) => ({ picks: [], point })),
  })),
}

describe('strategyTables', () => {
  it('gives a heading and a table in Markdown for each experiment', () => {
    const tables = strategyTables([{ name: 'cards.json', text: writeExperiment(state) }])
    expect(tables.split('\n').map((line) => line.replace(/ +/g, ' ').replace(/-+/g, '-'))).toEqual([
      '_cards_, 2 rounds, all labels of the pool: AP50 0.500, AP 0.250; target AP50 0.450',
      '',
      '| strategy | seeds | AULC | to random [95 %] | wins | to the best [95 %] | label saving [95 %] | not reached |',
      '| - | - | - | - | - | - | - | - |',
      expect.stringMatching(/^\| random \| 1 \| 0\.300 \|/),
      expect.stringMatching(/^\| entropy \| 1 \| 0\.400 \| \+0\.100 \[–\] \| 1 \/ 1 \|/),
    ])
  })

  it('puts them in the order of the data, short ones first, whatever that of the files', () => {
    const shelf = { ...state, data: 'shelf' }
    const long = { ...state, settings: { ...state.settings, rounds: 14 } }
    const shuffled = { ...state, data: 'cards (labels shuffled)' }
    const files = [shelf, shuffled, long, state].map((one, index) => ({
      name: `${index}.json`,
      text: writeExperiment(one),
    }))
    expect(strategyTables(files).match(/(?<=^_).*(?= rounds)/gm)).toEqual([
      'cards_, 2',
      'cards_, 14',
      'cards (labels shuffled)_, 2',
      'shelf_, 2',
    ])
  })

  it('refuses what no experiment has written, by name', () => {
    expect(() => strategyTables([{ name: 'x.json', text: '{}' }])).toThrow('x.json')
  })
})

describe('withTables', () => {
  const [before, after] = tableMarkers

  it('puts new tables in place of the old ones and leaves the rest as it is', () => {
    const document = `a\n${before}\n\nold\n\n${after}\nb\n`
    const changed = withTables(document, 'new')
    expect(changed).toBe(`a\n${before}\n\nnew\n\n${after}\nb\n`)
    expect(withTables(changed, 'old')).toBe(document)
    expect(withTables(changed, '')).toBe(`a\n${before}\n\n${after}\nb\n`)
  })

  it('says so where a document has no place for tables', () => {
    expect(() => withTables(`${after} ${before}`, 'new')).toThrow(before)
  })
})

describe('the README', () => {
  it('shows the results that are kept in the project', () => {
    const folder = join(root, '.github/experiments')
    const names = readdirSync(folder).filter((file) => file.endsWith('.json'))
    expect(names.length).toBeGreaterThan(0)
    const files = names.map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
    const readme = readFileSync(join(root, 'README.md'), 'utf8')
    expect(withTables(readme, strategyTables(files))).toBe(readme)
  })
})

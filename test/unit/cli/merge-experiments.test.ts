import { describe, expect, it } from 'vitest'
import { mergeResults } from '../../../src/cli/merge-experiments'
import { writeExperiment } from '../../../src/core/experiment/files/experiment-files'
import { runReplay } from '../../../src/core/experiment/replay/replay'
import type { ExperimentState } from '../../../src/core/experiment/replay/replay-types'
import { experimentResult } from '../../../src/core/experiment/statistics/result'
import { parseVariants } from '../../../src/core/experiment/replay/experiment-settings'
import { images, PaperEngine, start } from '../experiment/replay/paper-engine'

const seeds = [8, 7, 6]
const asked = { seeds, strategies: parseVariants(['random', 'entropy', 'bald@1'], seeds) }

/** The shares of an experiment in three, one a seed. */
function shares(): Promise<ExperimentState[]> {
  const compute = (index: number) =>
    runReplay(start(asked), images, [new PaperEngine()], { share: { index, count: 3 } })
  return Promise.all([1, 2, 3].map(compute))
}

const fileOf = (experiment: Parameters<typeof writeExperiment>[0]) => ({
  name: 'part.json',
  text: writeExperiment(experiment),
})

/** Lines of what is missing, without the words before and after. */
const missingOf = (parts: readonly ExperimentState[]): string[] | undefined =>
  mergeResults(parts.map((part) => fileOf(experimentResult(part))))
    .missing?.split('\n')
    .slice(1, -1)

describe('mergeResults', () => {
  it('misses nothing when every share is there', async () => {
    expect(missingOf(await shares())).toBeUndefined()
  })

  it('names the strategies and their seeds of shares that are not there', async () => {
    const [first, second, third] = await shares()
    expect(missingOf([first, second])).toEqual(['  random: seed 6', '  entropy: seed 6'])
    expect(missingOf([first])).toEqual(['  random: seeds 7, 6', '  entropy: seeds 7, 6'])
    expect(missingOf([third, second])).toEqual([
      '  what all labels of the pool give',
      '  random: seed 8',
      '  entropy: seed 8',
      '  bald: seed 8',
    ])
  })

  it('names a run that is not at its end, and counts what it has trained', async () => {
    const parts = await shares()
    const cut = parts.map((part) => ({
      ...part,
      runs: part.runs.map((run) =>
        run.strategy === 'bald' ? { ...run, rounds: run.rounds.slice(0, -1) } : run,
      ),
    }))
    const { missing } = mergeResults(cut.map(fileOf))
    // The full pool, three initial rounds, and three rounds more of each of seven runs.
    expect(missing).toContain('not complete, 24 of 25 trainings are there')
    expect(missing).toContain('\n  bald: seed 8\n')
  })
})

/** An experiment written down by hand, with its cell. */
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import { fingerprintOfExperiment } from '../../../src/app/state/staleness'
import { experimentFigures } from '../../../src/core/experiment/statistics/figures'
import type {
  ExperimentSettings,
  ReplayRun,
} from '../../../src/core/experiment/replay/replay-types'
import {
  defaultExperimentSettings,
  parseVariant,
} from '../../../src/core/experiment/replay/experiment-settings'
import type { ExperimentCell } from '../../../src/core/notebook/types'

/** Three rounds of five images; the target is 0.475, as all labels give 0.5. */
export const settings: ExperimentSettings = {
  ...defaultExperimentSettings,
  strategies: ['random', 'presence-random', 'entropy'].map(parseVariant),
  seeds: [1, 2, 3],
  initial: 5,
  batch: 5,
  rounds: 3,
  targetFraction: 0.95,
}

/** Every image has two boxes and takes 21 seconds. */
function run(strategy: string, seed: number, heights: readonly number[]): ReplayRun {
  const rounds = heights.map((ap50, index) => {
    const images = 5 * (index + 1)
    const point = { images, boxes: 2 * images, seconds: 21 * images, ap50, ap: ap50 / 2 }
    return { picks: [], point }
  })
  return { strategy, seed, rounds }
}

/** Two seeds are finished, the third is at its second round. */
const runs = [1, 2].flatMap((seed) => [
  run('random', seed, [0.2, 0.3, 0.4]),
  run('presence-random', seed, [0.2, 0.25, 0.4]),
  run('entropy', seed, [0.2, 0.4, 0.5]),
])

const state = {
  data: 'Cows',
  dataDigest: '00',
  settings,
  fullPool: { ap50: 0.5, ap: 0.25, interval: { low: 0.45, high: 0.55 } },
  runs: [...runs, run('random', 3, [0.1, 0.2]), run('entropy', 3, [0.1, 0.3])],
}

/** Adds the experiment below all other cells, up to date. */
export async function putExperiment(session: ProjectSession): Promise<ExperimentCell> {
  const below = session.notebook.cells.at(-1)?.id
  const cell = await session.notebook.addExperiment(below, { labels: 'own', settings })
  const finished: ExperimentCell = {
    ...cell,
    output: {
      state,
      figures: experimentFigures(state),
      poolImages: 22,
      testImages: 8,
      isTestDrawn: true,
      seconds: 125,
      backend: 'wasm',
      fingerprint: fingerprintOfExperiment(session, cell),
      finishedAt: 1000,
    },
  }
  await session.notebook.put(finished)
  return finished
}

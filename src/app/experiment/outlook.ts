import { knownValues } from '../../core/acquisition/parameters'
import { strategies } from '../../core/acquisition/registry'
import { type ExpectedTime, expectedTime } from '../../core/notebook/expected-time'
import { figuresVersion } from '../../core/experiment/statistics/figures'
import { fitRounds, labeledImages } from '../../core/experiment/replay/fitting-rounds'
import { drawnTestImages, leastPoolImages } from '../../core/experiment/replay/known-split'
import type { StrategyVariant } from '../../core/experiment/replay/replay-types'
import { sharesRuns } from '../../core/experiment/replay/resume'
import { shareProgress, wholeExperiment } from '../../core/experiment/replay/shares'
import { variantName } from '../../core/experiment/replay/strategy-names'
import type { ExperimentCell, ExperimentOutput } from '../../core/notebook/types'
import type { LabeledCounts } from './data'
import type { Session } from '../state/session'
import { fingerprintOfExperiment } from '../state/staleness'

/** What running the experiment of a cell would do at present. */
export interface ExperimentOutlook {
  /** Why it cannot run, and what to do. */
  readonly problem: string | undefined
  /** Trainings of the present settings, and those of them that need not be done again. */
  readonly progress: { readonly done: number; readonly total: number }
  /** What is there can be gone on with: the same protocol on the same data. */
  readonly goesOn: boolean
  /** Nothing is left to do. */
  readonly isComplete: boolean
  /** Undefined where nothing was measured that it could be told from. */
  readonly time: ExpectedTime | undefined
}

/** @param counts labelled images; undefined while they are being counted */
export function experimentOutlook(
  session: Session,
  cell: ExperimentCell,
  counts: LabeledCounts | undefined,
): ExperimentOutlook {
  const { settings } = cell
  const output = continuedOutput(session, cell)
  const { fullPool, runs } = output?.state ?? { fullPool: undefined, runs: [] }
  const state = { data: '', dataDigest: '', settings, fullPool, runs }
  const progress = shareProgress(state, wholeExperiment)
  const isCurrent =
    output?.fingerprint === fingerprintOfExperiment(session, cell) &&
    output.figures.version === figuresVersion
  return {
    problem: problemOf(cell, counts),
    progress,
    goesOn: output !== undefined,
    isComplete: isCurrent && progress.done === progress.total,
    time:
      counts &&
      expectedTime(
        state,
        toChooseFrom(counts, 0),
        session.notebook.cells,
        session.engine.info?.backend,
      ),
  }
}

/** What the cell has, if running it goes on with that: the same protocol on the same data. */
export function continuedOutput(
  session: Session,
  cell: ExperimentCell,
): ExperimentOutput | undefined {
  const { settings, output } = cell
  if (output === undefined || !sharesRuns(settings, output.state.settings)) return undefined
  const then = { ...cell, settings: output.state.settings }
  return fingerprintOfExperiment(session, then) === output.fingerprint ? output : undefined
}

function problemOf(
  { settings, labels }: ExperimentCell,
  counts: LabeledCounts | undefined,
): string | undefined {
  const [unknown] = settings.strategies.flatMap(unknownPart)
  if (unknown !== undefined) return unknown
  if (counts === undefined) return undefined
  const pool = toChooseFrom(counts, 0)
  const have = labels === 'own' ? 'labelled images' : 'images that the oracle knows'
  if (pool < leastPoolImages)
    return (
      `There are ${counts.pool + counts.test} ${have}. An experiment needs some hundred to say much, and ${leastPoolImages} ` +
      `to choose from at the very least (these make ${pool}): ${lackOf(leastPoolImages, counts, labels)}.`
    )
  const wanted = labeledImages(settings)
  if (wanted <= pool) return undefined
  const { initial, batch, rounds } = fitRounds(pool, settings)
  return (
    `${settings.rounds} rounds label ${wanted} images, but there are ${pool} to choose from: ${lackOf(wanted, counts, labels)}, ` +
    `or make it ${rounds} rounds, the first of ${initial} images and the others of ${batch}.`
  )
}

/** What is to be said of a strategy that another version has, or one with a parameter that there was in an earlier version. */
function unknownPart(variant: StrategyVariant): string[] {
  const { id, strategyId, parameters } = variant
  const strategy = strategies.find((candidate) => candidate.id === strategyId)
  if (strategy === undefined)
    return [
      `This version of the app has no strategy '${strategyId}': untick ${variantName(variant)}, or open the project in a ` +
        'version that has it.',
    ]
  const known = knownValues(strategy.parameters, parameters)
  const lost = Object.keys(parameters).find((name) => !Object.hasOwn(known, name))
  return lost === undefined
    ? []
    : [`${id} has a parameter that there is no more, '${lost}': untick it, or add it anew.`]
}

/** Images to choose from once so many more of the pool are labelled. */
function toChooseFrom({ pool, test }: LabeledCounts, more: number): number {
  return pool + more - drawnTestImages(pool + more, test)
}

/** What it takes to have so many images to choose from. */
function lackOf(wanted: number, counts: LabeledCounts, labels: ExperimentCell['labels']): string {
  let more = 0
  while (toChooseFrom(counts, more) < wanted) more++
  return labels === 'own'
    ? `label ${more} more`
    : `import a file with the boxes of ${more} more for the oracle`
}

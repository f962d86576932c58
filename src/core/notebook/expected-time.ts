import { trainingSchedule } from '../detection/schedule'
import type { ModelSettings } from '../detection/types'
import type { Cell } from './types'
import type { ExperimentState } from '../experiment/replay/replay-types'
import { trainingsOf, wholeExperiment } from '../experiment/replay/shares'
import { modelFor } from '../experiment/replay/units'

export interface ExpectedTime {
  readonly seconds: number
  /**
   * What it goes by: an experiment, with all that comes with a training; or a round of this index, where it is of the
   * trainings alone.
   */
  readonly by: { readonly kind: 'experiment' } | { readonly kind: 'round'; readonly index: number }
}

/** What a training step takes, measured. */
interface Pace {
  readonly secondsPerStep: number
  readonly model: ModelSettings
  readonly backend: string
  readonly finishedAt: number
  readonly by: ExpectedTime['by']
}

/**
 * Training steps that are left of an experiment.
 * @param pool images to choose from
 */
export function stepsLeft(state: ExperimentState, pool: number): number {
  const left = trainingsOf(state, wholeExperiment).filter(({ isDone }) => !isDone)
  return left.reduce((sum, { images }) => {
    return sum + trainingSchedule(modelFor(state.settings, images ?? pool)).steps
  }, 0)
}

/**
 * How long the rest of an experiment will take, as the project's last experiment has it, else its last round; undefined
 * where neither was of a model and on a backend whose steps take as long, and where nothing is left.
 * @param pool images to choose from
 * @param backend the present one; undefined before it is known
 */
export function expectedTime(
  state: ExperimentState,
  pool: number,
  cells: readonly Cell[],
  backend: string | undefined,
): ExpectedTime | undefined {
  const steps = stepsLeft(state, pool)
  if (steps === 0) return undefined
  const alike = cells
    .flatMap(paceOf)
    .filter((pace) => backend === undefined || pace.backend === backend)
    .filter(({ model }) => isAsFast(model, state.settings.model))
    .toSorted((a, b) => a.finishedAt - b.finishedAt)
  const pace = alike.findLast(({ by }) => by.kind === 'experiment') ?? alike.at(-1)
  return pace && { seconds: steps * pace.secondsPerStep, by: pace.by }
}

function paceOf(cell: Cell): Pace[] {
  if (cell.kind === 'experiment' && cell.output?.secondsPerStep !== undefined) {
    const { secondsPerStep, state, backend, finishedAt } = cell.output
    const { model } = state.settings
    return [{ secondsPerStep, model, backend, finishedAt, by: { kind: 'experiment' } }]
  }
  if (cell.kind === 'round' && cell.output !== undefined) {
    const { trainSeconds, model, backend, finishedAt } = cell.output
    const secondsPerStep = trainSeconds / trainingSchedule(model).steps
    return [
      { secondsPerStep, model, backend, finishedAt, by: { kind: 'round', index: cell.index } },
    ]
  }
  return []
}

/** Steps and rate of learning do not change what a step takes, views hardly. */
function isAsFast(a: ModelSettings, b: ModelSettings): boolean {
  return (
    a.depth === b.depth &&
    a.inputSize === b.inputSize &&
    a.committee === b.committee &&
    a.hidden === b.hidden
  )
}

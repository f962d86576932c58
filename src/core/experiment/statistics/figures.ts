import { seededRandom } from '../../random/seeded'
import { learningBand, type BandPoint } from './bands'
import type {
  ExperimentAxis,
  ExperimentResult,
  ExperimentState,
  PenaltyMatrix,
  StrategyCurve,
  StrategyFigures,
} from '../replay/replay-types'
import { experimentResult, finishedCurves, pickedBy } from './result'

/** The figures of a strategy on one axis, with its mean learning curve. */
export interface AxisFigures extends StrategyFigures {
  readonly band: readonly BandPoint[]
}

export interface StrategySummary {
  /** Of the variant. */
  readonly id: string
  readonly axes: Readonly<Record<ExperimentAxis, AxisFigures>>
}

/**
 * Raised whenever figures of the same runs come out otherwise than before, so that what is kept of them is computed anew.
 */
export const figuresVersion = 3

/** What takes resampling to compute of a result: to be kept with the state it is of. */
export interface ExperimentFigures {
  /** `figuresVersion` when they were computed; the first if left out. */
  readonly version?: number | undefined
  readonly strategies: readonly StrategySummary[]
  readonly penalties: Readonly<Record<ExperimentAxis, PenaltyMatrix>>
}

/** Enough for a smooth line by boxes and seconds, where the rounds of the seeds lie apart. */
const bandPlaces = 25

/** The figures of the finished runs; seconds of work for many strategies and seeds. */
export function experimentFigures(state: ExperimentState): ExperimentFigures {
  const { strategies, penalties } = experimentResult(state)
  const random = seededRandom(1)
  return {
    version: figuresVersion,
    strategies: strategies.map(({ id, curves, axes }) => {
      const on = (axis: ExperimentAxis): AxisFigures => ({
        ...axes[axis],
        band: bandOf(curves, axis, state.settings.rounds, random.fork(`${axis} ${id}`)),
      })
      return { id, axes: { images: on('images'), boxes: on('boxes'), seconds: on('seconds') } }
    }),
    penalties,
  }
}

/** The result of a state whose figures are known; `experimentResult` without its resampling. */
export function resultOf(
  state: ExperimentState,
  { strategies, penalties }: ExperimentFigures,
): ExperimentResult {
  const { data, dataDigest, imageKeys, settings, fullPool } = state
  return {
    data,
    fullPool,
    strategies: strategies.map(({ id, axes }) => {
      const [images, boxes, seconds] = [axes.images, axes.boxes, axes.seconds].map(withoutBand)
      return {
        id,
        ...pickedBy(state, id),
        curves: finishedCurves(state, id),
        ...seconds,
        axes: { images, boxes, seconds },
      }
    }),
    penalties,
    dataDigest,
    ...(imageKeys && { imageKeys }),
    settings,
  }
}

/** By images every curve has its points at the same places. */
function bandOf(
  curves: readonly StrategyCurve[],
  axis: ExperimentAxis,
  rounds: number,
  random: ReturnType<typeof seededRandom>,
): BandPoint[] {
  const count = axis === 'images' ? Math.max(2, rounds) : bandPlaces
  return learningBand(curves, axis, count, random)
}

function withoutBand({ aulc, versusRandom, saving }: AxisFigures): StrategyFigures {
  return { aulc, versusRandom, saving }
}

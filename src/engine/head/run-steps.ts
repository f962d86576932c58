import type { HandlerContext } from '../../rpc/types'
import { isDiverging, type RunState } from './checkpoint'
import type { Pacer } from '../device/pacing'
import type { Checkpoint, TrainEvent } from './protocol'

/** Steps between two states a diverging run may be rolled back to; steps and not seconds, to stay deterministic. */
const rollbackInterval = 25
/** After as many, with the rate at 1 / 100,000, the rate is not what is wrong. */
const mostRollbacks = 5

export interface StepResult {
  readonly loss: number
  /** Same layout as the state's parameters. */
  readonly gradient: Float32Array
}

/** A training run, as far as its steps are concerned. */
export interface SteppedRun {
  readonly state: RunState
  /** Digest of everything the run depends on. */
  readonly key: string
  /** The last step's number, counted from 1. */
  readonly last: number
  /** As many steps the whole training has, of which these may be a part. */
  readonly steps: number
  /** Learning rate that is told of when a rollback lowers it. */
  readonly peakRate: number
  /** Seconds between two checkpoints that are reported: what a crash may cost. */
  readonly checkpointSeconds: number
  /** Loss and gradient of the next step. */
  gradient(): Promise<StepResult>
  /** Changes the parameters by a gradient that was found sound. */
  update(gradient: Float32Array): void
}

/**
 * Takes the steps that are left of a run, with checkpoints on the way. When it diverges it is rolled back to the last
 * good state and goes on with a smaller rate.
 * @param secondsBefore time that steps taken earlier took
 * @throws Error when the loss diverges at any rate; the signal's reason when cancelled
 */
export async function runSteps(
  run: SteppedRun,
  pacer: Pacer,
  emit: HandlerContext<TrainEvent>['emit'],
  secondsBefore: number,
): Promise<void> {
  const { state, key, last, steps, peakRate } = run
  const startedAt = state.step
  const takeCheckpoint = (): Checkpoint => state.checkpoint(key, secondsBefore + pacer.seconds)
  let good = takeCheckpoint()
  let reportedAt = pacer.seconds

  /** Back to the last good state, with a smaller step from there on. */
  const rollBack = (loss: number): void => {
    if (state.rollbacks === mostRollbacks) {
      throw new Error(
        `Training diverged at step ${state.step + 1} of ${steps}: the loss is ${loss}. ` +
          `Lower the learning rate (its peak is ${peakRate}) and train again.`,
      )
    }
    const rollbacks = state.rollbacks + 1
    state.restore(good)
    state.rollbacks = rollbacks
    emit({ kind: 'rolled-back', step: state.step, learningRate: peakRate * state.rateScale })
  }

  while (state.step < last) {
    await pacer.breathe()
    const { loss, gradient } = await run.gradient()
    if (isDiverging(state.losses, loss)) {
      rollBack(loss)
      continue
    }
    run.update(gradient)
    state.step += 1
    state.losses.push(loss)
    const isDue = pacer.seconds - reportedAt >= run.checkpointSeconds || state.step === last
    const isRollbackPoint = state.step % rollbackInterval === 0
    if ((isDue || isRollbackPoint) && !state.sound) {
      rollBack(loss)
      continue
    }
    const secondsLeft = pacer.secondsLeft(state.step - startedAt, last - startedAt)
    emit({ kind: 'step', step: state.step, steps, loss, secondsLeft })
    if (!isDue && !isRollbackPoint) continue
    const copy = takeCheckpoint()
    if (isRollbackPoint) good = copy
    if (isDue) {
      emit({ kind: 'checkpoint', checkpoint: copy })
      reportedAt = pacer.seconds
    }
  }
}

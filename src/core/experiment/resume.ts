import { fingerprint } from '../notebook/fingerprint'
import type { ExperimentSettings, ExperimentState } from './replay-types'

/**
 * The new experiment with what was computed before, where data and protocol are the same; strategies, seeds and the target
 * may differ. Runs that it does not ask for are kept for when it does again. Undefined when nothing can be taken over.
 */
export function resumeExperiment(
  fresh: ExperimentState,
  saved: ExperimentState,
): ExperimentState | undefined {
  if (saved.dataDigest !== fresh.dataDigest || !sharesRuns(fresh.settings, saved.settings))
    return undefined
  return { ...fresh, fullPool: saved.fullPool, runs: saved.runs }
}

/** Whether runs of one are runs of the other: the same rounds, model and cost, and strategies of one name that are the same. */
export function sharesRuns(a: ExperimentSettings, b: ExperimentSettings): boolean {
  const same = a.strategies.every((variant) => {
    const other = b.strategies.find(({ id }) => id === variant.id)
    return other === undefined || fingerprint(other) === fingerprint(variant)
  })
  return same && fingerprint(protocolOf(a)) === fingerprint(protocolOf(b))
}

/** What every point of a curve depends on. */
function protocolOf({ initial, batch, rounds, model, stepsPerImage, cost }: ExperimentSettings) {
  return { initial, batch, rounds, model, stepsPerImage, cost }
}

import type { LabelSaving, MeanInterval } from '../replay/replay-types'

/**
 * Seconds of labelling that were spared by not labelling at random, from the time that was spent and the share of random's
 * time that the strategy does without: what random would have taken, s / (1 - saving), less s. Below 0 where random would
 * have been quicker. Undefined where the saving is not known, or is all of it; without an interval where that has none.
 */
export function timeSaved(seconds: number, saving: LabelSaving): MeanInterval | undefined {
  const { mean, low, high } = saving
  if (mean === undefined || (high ?? mean) >= 1) return undefined
  const saved = (share: number): number => (seconds * share) / (1 - share)
  return {
    mean: saved(mean),
    low: low === undefined ? undefined : saved(low),
    high: high === undefined ? undefined : saved(high),
  }
}

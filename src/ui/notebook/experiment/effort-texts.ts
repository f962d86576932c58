import type { LabelingEffort } from '../../../app/state/effort'
import type { LabelSaving } from '../../../core/experiment/replay/replay-types'
import { showInterval } from '../../../core/experiment/files/experiment-table'
import { formatCount, formatDuration } from '../../controls/format'

/** An amount of money with two decimals, the currency as the user writes it: `12.50 EUR`, `−3.00`. */
export function moneyText(amount: number, currency: string): string {
  const text = Math.abs(amount).toLocaleString('en', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  })
  return `${amount <= -0.005 ? '−' : ''}${text}${currency === '' ? '' : ` ${currency}`}`
}

/** A duration that may be below 0. */
export function signedDuration(seconds: number): string {
  return `${Math.round(seconds) < 0 ? '−' : ''}${formatDuration(Math.abs(seconds))}`
}

/**
 * A share of random's time in per cent with its interval: `26 % [−7, 58]`, `[–]` where there is none.
 * @param sign 1 for what is saved, -1 for what is taken more
 */
export function savingText({ mean = 0, low, high }: LabelSaving, sign: 1 | -1): string {
  const percent = (share: number): string => {
    const value = Math.round(100 * sign * share)
    return `${value < 0 ? '−' : ''}${Math.abs(value)}`
  }
  const [least, most] = sign === 1 ? [low, high] : [high, low]
  return `${percent(mean)} % ${showInterval(least, most, percent)}`
}

/** How many seeds a saving is of, and with how many it is a bound: `5 seeds; a bound with 2, where one did not get there`. */
export function seedsText({ notReached }: LabelSaving, seeds: number): string {
  const counted = formatCount(seeds, 'seed')
  return notReached > 0
    ? `${counted}; a bound with ${notReached}, where one did not get there`
    : counted
}

/** Where the time comes from, in brackets; empty where nothing is labelled. */
export function timeSources({ images, measuredSeconds, assumedSeconds }: LabelingEffort): string {
  if (measuredSeconds === 0 && assumedSeconds === 0)
    return images === 0 ? '' : ' (imported labels come without the time they took)'
  if (assumedSeconds === 0) return ' by the clock'
  if (measuredSeconds === 0) return ' (assumed, as the clicks are: the oracle answered)'
  return ` (${formatDuration(measuredSeconds)} by the clock, ${formatDuration(assumedSeconds)} assumed for the oracle’s answers)`
}

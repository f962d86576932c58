import { percentileInterval } from '../../evaluation/bootstrap-ap50'

export type BudgetUnit = 'images' | 'boxes' | 'seconds'

/** What the user wants of the labels; undefined = has no opinion. */
export interface StoppingSettings {
  readonly budget: { readonly unit: BudgetUnit; readonly amount: number } | undefined
  /** AP50 that is good enough, 0..1. */
  readonly targetAp50: number | undefined
  /** Gains of AP50 a round below this are none. */
  readonly epsilon: number
  /** AP50 that 100 further labelled images must be worth. */
  readonly leastGainPer100: number | undefined
}

export const defaultStoppingSettings: StoppingSettings = {
  budget: undefined,
  targetAp50: undefined,
  epsilon: 0.01,
  leastGainPer100: undefined,
}

/** AP50 on samples of the test images, from `bootstrapAp50`. */
export interface TestSamples {
  /** Digest of the test labels: samples under one key are drawn alike, and their differences are paired. */
  readonly key: string
  readonly ap50: readonly number[]
}

/** A finished round. Labels, boxes and seconds of labelling are those of all rounds so far. */
export interface StoppingRound {
  readonly index: number
  readonly images: number
  readonly boxes: number
  readonly seconds: number
  readonly ap50: number | undefined
  /** Figures measured in different ways are not compared. */
  readonly estimate: 'test-split' | 'out-of-fold' | undefined
  readonly samples: TestSamples | undefined
  /** `detectionAgreement` with the round before. */
  readonly agreement: number | undefined
}

export type CriterionId = 'budget' | 'target' | 'plateau' | 'stable' | 'price'

/** What one criterion says, and the numbers it says so by. */
export interface StoppingCriterion {
  readonly id: CriterionId
  readonly name: string
  /** `off`: the user has not said what is wanted; `unknown`: there are not the rounds or the figures to tell. */
  readonly verdict: 'stop' | 'go-on' | 'unknown' | 'off'
  readonly reason: string
}

/** Rounds that both must gain next to nothing. */
const plateauRounds = 2
const stableAgreement = 0.99
const stableRounds = 3

/**
 * Whether labelling may stop, by five criteria; advice, never a lock. Gains are those of the last two rounds together: one
 * round says little.
 * @param rounds finished ones, in order
 */
export function stoppingAdvice(
  rounds: readonly StoppingRound[],
  settings: StoppingSettings,
): StoppingCriterion[] {
  return [
    budgetSpent(rounds, settings),
    targetReached(rounds, settings),
    plateau(rounds, settings),
    stable(rounds),
    tooDear(rounds, settings),
  ]
}

type Finding = Pick<StoppingCriterion, 'verdict' | 'reason'>

function budgetSpent(
  rounds: readonly StoppingRound[],
  { budget }: StoppingSettings,
): StoppingCriterion {
  const spent = rounds.at(-1)
  const find = (): Finding => {
    if (budget === undefined || budget.amount <= 0) return off('No budget is set.')
    if (spent === undefined) return unknown('No round is trained yet.')
    const { unit, amount } = budget
    const { name, size } = units[unit]
    const isSpent = (rounded: Rounding) => rounded(spent[unit] / size) >= rounded(amount / size)
    const digits = digitsKeeping(isSpent, 0)
    const of = `${amountText(spent[unit] / size, digits)} of ${amountText(amount / size, digits)} ${name} spent`
    return isSpent(exactly) ? stop(`${of}.`) : goOn(`${of}.`)
  }
  return { id: 'budget', name: 'Budget spent', ...find() }
}

function targetReached(
  rounds: readonly StoppingRound[],
  { targetAp50 }: StoppingSettings,
): StoppingCriterion {
  const last = rounds.at(-1)
  const find = (): Finding => {
    if (targetAp50 === undefined) return off('No target is set.')
    if (last?.ap50 === undefined) return unknown('No round has an AP50 yet.')
    const interval = percentileInterval(last.samples?.ap50 ?? [])
    if (interval === undefined)
      return unknown(`AP50 ${figure(last.ap50)} has no interval: ${needsTest}`)
    const isReached = (rounded: Rounding) => rounded(interval.low) >= rounded(targetAp50)
    const digits = digitsKeeping(isReached)
    const [ap50, low, high, target] = [last.ap50, interval.low, interval.high, targetAp50].map(
      (value) => figure(value, digits),
    )
    const where = `AP50 ${ap50}, 95 % interval ${low} to ${high}; target ${target}`
    return isReached(exactly)
      ? stop(`${where}: even the lower bound reaches it.`)
      : goOn(`${where}: the lower bound is below it.`)
  }
  return { id: 'target', name: 'Target reached', ...find() }
}

function plateau(
  rounds: readonly StoppingRound[],
  { epsilon }: StoppingSettings,
): StoppingCriterion {
  const find = (): Finding => {
    const recent = comparable(rounds, plateauRounds + 1)
    if (recent === undefined) return unknown(needsRounds(plateauRounds + 1))
    const gains = recent.slice(1).map(({ ap50 }, index) => ap50 - (recent[index]?.ap50 ?? 0))
    const interval = gainInterval(recent[0], recent.at(-1))
    if (interval === undefined)
      return unknown(
        `Gains ${gains.map((gain) => signed(gain)).join(' and ')}, but no interval: ${needsTest}`,
      )
    const trendOf = (rounded: Rounding): 'rising' | 'sure' | 'flat' | 'falling' => {
      if (gains.some((gain) => rounded(gain) >= rounded(epsilon))) return 'rising'
      if (rounded(interval.low) > 0) return 'sure'
      return rounded(interval.high) < 0 ? 'falling' : 'flat'
    }
    const digits = digitsKeeping(trendOf)
    const shown = (value: number) => signed(value, digits)
    const limit = figure(epsilon, digits)
    const numbers =
      `Last two rounds gained ${gains.map(shown).join(' and ')} AP50, together ` +
      `${shown(interval.low)} to ${shown(interval.high)}`
    switch (trendOf(exactly)) {
      case 'rising':
        return goOn(`${numbers}; not both are below ${limit}.`)
      case 'sure':
        return goOn(`${numbers}: both below ${limit}, but the interval lies above 0.`)
      case 'flat':
        return stop(`${numbers}: both below ${limit}, and the interval includes 0.`)
      case 'falling':
        return stop(`${numbers}: both below ${limit}, and the interval lies below 0.`)
    }
  }
  return { id: 'plateau', name: 'Plateau', ...find() }
}

function stable(rounds: readonly StoppingRound[]): StoppingCriterion {
  const find = (): Finding => {
    const recent = rounds.slice(-stableRounds).map(({ agreement }) => agreement)
    const known = recent.filter((agreement) => agreement !== undefined)
    if (known.length < stableRounds)
      return unknown(
        `The agreement of ${stableRounds} rounds with the one before each is needed; ${known.length} known.`,
      )
    const isStable = (rounded: Rounding) =>
      known.every((agreement) => rounded(agreement) >= rounded(stableAgreement))
    const digits = digitsKeeping(isStable)
    const limit = figure(stableAgreement, digits)
    const numbers =
      `Boxes of the unlabelled images agree with the round before by ` +
      known.map((agreement) => figure(agreement, digits)).join(', ')
    return isStable(exactly)
      ? stop(`${numbers}: all ${limit} or more.`)
      : goOn(`${numbers}; ${limit} each would be stable.`)
  }
  return { id: 'stable', name: 'Predictions stable', ...find() }
}

function tooDear(
  rounds: readonly StoppingRound[],
  { leastGainPer100 }: StoppingSettings,
): StoppingCriterion {
  const find = (): Finding => {
    if (leastGainPer100 === undefined) return off('No least gain per 100 images is set.')
    const recent = comparable(rounds, plateauRounds + 1)
    const first = recent?.[0]
    const last = recent?.at(-1)
    if (first === undefined || last === undefined) return unknown(needsRounds(plateauRounds + 1))
    if (last.images <= first.images) {
      return unknown(
        'The last two rounds brought no further labelled images, so there is no gain per 100 of them.',
      )
    }
    const images = last.images - first.images
    const gain = ((last.ap50 - first.ap50) / images) * 100
    const isLess = (rounded: Rounding) => rounded(gain) < rounded(leastGainPer100)
    const digits = digitsKeeping(isLess)
    const wanted = figure(leastGainPer100, digits)
    const numbers =
      `The last ${images} images gained ${signed(last.ap50 - first.ap50)} AP50, ` +
      `${signed(gain, digits)} per 100`
    return isLess(exactly)
      ? stop(`${numbers}: less than the ${wanted} they must be worth.`)
      : goOn(`${numbers}; ${wanted} is wanted.`)
  }
  return { id: 'price', name: 'Gain too small', ...find() }
}

interface MeasuredRound extends StoppingRound {
  readonly ap50: number
}

/** The last `count` rounds, if all were measured, and all in the same way: on a test split, on the same labels of it. */
function comparable(
  rounds: readonly StoppingRound[],
  count: number,
): readonly MeasuredRound[] | undefined {
  const recent = rounds
    .slice(-count)
    .flatMap((round) => (round.ap50 === undefined ? [] : [{ ...round, ap50: round.ap50 }]))
  const isAlike = recent.every(
    ({ estimate, samples }) =>
      estimate === recent[0]?.estimate && samples?.key === recent[0]?.samples?.key,
  )
  return recent.length === count && isAlike ? recent : undefined
}

/** Of the gain from one round to another that is comparable to it, over the same samples of the test images. */
function gainInterval(from: MeasuredRound | undefined, to: MeasuredRound | undefined) {
  const before = from?.samples
  const after = to?.samples
  if (before === undefined || after === undefined) return undefined
  if (before.ap50.length !== after.ap50.length) return undefined
  return percentileInterval(after.ap50.map((value, at) => value - (before.ap50[at] ?? 0)))
}

const needsTest =
  'it takes rounds measured on one and the same test split. Label it, and train again.'

function needsRounds(count: number): string {
  return `${count} rounds measured in the same way and on the same test labels are needed.`
}

const stop = (reason: string): Finding => ({ verdict: 'stop', reason })
const goOn = (reason: string): Finding => ({ verdict: 'go-on', reason })
const unknown = (reason: string): Finding => ({ verdict: 'unknown', reason })
const off = (reason: string): Finding => ({ verdict: 'off', reason })

type Rounding = (value: number) => number

const exactly: Rounding = (value) => value

/** After the point. */
const fewestDigits = 3
/** Numbers that are alike up to here differ by rounding errors only: more digits of them would explain nothing. */
const mostDigits = 8

/**
 * The fewest digits after the point to which numbers can be rounded so that comparing them comes out as it does exactly: what
 * is shown must not contradict the verdict.
 */
function digitsKeeping(
  comparison: (rounded: Rounding) => boolean | string,
  fewest = fewestDigits,
): number {
  const outcome = comparison(exactly)
  for (let digits = fewest; digits <= mostDigits; digits++)
    if (comparison(roundingTo(digits)) === outcome) return digits
  return fewest
}

function roundingTo(digits: number): Rounding {
  return (value) => Number(value.toFixed(digits))
}

function figure(value: number, digits = fewestDigits): string {
  return value.toFixed(digits)
}

function signed(value: number, digits = fewestDigits): string {
  return `${value < 0 ? '−' : '+'}${figure(Math.abs(value), digits)}`
}

/** How amounts are shown: what they are called, and how many of the unit make one of it. */
const units: Readonly<Record<BudgetUnit, { readonly name: string; readonly size: number }>> = {
  images: { name: 'images', size: 1 },
  boxes: { name: 'boxes', size: 1 },
  seconds: { name: 'min', size: 60 },
}

function amountText(value: number, digits: number): string {
  return roundingTo(digits)(value).toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
}

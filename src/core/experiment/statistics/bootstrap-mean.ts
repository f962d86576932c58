import type { RandomSource } from '../../random/types'
import { normalTail } from '../../numeric/normal'
import { mean as meanOf, quantile } from '../../numeric/quantiles'
import type { MeanInterval } from '../replay/replay-types'
import { criticalT } from './student-t'

/** Enough that a limit moves by about a hundredth of the interval when drawn anew. */
const resamples = 4000

/** Of fewer values a mean of some drawn with replacement cannot lie far enough out. */
const leastResampled = 5

/** The interval of two values is twelve times as wide as what lies between them: it says nothing. */
const leastValues = 3

/**
 * The mean and its 95 % interval by the bootstrap (Efron 1979): the mean of as many values drawn with replacement, again
 * and again. Between the percentiles 2.5 and 97.5 the interval of a few values is too narrow: of ten it holds the truth in
 * 88 cases of 100, of five in 85. It is expanded as Hesterberg (2015, What teachers should know about the bootstrap)
 * proposes: to the percentiles that would give Student's interval if means were normal. Then it is 94 and 92. The
 * means of fewer than five values do not reach that far: of three and four it is Student's interval itself, of fewer there is
 * none. Undefined for no values.
 */
export function bootstrapMean(
  values: readonly number[],
  random: RandomSource,
): MeanInterval | undefined {
  if (values.length === 0) return undefined
  const mean = meanOf(values)
  if (values.length < leastValues) return { mean, low: undefined, high: undefined }
  if (values.length < leastResampled) return studentInterval(values)
  const means = Array.from({ length: resamples }, () => {
    let sum = 0
    for (let draw = 0; draw < values.length; draw++)
      sum += values[Math.floor(random.next() * values.length)]
    return sum / values.length
  }).sort((a, b) => a - b)
  const tail = expandedTail(values.length)
  return { mean, low: quantile(means, tail), high: quantile(means, 1 - tail) }
}

/** Mean and 95 % interval of values that are taken to be normal (Student 1908). */
function studentInterval(values: readonly number[]): MeanInterval {
  const n = values.length
  const mean = meanOf(values)
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  const half = criticalT(n - 1) * Math.sqrt(variance / n)
  return { mean, low: mean - half, high: mean + half }
}

/**
 * The share of resampled means beyond each limit. The bootstrap draws with the variance of the values, which is the unbiased
 * one times (n - 1) / n, and knows nothing of how uncertain that is.
 */
function expandedTail(n: number): number {
  return normalTail(Math.sqrt(n / (n - 1)) * criticalT(n - 1))
}

/** How unsure, and how much at odds, probabilities are. Everything in nats. */
import { mean } from '../../numeric/quantiles'

/** -p ln p - (1 - p) ln (1 - p): 0 for a sure box, ln 2 at p = 0.5. */
export function binaryEntropy(p: number): number {
  if (p <= 0 || p >= 1) return 0
  return -p * Math.log(p) - (1 - p) * Math.log(1 - p)
}

/**
 * How much the members of a committee disagree on one yes-or-no question: the entropy of their mean minus the mean of
 * their entropies, the mutual information of BALD (Houlsby et al. 2011). 0 where all give the same probability, ln 2
 * where half of them are sure of yes and half of no. 0 without members.
 */
export function committeeDisagreement(memberScores: readonly number[]): number {
  if (memberScores.length === 0) return 0
  const entropy = mean(memberScores.map(binaryEntropy))
  // Rounding must not make agreement negative.
  return Math.max(0, binaryEntropy(mean(memberScores)) - entropy)
}

/**
 * Jensen-Shannon divergence of two distributions over the same outcomes (Lin 1991): 0 where they are equal, ln 2 where
 * they have no outcome in common.
 */
export function jensenShannonDivergence(a: readonly number[], b: readonly number[]): number {
  const middle = a.map((value, outcome) => (value + b[outcome]) / 2)
  return Math.max(0, entropyOf(middle) - (entropyOf(a) + entropyOf(b)) / 2)
}

/**
 * The probabilities of independent sigmoids as a distribution over the classes and, last, the background: what they
 * leave of 1 is background; where they exceed 1 together, they are scaled to 1.
 */
export function classDistribution(probabilities: readonly number[]): number[] {
  const total = probabilities.reduce((sum, p) => sum + p, 0)
  if (total <= 1) return [...probabilities, 1 - total]
  return [...probabilities.map((p) => p / total), 0]
}

function entropyOf(distribution: readonly number[]): number {
  return distribution.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
}

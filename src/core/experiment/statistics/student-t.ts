/** What rounding may leave of figures that are equal, far below any difference that means something. */
const rounding = 1e-12

/**
 * p of the two-sided paired t-test (Student 1908) on differences of figures from 0 to 1; 1 where they are all 0, 0 where
 * they are all the same otherwise, undefined for fewer than two.
 */
export function pairedTTest(differences: readonly number[]): number | undefined {
  const n = differences.length
  if (n < 2) return undefined
  const mean = differences.reduce((sum, value) => sum + value, 0) / n
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1)
  if (variance <= rounding ** 2) return Math.abs(mean) <= rounding ? 1 : 0
  return bothTails((mean * mean * n) / variance, n - 1)
}

/** The t beyond which, on both sides together, 5 % of Student's distribution lie. */
export function criticalT(freedom: number): number {
  let below = 0
  // Of one degree of freedom it is 12.7, and less of more.
  let above = 13
  // Until the two are neighbours, or the same.
  for (let step = 0; step < 60; step++) {
    const middle = (below + above) / 2
    if (bothTails(middle * middle, freedom) > 0.05) below = middle
    else above = middle
  }
  return above
}

/** P(|T| > t) of Student's distribution: Abramowitz & Stegun 26.7.1 with 26.5.27. */
function bothTails(squaredT: number, freedom: number): number {
  return incompleteBeta(freedom / 2, 0.5, freedom / (freedom + squaredT))
}

/**
 * Regularised incomplete beta function I_x(a, b), by the continued fraction of the Digital Library of Mathematical
 * Functions, 8.17.22, evaluated with Lentz's method (Thompson & Barnett 1986).
 * @param x 0..1
 */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0
  if (x >= 1) return 1
  // The fraction converges fast below the mean only; the rest is its mirror image, 8.17.4.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(b, a, 1 - x)
  const logFactor =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)
  return Math.exp(logFactor) / (a * betaFraction(a, b, x))
}

/** 1 + d1 / (1 + d2 / (1 + ...)) of 8.17.22. */
function betaFraction(a: number, b: number, x: number): number {
  const smallest = 1e-300
  const avoidZero = (value: number): number => (Math.abs(value) < smallest ? smallest : value)
  let fraction = 1
  let numerator = 1
  let denominator = 0
  for (let n = 1; n <= 500; n++) {
    const m = n >> 1
    const d =
      n % 2 === 1
        ? (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1))
        : (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m))
    numerator = avoidZero(1 + d / numerator)
    denominator = 1 / avoidZero(1 + d * denominator)
    const change = numerator * denominator
    fraction *= change
    if (Math.abs(change - 1) < 1e-15) break
  }
  return fraction
}

/** Coefficients of Stirling's series, B_2k / (2k (2k - 1)): DLMF 5.11.1. */
const stirling = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360]

/** ln of the gamma function of a number above 0. */
function logGamma(x: number): number {
  // The series is exact to the last digits from 12 on; gamma(x) = gamma(x + 1) / x leads there.
  let shifted = x
  let logProduct = 0
  for (; shifted < 12; shifted++) logProduct += Math.log(shifted)
  const series = stirling.reduce(
    (sum, coefficient, k) => sum + coefficient / shifted ** (2 * k + 1),
    0,
  )
  const base = (shifted - 0.5) * Math.log(shifted) - shifted + Math.log(2 * Math.PI) / 2
  return base + series - logProduct
}

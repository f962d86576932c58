/** Terms of the continued fraction; from z = 1.5 on the last digits are right. */
const terms = 200

/**
 * P(Z > z) of the standard normal distribution, by Laplace's continued fraction (Abramowitz & Stegun 26.2.14).
 * @param z 1.5 or more: below, the fraction converges too slowly
 */
export function normalTail(z: number): number {
  let fraction = z
  for (let term = terms; term >= 1; term--) fraction = z + term / fraction
  return Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) / fraction
}

/** Logistic function. */
export function sigmoid(logit: number): number {
  return 1 / (1 + Math.exp(-logit))
}

/** ln(1 + e^x), without overflow. */
export function softplus(value: number): number {
  return Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value)))
}

/** Probabilities this close to 0 and 1 count as this far away from them: a logarithm needs that. */
const NEAREST = 1e-6

/** Keeps a probability off 0 and 1. */
export function inside(probability: number): number {
  return Math.min(1 - NEAREST, Math.max(NEAREST, probability))
}

/** ln(p / (1 - p)) of a probability kept off 0 and 1, so that it is finite. */
export function logit(probability: number): number {
  const p = inside(probability)
  return Math.log(p / (1 - p))
}

/** Mean of -ln p for what came true and -ln (1 - p) for what did not, in nats, p kept off 0 and 1; 0 of nothing. */
export function logLoss(probabilities: readonly number[], outcomes: readonly boolean[]): number {
  const sum = probabilities.reduce((total, probability, index) => {
    const p = inside(probability)
    return total - Math.log(outcomes[index] ? p : 1 - p)
  }, 0)
  return sum / Math.max(1, probabilities.length)
}

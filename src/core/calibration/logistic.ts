import { sigmoid, softplus } from '../numeric/sigmoid'
import { logit } from '../numeric/probability'
import type { Calibrator } from './types'

type Temperature = Extract<Calibrator, { kind: 'temperature' }>
type Platt = Extract<Calibrator, { kind: 'platt' }>

/** What is fitted to: probabilities and whether each came true, both outcomes among them. */
export interface Outcomes {
  readonly scores: readonly number[]
  readonly correct: readonly boolean[]
}

/** Of the logits: samples that a threshold tells apart would have an infinite slope, scores that mislead a negative one. */
const SLOPE = { min: 0.05, max: 20 }

/**
 * Temperature scaling (Guo et al. 2017): the temperature, from 1/20 to 20, under which the samples are most probable.
 * The loss is convex in the slope 1 / temperature, so it is found by halving the interval of its derivative's sign.
 */
export function fitTemperature({ scores, correct }: Outcomes): Temperature {
  const logits = scores.map(logit)
  const slope = zeroCrossing(SLOPE.min, SLOPE.max, (value) =>
    logits.reduce((sum, z, index) => sum + (sigmoid(value * z) - (correct[index] ? 1 : 0)) * z, 0),
  )
  return { kind: 'temperature', temperature: 1 / slope }
}

/**
 * Platt scaling of the logits: logistic regression towards the targets of Platt 1999, (n+ + 1) / (n+ + 2) for the correct
 * ones and 1 / (n- + 2) for the others, which keep the probabilities off 0 and 1. By Newton's method with a step that is
 * halved until the loss falls (Lin, Lin & Weng 2007). The slope is kept between 0.05 and 20.
 */
export function fitPlatt({ scores, correct }: Outcomes): Platt {
  const logits = scores.map(logit)
  const positives = correct.filter(Boolean).length
  const target = {
    correct: (positives + 1) / (positives + 2),
    wrong: 1 / (correct.length - positives + 2),
  }
  const targets = correct.map((isCorrect) => (isCorrect ? target.correct : target.wrong))
  const { slope, intercept } = newton(logits, targets)
  const bounded = Math.min(SLOPE.max, Math.max(SLOPE.min, slope))
  if (bounded === slope) return { kind: 'platt', slope, intercept }
  // The loss is convex: with the slope at its bound, what is left to find is the intercept.
  const limit = SLOPE.max * logits.reduce((most, z) => Math.max(most, Math.abs(z)), 0) + 40
  const shifted = zeroCrossing(-limit, limit, (value) =>
    logits.reduce((sum, z, index) => sum + sigmoid(bounded * z + value) - targets[index], 0),
  )
  return { kind: 'platt', slope: bounded, intercept: shifted }
}

function newton(
  logits: readonly number[],
  targets: readonly number[],
): { slope: number; intercept: number } {
  const lossAt = (slope: number, intercept: number): number =>
    logits.reduce((sum, z, index) => {
      const f = slope * z + intercept
      return sum + softplus(f) - targets[index] * f
    }, 0)
  let slope = 1
  let intercept = 0
  let loss = lossAt(slope, intercept)
  for (let iteration = 0; iteration < 100; iteration++) {
    const { gradient, hessian } = derivatives(logits, targets, slope, intercept)
    const determinant = hessian.zz * hessian.oo - hessian.zo * hessian.zo
    const step = {
      slope: (hessian.oo * gradient.z - hessian.zo * gradient.o) / determinant,
      intercept: (hessian.zz * gradient.o - hessian.zo * gradient.z) / determinant,
    }
    let size = 1
    let next = lossAt(slope - step.slope, intercept - step.intercept)
    while (next > loss && size > 1e-10) {
      size /= 2
      next = lossAt(slope - size * step.slope, intercept - size * step.intercept)
    }
    if (!(next < loss)) break
    slope -= size * step.slope
    intercept -= size * step.intercept
    loss = next
  }
  return { slope, intercept }
}

/** Of the loss with regard to slope (z) and intercept (o). */
function derivatives(
  logits: readonly number[],
  targets: readonly number[],
  slope: number,
  intercept: number,
) {
  const gradient = { z: 0, o: 0 }
  // A little on the diagonal: logits that are all alike leave the slope free.
  const hessian = { zz: 1e-9, zo: 0, oo: 1e-9 }
  logits.forEach((z, index) => {
    const p = sigmoid(slope * z + intercept)
    const residual = p - targets[index]
    const weight = p * (1 - p)
    gradient.z += residual * z
    gradient.o += residual
    hessian.zz += weight * z * z
    hessian.zo += weight * z
    hessian.oo += weight
  })
  return { gradient, hessian }
}

/** Where a non-decreasing function changes its sign, to the last bit; the nearer end where it does not. */
function zeroCrossing(from: number, to: number, f: (value: number) => number): number {
  let low = from
  let high = to
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (f(middle) < 0) low = middle
    else high = middle
  }
}

import { sigmoid } from './sigmoid'

/** P(outcome) = 1 / (1 + exp(-(intercept + weights . x))). */
export interface LogisticModel {
  readonly intercept: number
  readonly weights: readonly number[]
}

/**
 * Strength of the penalty on the weights of the standardised inputs: with it separable outcomes have finite weights too.
 */
const ridge = 1
const iterations = 50

/**
 * Logistic regression by Newton's method: maximises the log-likelihood minus |w|^2 / 2, w being the weights of the inputs
 * brought to mean 0 and deviation 1; the intercept is not penalised.
 *
 * @param inputs one vector a sample, all of one length; at least one
 * @param outcomes parallel to the inputs; both outcomes must occur
 */
export function fitLogistic(
  inputs: readonly (readonly number[])[],
  outcomes: readonly boolean[],
): LogisticModel {
  const positives = outcomes.filter(Boolean).length
  if (positives === 0 || positives === outcomes.length) {
    throw new RangeError('fitLogistic: all outcomes are the same; both must occur.')
  }
  const size = inputs[0].length
  const means = columnMeans(inputs, size)
  const deviations = columnMeans(
    inputs.map((input) => input.map((value, i) => (value - means[i]) ** 2)),
    size,
  ).map((variance) => (variance > 0 ? Math.sqrt(variance) : 1))
  // The leading 1 belongs to the intercept.
  const rows = inputs.map((input) => [
    1,
    ...input.map((value, i) => (value - means[i]) / deviations[i]),
  ])

  let parameters = [Math.log(positives / (outcomes.length - positives)), ...means.map(() => 0)]
  let loss = penalisedLoss(rows, outcomes, parameters)
  for (let iteration = 0; iteration < iterations; iteration++) {
    const step = newtonStep(rows, outcomes, parameters)
    // Far from the optimum a whole step may overshoot.
    let length = 1
    let next = parameters
    let lower = loss
    while (length > 1e-6) {
      next = parameters.map((value, i) => value - length * step[i])
      lower = penalisedLoss(rows, outcomes, next)
      if (lower <= loss) break
      length /= 2
    }
    if (!(lower < loss)) break
    parameters = next
    loss = lower
  }
  const weights = deviations.map((deviation, i) => parameters[i + 1] / deviation)
  const intercept = parameters[0] - weights.reduce((sum, weight, i) => sum + weight * means[i], 0)
  return { intercept, weights }
}

/** P(outcome) for these inputs. */
export function logisticProbability(
  { intercept, weights }: LogisticModel,
  input: readonly number[],
): number {
  return sigmoid(weights.reduce((sum, weight, i) => sum + weight * input[i], intercept))
}

function columnMeans(rows: readonly (readonly number[])[], size: number): number[] {
  return Array.from({ length: size }, (_, i) => {
    return rows.reduce((sum, row) => sum + row[i], 0) / rows.length
  })
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0)
}

function penalisedLoss(
  rows: readonly (readonly number[])[],
  outcomes: readonly boolean[],
  parameters: readonly number[],
): number {
  const weights = parameters.slice(1)
  return rows.reduce(
    (sum, row, index) => {
      const margin = (outcomes[index] ? 1 : -1) * dot(row, parameters)
      // log(1 + exp(-margin)) without overflow.
      return sum + Math.max(0, -margin) + Math.log1p(Math.exp(-Math.abs(margin)))
    },
    (ridge / 2) * dot(weights, weights),
  )
}

/** Inverse Hessian x gradient of the loss. */
function newtonStep(
  rows: readonly (readonly number[])[],
  outcomes: readonly boolean[],
  parameters: readonly number[],
): number[] {
  const size = parameters.length
  const penalty = parameters.map((_, i) => (i === 0 ? 0 : ridge))
  const gradient = parameters.map((value, i) => penalty[i] * value)
  const hessian = penalty.map((value, i) => penalty.map((_, j) => (i === j ? value : 0)))
  rows.forEach((row, index) => {
    const p = sigmoid(dot(row, parameters))
    for (let i = 0; i < size; i++) {
      gradient[i] += (p - (outcomes[index] ? 1 : 0)) * row[i]
      for (let j = 0; j < size; j++) hessian[i][j] += p * (1 - p) * row[i] * row[j]
    }
  })
  // Where all are certain, p (1 - p) may round to 0.
  hessian[0][0] += 1e-9
  return solve(hessian, gradient)
}

/** Solves a small symmetric positive definite system by Gaussian elimination; `matrix` is overwritten. */
function solve(matrix: number[][], right: readonly number[]): number[] {
  const size = right.length
  const result = [...right]
  for (let i = 0; i < size; i++) {
    for (let row = i + 1; row < size; row++) {
      const factor = matrix[row][i] / matrix[i][i]
      for (let column = i; column < size; column++)
        matrix[row][column] -= factor * matrix[i][column]
      result[row] -= factor * result[i]
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let column = i + 1; column < size; column++)
      result[i] -= matrix[i][column] * result[column]
    result[i] /= matrix[i][i]
  }
  return result
}

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitLogistic, logisticProbability } from '../../../src/core/numeric/logistic-regression'

describe('fitLogistic', () => {
  it('solves a symmetric problem by hand', () => {
    // Inputs -1 and 1 are standardised already, and separable. By symmetry the intercept is 0. The derivative of the loss
    // by w is w - 4 / (1 + e^w) = 0: w = 1.0426, as 4 / (1 + e^1.0426) = 4 / 3.8366.
    const { intercept, weights } = fitLogistic([[-1], [-1], [1], [1]], [false, false, true, true])
    expect(intercept).toBeCloseTo(0, 9)
    expect(weights[0]).toBeCloseTo(1.0426, 4)
  })

  it('gives the share of positives where the inputs tell nothing', () => {
    const model = fitLogistic([[5], [5], [5], [5]], [true, false, true, true])
    expect(logisticProbability(model, [5])).toBeCloseTo(0.75, 9)
    expect(logisticProbability(model, [99])).toBeCloseTo(0.75, 9)
  })

  it('does not depend on the units of the inputs', () => {
    const inputs = [
      [0.1, 3],
      [0.4, 1],
      [0.35, 8],
      [0.8, 2],
      [0.9, 9],
    ]
    const outcomes = [false, false, true, false, true]
    const scaled = fitLogistic(
      inputs.map(([a, b]) => [1000 * a + 7, b / 50]),
      outcomes,
    )
    const model = fitLogistic(inputs, outcomes)
    for (const [a, b] of inputs) {
      expect(logisticProbability(scaled, [1000 * a + 7, b / 50])).toBeCloseTo(
        logisticProbability(model, [a, b]),
        9,
      )
    }
  })

  it('ends where no step lowers the penalised loss', () => {
    const anySamples = fc
      .array(
        fc.tuple(fc.integer({ min: -5, max: 5 }), fc.integer({ min: 0, max: 30 }), fc.boolean()),
        { minLength: 2, maxLength: 30 },
      )
      .filter((samples) => new Set(samples.map(([, , outcome]) => outcome)).size === 2)
    fc.assert(
      fc.property(anySamples, (samples) => {
        const inputs = samples.map(([a, b]) => [a, b])
        const { intercept, weights } = fitLogistic(
          inputs,
          samples.map(([, , outcome]) => outcome),
        )
        // Gradients from the definition: by the intercept, and by the weight of each standardised input.
        const residuals = samples.map(
          ([a, b, outcome]) =>
            logisticProbability({ intercept, weights }, [a, b]) - (outcome ? 1 : 0),
        )
        const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0)
        expect(sum(residuals)).toBeCloseTo(0, 5)
        for (const column of [0, 1]) {
          const values = inputs.map((input) => input[column])
          const mean = sum(values) / values.length
          const deviation = Math.sqrt(
            sum(values.map((value) => (value - mean) ** 2)) / values.length,
          )
          if (deviation === 0) continue
          const slope = sum(
            residuals.map((residual, i) => (residual * (values[i] - mean)) / deviation),
          )
          expect(slope + weights[column] * deviation).toBeCloseTo(0, 5)
        }
      }),
    )
  })

  it('refuses samples of one outcome', () => {
    expect(() => fitLogistic([[1], [2]], [true, true])).toThrow('both must occur')
  })
})

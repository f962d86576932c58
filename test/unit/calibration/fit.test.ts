import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CategoryId } from '../../../src/core/dataset/types'
import { calibrateProbability } from '../../../src/core/calibration/calibrate'
import { fitCalibration } from '../../../src/core/calibration/fit'
import { fitIsotonic } from '../../../src/core/calibration/isotonic'
import { fitPlatt, fitTemperature } from '../../../src/core/calibration/logistic'
import { logLoss } from '../../../src/core/numeric/probability'
import type { CalibrationSample } from '../../../src/core/calibration/types'

const [cat, dog] = ['cat', 'dog'] as [CategoryId, CategoryId]

/** `right` correct and `wrong` wrong samples of one score. */
const at = (score: number, right: number, wrong: number, categoryId = cat): CalibrationSample[] =>
  Array.from({ length: right + wrong }, (_, index) => ({
    categoryId,
    score,
    correct: index < right,
    iou: index < right ? 0.8 : 0,
  }))

const outcomes = (samples: readonly CalibrationSample[]) => ({
  scores: samples.map(({ score }) => score),
  correct: samples.map(({ correct }) => correct),
})

describe('fitTemperature', () => {
  it('is 2 where 90 % comes true three times in four, and 10 % once: ln 9 / ln 3', () => {
    const { temperature } = fitTemperature(outcomes([...at(0.9, 3, 1), ...at(0.1, 1, 3)]))
    expect(temperature).toBeCloseTo(2, 12)
  })

  it('finds the minimum that a golden-section search of the loss over the temperature finds', () => {
    const scores = [0.9, 0.8, 0.95, 0.7, 0.6, 0.99, 0.3, 0.2]
    const correct = [1, 0, 1, 1, 0, 1, 0, 1].map((value) => value === 1)
    const calibrator = fitTemperature({ scores, correct })
    expect(calibrator.temperature).toBeCloseTo(1.911957, 5)
    const calibrated = scores.map((score) => calibrateProbability(calibrator, score))
    expect(logLoss(calibrated, correct)).toBeCloseTo(0.5740874991, 9)
    expect(logLoss(scores, correct)).toBeCloseTo(0.6269025738, 9)
  })

  it('stays between 1/20 and 20 where the samples would have it 0 or negative', () => {
    const separable = fitTemperature(outcomes([...at(0.9, 4, 0), ...at(0.1, 0, 4)]))
    expect(separable.temperature).toBeCloseTo(1 / 20, 12)
    const misleading = fitTemperature(outcomes([...at(0.9, 0, 4), ...at(0.1, 4, 0)]))
    expect(misleading.temperature).toBeCloseTo(20, 9)
  })
})

describe('fitPlatt', () => {
  it('has the slope ln(25/7) / ln 9 where 24 of 30 at 90 % and 6 of 30 at 10 % come true', () => {
    // Targets 31/32 and 1/32; their mean at 90 % is (24 * 31 + 6) / (30 * 32) = 25/32.
    const { slope, intercept } = fitPlatt(outcomes([...at(0.9, 24, 6), ...at(0.1, 6, 24)]))
    expect(slope).toBeCloseTo(Math.log(25 / 7) / Math.log(9), 7)
    expect(intercept).toBeCloseTo(0, 7)
  })

  it('agrees with L-BFGS on the same loss', () => {
    const scores = Array.from({ length: 60 }, (_, index) => (index + 0.5) / 60)
    const correct = scores.map((score, index) => (index * 7) % 10 < 10 * score ** 2)
    const { slope, intercept } = fitPlatt({ scores, correct })
    expect(slope).toBeCloseTo(0.84271055, 6)
    expect(intercept).toBeCloseTo(-0.46361849, 6)
  })

  it('keeps a rising slope where the scores mislead, with the right share of correct ones', () => {
    const samples = [...at(0.9, 10, 40), ...at(0.1, 40, 10)]
    const calibrator = fitPlatt(outcomes(samples))
    expect(calibrator.slope).toBe(0.05)
    const low = calibrateProbability(calibrator, 0.1)
    const high = calibrateProbability(calibrator, 0.9)
    expect(high).toBeGreaterThan(low)
    expect((low + high) / 2).toBeCloseTo(0.5, 10)
  })
})

describe('fitIsotonic', () => {
  const correct = [0, 1, 0, 1, 1].map((value) => value === 1)
  const calibrator = fitIsotonic({ scores: [0.1, 0.2, 0.3, 0.4, 0.5], correct })

  it('pools neighbours that descend, and keeps off certainty: 1/7 and 6/7 with five samples', () => {
    expect(calibrator.points).toEqual([
      { score: 0.1, probability: 1 / 7 },
      { score: 0.2, probability: 1 / 2 },
      { score: 0.3, probability: 1 / 2 },
      { score: 0.4, probability: 1 - 1 / 7 },
      { score: 0.5, probability: 1 - 1 / 7 },
    ])
  })

  it('is linear between samples and flat beyond them', () => {
    expect(calibrateProbability(calibrator, 0.15)).toBeCloseTo((1 / 7 + 1 / 2) / 2, 12)
    expect(calibrateProbability(calibrator, 0.25)).toBe(1 / 2)
    expect(calibrateProbability(calibrator, 0)).toBe(1 / 7)
    expect(calibrateProbability(calibrator, 1)).toBe(1 - 1 / 7)
  })

  it('equals the min-max formula, whatever the samples', () => {
    const anySamples = fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), fc.boolean()), {
      minLength: 1,
      maxLength: 40,
    })
    fc.assert(
      fc.property(anySamples, (pairs) => {
        const scores = pairs.map(([tenth]) => tenth / 12)
        const hits = pairs.map(([, hit]) => hit)
        const fitted = fitIsotonic({ scores, correct: hits })
        const distinct = [...new Set(scores)].sort((a, b) => a - b)
        const share = (from: number, to: number) => {
          const own = hits.filter((_, i) => scores[i] >= from && scores[i] <= to)
          return own.filter(Boolean).length / own.length
        }
        // Barlow et al. 1972: max over lower ends of min over upper ends of the mean in between.
        for (const score of distinct) {
          const lower = distinct.filter((other) => other <= score)
          const upper = distinct.filter((other) => other >= score)
          const exact = Math.max(
            ...lower.map((from) => Math.min(...upper.map((to) => share(from, to)))),
          )
          const least = 1 / (pairs.length + 2)
          expect(calibrateProbability(fitted, score)).toBeCloseTo(
            Math.min(1 - least, Math.max(least, exact)),
            12,
          )
        }
      }),
    )
  })
})

describe('fitCalibration', () => {
  const kinds = (samples: readonly CalibrationSample[]) =>
    fitCalibration(samples, [cat, dog]).categories.map(({ calibrator }) => calibrator.kind)

  it('takes a temperature from 6 samples, Platt from 50 and isotonic regression from 500', () => {
    expect(kinds([...at(0.8, 3, 2)])).toEqual(['identity', 'identity'])
    expect(kinds([...at(0.8, 3, 3)])).toEqual(['temperature', 'identity'])
    expect(kinds([...at(0.8, 25, 24), ...at(0.8, 30, 20, dog)])).toEqual(['temperature', 'platt'])
    expect(kinds([...at(0.8, 250, 249), ...at(0.8, 300, 200, dog)])).toEqual(['platt', 'isotonic'])
  })

  it('takes isotonic regression only with 50 correct and 50 wrong ones', () => {
    const few = [...at(0.6, 49, 400), ...at(0.7, 0, 100, dog), ...at(0.8, 450, 0, dog)]
    expect(kinds([...few, ...at(0.3, 0, 100)])).toEqual(['platt', 'isotonic'])
    expect(kinds([...few, ...at(0.3, 1, 100)])).toEqual(['isotonic', 'isotonic'])
    expect(kinds([...at(0.8, 500, 30), ...at(0.6, 0, 19)])[0]).toBe('platt')
  })

  it('leaves a category with one outcome as it is, and says what it was fitted on', () => {
    expect(fitCalibration([...at(0.8, 60, 0), ...at(0.3, 0, 60, dog)], [cat, dog])).toEqual({
      categories: [
        { categoryId: cat, calibrator: { kind: 'identity' }, samples: 60, correct: 60 },
        { categoryId: dog, calibrator: { kind: 'identity' }, samples: 60, correct: 0 },
      ],
    })
  })

  it('leaves out samples of a category that is not listed', () => {
    const { categories } = fitCalibration([...at(0.8, 4, 4), ...at(0.8, 4, 4, dog)], [dog])
    expect(categories.map(({ categoryId, samples }) => [categoryId, samples])).toEqual([[dog, 8]])
  })

  const anySamples = fc
    .tuple(
      fc.constantFrom(10, 60, 510),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean()), {
        minLength: 1,
        maxLength: 30,
      }),
    )
    .map(([count, pairs]) =>
      Array.from({ length: count }, (_, index): CalibrationSample => {
        const [score, correct] = pairs[index % pairs.length]
        return { categoryId: cat, score, correct, iou: correct ? 0.8 : 0 }
      }),
    )

  it('is never less probable on its own samples than their scores are', () => {
    fc.assert(
      fc.property(anySamples, (samples) => {
        const { scores, correct } = outcomes(samples)
        const [{ calibrator }] = fitCalibration(samples, [cat]).categories
        const calibrated = scores.map((score) => calibrateProbability(calibrator, score))
        expect(logLoss(calibrated, correct)).toBeLessThanOrEqual(logLoss(scores, correct) + 1e-12)
      }),
    )
  })

  it('never turns the order of two scores round, and gives probabilities', () => {
    fc.assert(
      fc.property(
        anySamples,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 20 }),
        (samples, asked) => {
          const [{ calibrator }] = fitCalibration(samples, [cat]).categories
          const ascending = asked.sort((a, b) => a - b)
          const calibrated = ascending.map((score) => calibrateProbability(calibrator, score))
          calibrated.forEach((probability, index) => {
            expect(probability).toBeGreaterThanOrEqual((calibrated[index - 1] ?? 0) - 1e-15)
            expect(probability).toBeLessThanOrEqual(1)
          })
        },
      ),
    )
  })

  it('survives JSON', () => {
    const calibration = fitCalibration([...at(0.6, 300, 200), ...at(0.8, 30, 30, dog)], [cat, dog])
    expect(JSON.parse(JSON.stringify(calibration))).toEqual(calibration)
  })
})

import { describe, expect, it } from 'vitest'
import type { CategoryId } from '../../../src/core/dataset/types'
import {
  detectionCalibrationError,
  localisationAwareCalibrationError,
  reliabilityDiagram,
} from '../../../src/core/calibration/reliability'
import type { CalibrationSample } from '../../../src/core/calibration/types'

const [cat, dog] = ['cat', 'dog'] as [CategoryId, CategoryId]
const sample = (score: number, iou: number, categoryId = cat): CalibrationSample => ({
  categoryId,
  score,
  correct: iou > 0,
  iou,
})

describe('reliabilityDiagram', () => {
  it('gives mean score, precision and IoU of each bin; a score of 1 is in the last', () => {
    const bins = reliabilityDiagram([sample(0.6, 0.8), sample(0.5, 0), sample(1, 0.5)], 4)
    expect(bins).toEqual([
      {
        from: 0,
        to: 0.25,
        count: 0,
        meanScore: undefined,
        precision: undefined,
        meanIou: undefined,
      },
      {
        from: 0.25,
        to: 0.5,
        count: 0,
        meanScore: undefined,
        precision: undefined,
        meanIou: undefined,
      },
      { from: 0.5, to: 0.75, count: 2, meanScore: 0.55, precision: 0.5, meanIou: 0.4 },
      { from: 0.75, to: 1, count: 1, meanScore: 1, precision: 1, meanIou: 0.5 },
    ])
  })
})

describe('calibration errors', () => {
  // 0.9 comes true once in two, 0.2 never: gaps 0.4 and 0.2, in two of three and one of three detections.
  const cats = [sample(0.9, 0.8), sample(0.9, 0), sample(0.2, 0)]

  it('D-ECE weighs the gap between score and precision by the detections of a bin', () => {
    expect(detectionCalibrationError(cats)).toBeCloseTo((2 / 3) * 0.4 + (1 / 3) * 0.2, 12)
  })

  it('LaECE compares with precision times IoU, and averages the categories', () => {
    // Cats: 0.9 against 0.5 * 0.8 = 0.4, and 0.2 against 0. The one dog: 0.7 against 0.6.
    const ofCats = (2 / 3) * 0.5 + (1 / 3) * 0.2
    expect(localisationAwareCalibrationError(cats)).toBeCloseTo(ofCats, 12)
    const withDog = [...cats, sample(0.7, 0.6, dog)]
    expect(localisationAwareCalibrationError(withDog)).toBeCloseTo((ofCats + 0.1) / 2, 12)
  })

  it('is 0 for scores that say what comes true', () => {
    const honest = [sample(0.75, 1), sample(0.75, 1), sample(0.75, 1), sample(0.75, 0)]
    expect(detectionCalibrationError(honest)).toBe(0)
    expect(localisationAwareCalibrationError(honest)).toBe(0)
  })

  it('is undefined without detections', () => {
    expect(detectionCalibrationError([])).toBeUndefined()
    expect(localisationAwareCalibrationError([])).toBeUndefined()
  })
})

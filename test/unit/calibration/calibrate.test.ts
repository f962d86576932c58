import { describe, expect, it } from 'vitest'
import type { CategoryId } from '../../../src/core/dataset/types'
import { calibrateDetections } from '../../../src/core/calibration/calibrate'
import { calibrationSamples } from '../../../src/core/calibration/samples'
import type { Calibration } from '../../../src/core/calibration/types'
import type { Detection } from '../../../src/core/detection/types'
import type { TruthBox } from '../../../src/core/evaluation/types'
import type { Box } from '../../../src/core/geometry/box'
import { box, cat, dog, truth } from '../../helpers/boxes'

const found = (categoryId: CategoryId, b: Box, score: number): Detection => ({
  categoryId,
  box: b,
  score,
  classProbabilities: categoryId === cat ? [score, 0.2] : [0.2, score],
  memberScores: [score, 0.5],
})

describe('calibrationSamples', () => {
  const judge = (detections: Detection[], objects: TruthBox[]) =>
    calibrationSamples([{ detections, truth: objects }])

  it('gives an object to the best-scored detection that overlaps it by half or more', () => {
    // 8 of 10 pixels wide: IoU 0.8; 5 of 10: 0.5, enough; 4 of 10: 0.4, too little.
    const detections = [
      found(cat, box(0), 0.6),
      found(cat, box(0, 8), 0.9),
      found(cat, box(100, 5), 0.5),
      found(cat, box(200, 4), 0.4),
    ]
    const objects = [truth(cat, box(0)), truth(cat, box(100)), truth(cat, box(200))]
    expect(judge(detections, objects)).toEqual([
      { categoryId: cat, score: 0.6, correct: false, iou: 0 },
      { categoryId: cat, score: 0.9, correct: true, iou: 0.8 },
      { categoryId: cat, score: 0.5, correct: true, iou: 0.5 },
      { categoryId: cat, score: 0.4, correct: false, iou: 0 },
    ])
  })

  it('does not take an object of another category', () => {
    expect(judge([found(dog, box(0), 0.9)], [truth(cat, box(0))])).toEqual([
      { categoryId: dog, score: 0.9, correct: false, iou: 0 },
    ])
  })

  it('leaves out what lies in a crowd region, unless an object is there', () => {
    const crowd = truth(cat, box(0, 100), true)
    const detections = [found(cat, box(0), 0.9), found(cat, box(20), 0.8)]
    expect(judge(detections, [crowd, truth(cat, box(20))])).toEqual([
      { categoryId: cat, score: 0.8, correct: true, iou: 1 },
    ])
  })
})

describe('calibrateDetections', () => {
  const calibration: Calibration = {
    categories: [
      {
        categoryId: cat,
        calibrator: { kind: 'temperature', temperature: 2 },
        samples: 10,
        correct: 5,
      },
      {
        categoryId: dog,
        calibrator: {
          kind: 'isotonic',
          points: [
            { score: 0, probability: 0.1 },
            { score: 1, probability: 0.5 },
          ],
        },
        samples: 500,
        correct: 100,
      },
    ],
  }

  it("maps score and member scores by the detection's category, class probabilities by theirs", () => {
    // Odds of 9 become odds of 3; dogs are 0.1 + 0.4 p.
    const [first, second] = calibrateDetections(calibration, [
      found(cat, box(0), 0.9),
      found(dog, box(20), 0.6),
    ])
    expect(first.score).toBeCloseTo(0.75, 12)
    expect(first.classProbabilities[0]).toBe(first.score)
    expect(first.classProbabilities[1]).toBeCloseTo(0.18, 12)
    expect(first.memberScores[0]).toBe(first.score)
    expect(first.memberScores[1]).toBeCloseTo(0.5, 12)
    expect(second.score).toBeCloseTo(0.34, 12)
    // Odds of 1/4 become odds of 1/2.
    expect(second.classProbabilities[0]).toBeCloseTo(1 / 3, 12)
    expect(second.memberScores).toEqual([second.score, 0.1 + 0.5 * 0.4])
    expect([first.box, second.box]).toEqual([box(0), box(20)])
  })

  it('refuses detections of a head with other categories', () => {
    const cow = 'cow' as CategoryId
    expect(() => calibrateDetections(calibration, [found(cow, box(0), 0.9)])).toThrow(
      /category cow .* the categories cat, dog/,
    )
    const one = { ...found(cat, box(0), 0.9), classProbabilities: [0.9] }
    expect(() => calibrateDetections(calibration, [one])).toThrow(/1 class probabilities/)
  })
})

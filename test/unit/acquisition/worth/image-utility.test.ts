import { describe, expect, it } from 'vitest'
import { classEntropy, imageUtilities } from '../../../../src/core/acquisition/worth/image-utility'
import {
  contextOf,
  detection,
  labeledWith,
  platelets,
  rbc,
} from '../../../helpers/acquisition-evidence'

describe('classEntropy', () => {
  it('is the entropy of the classes over the largest possible', () => {
    // (0.6 ln(1/0.6) + 2 x 0.2 ln 5) / ln 3 = (0.306495 + 0.643775) / 1.098612
    expect(classEntropy([0.6, 0.2, 0.2])).toBeCloseTo(0.864973, 5)
    expect(classEntropy([0.3, 0.1, 0.1])).toBeCloseTo(0.864973, 5)
    expect(classEntropy([0.2, 0.2, 0.2, 0.2])).toBeCloseTo(1, 12)
    expect(classEntropy([0.9, 0, 0])).toBe(0)
    expect(classEntropy([0, 0])).toBe(0)
  })

  it('is that of object or not for a single class', () => {
    expect(classEntropy([0.5])).toBe(1)
    // 0.325083 / 0.693147
    expect(classEntropy([0.9])).toBeCloseTo(0.468996, 5)
  })
})

describe('imageUtilities', () => {
  const twoClasses = [0.4, 0, 0.4]
  const context = contextOf(
    {
      // Class entropy ln 2 / ln 3 x score 0.4, twice; RBC is labelled in one image: rarity 1/2.
      reds: {
        detections: [
          detection(0.4, rbc, { classProbabilities: twoClasses }),
          detection(0.4, rbc, { classProbabilities: twoClasses }),
        ],
      },
      // The same once, of a class without a label: rarity 1. The members disagree as much as they can.
      platelets: {
        detections: [
          detection(0.4, platelets, { classProbabilities: twoClasses, memberScores: [0, 1] }),
        ],
      },
      sure: { detections: [detection(0.9)] },
      // Below the threshold, however doubtful.
      faint: { detections: [detection(0.09, rbc, { classProbabilities: [0.09, 0.09, 0.09] })] },
      absent: { detections: undefined },
    },
    { known: labeledWith(rbc) },
  )
  const utilities = (utility: string, parameters = {}) => [
    ...imageUtilities(context.unlabeled, context, { utility, threshold: 0.1, ...parameters }),
  ]

  it('ranks by class entropy x score x rarity', () => {
    // 2 x 0.4 x 1/2 equals 1 x 0.4 x 1: ranks 4 and 5 shared; the others 0, ranks 1 to 3 shared.
    expect(utilities('class-entropy')).toEqual([0.9, 0.9, 0.4, 0.4, 0.4])
  })

  it('ranks by disagreement, and by entropy', () => {
    expect(utilities('disagreement')).toEqual([0.5, 1, 0.5, 0.5, 0.5])
    // 2 H(0.4) > H(0.4) > H(0.9) > 0
    expect(utilities('entropy')).toEqual([1, 0.8, 0.6, 0.3, 0.3])
  })

  it('mixes the ranks of class entropy and disagreement in equal parts', () => {
    const mixed = [0.7, 0.95, 0.45, 0.45, 0.45]
    expect(utilities('mixed')).toEqual(mixed.map((value) => expect.closeTo(value, 12) as number))
  })

  it('is 1 for all where nothing but variety counts', () => {
    expect(utilities('none')).toEqual([1, 1, 1, 1, 1])
  })
})

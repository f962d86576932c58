import { describe, expect, it } from 'vitest'
import { fitLogistic, logisticProbability } from '../../../../src/core/numeric/logistic-regression'
import { fitTruePositives } from '../../../../src/core/acquisition/worth/true-positives'
import type { LabeledEvidence } from '../../../../src/core/acquisition/types'
import type { CategoryId, ImageId } from '../../../../src/core/dataset/types'
import { detection, rbc, wbc } from '../../../helpers/acquisition-evidence'

interface Seen {
  readonly score: number
  readonly support: number
  readonly isTrue: boolean
  readonly categoryId?: CategoryId
}

/** An image a sample: one detection, and an object there or 100 pixels away. */
function labeled(samples: readonly Seen[], crowd = false): LabeledEvidence[] {
  return samples.map(({ score, support, isTrue, categoryId = rbc }, index) => ({
    imageId: `i${index}` as ImageId,
    detections: undefined,
    truth: [{ categoryId, crowd, box: { x: isTrue ? 0 : 100, y: 0, width: 10, height: 10 } }],
    outOfFold: { detections: [detection(score, categoryId)], support: [support] },
  }))
}

const samples: Seen[] = [
  { score: 0.9, support: 9, isTrue: true },
  { score: 0.8, support: 7, isTrue: true },
  { score: 0.7, support: 2, isTrue: false },
  { score: 0.4, support: 6, isTrue: true },
  { score: 0.3, support: 1, isTrue: false },
  { score: 0.2, support: 3, isTrue: false },
]

describe('fitTruePositives', () => {
  it('is the logistic regression of right or wrong on score and support', () => {
    const model = fitLogistic(
      samples.map(({ score, support }) => [score, support]),
      samples.map(({ isTrue }) => isTrue),
    )
    const probabilityOf = fitTruePositives(labeled(samples))
    expect(probabilityOf(rbc, 0.5, 4)).toBe(logisticProbability(model, [0.5, 4]))
    // The better supported of equal scores is the surer one.
    expect(probabilityOf(rbc, 0.5, 8)).toBeGreaterThan(probabilityOf(rbc, 0.5, 1))
  })

  it('gives a class with fewer than 6 samples, or one outcome, the model of all classes together', () => {
    const five = samples.slice(0, 5).map((sample) => ({ ...sample, categoryId: wbc }))
    const all = [...samples, ...five]
    const pooled = fitLogistic(
      all.map(({ score, support }) => [score, support]),
      all.map(({ isTrue }) => isTrue),
    )
    const probabilityOf = fitTruePositives(labeled(all))
    expect(probabilityOf(wbc, 0.5, 4)).toBeCloseTo(logisticProbability(pooled, [0.5, 4]), 9)
    expect(probabilityOf('c-new' as CategoryId, 0.5, 4)).toBe(probabilityOf(wbc, 0.5, 4))
    expect(probabilityOf(rbc, 0.5, 4)).not.toBeCloseTo(probabilityOf(wbc, 0.5, 4), 3)

    const right = Array.from({ length: 7 }, (_, index) => ({
      ...samples[0],
      score: 0.9 - index / 100,
      categoryId: wbc,
    }))
    const mixed = fitTruePositives(labeled([...samples, ...right]))
    expect(mixed(wbc, 0.5, 4)).toBe(mixed('c-new' as CategoryId, 0.5, 4))
  })

  it('falls back on the score', () => {
    expect(fitTruePositives([])(rbc, 0.37, 4)).toBe(0.37)
    expect(fitTruePositives(labeled(samples.slice(0, 5)))(rbc, 0.37, 4)).toBe(0.37)
    const right = labeled(Array<Seen>(8).fill(samples[0]))
    expect(fitTruePositives(right)(rbc, 0.37, 4)).toBe(0.37)
  })

  it('leaves out what falls on a crowd region', () => {
    // With the crowds left out only the three wrong ones remain.
    expect(fitTruePositives(labeled(samples, true))(rbc, 0.37, 4)).toBe(0.37)
  })

  it('counts a second box on an object as wrong, the surer one as right', () => {
    const two = labeled([samples[0]]).map((image) => ({
      ...image,
      // The less sure one first: it is the score that counts, not the order.
      outOfFold: { detections: [detection(0.6), detection(0.8)], support: [2, 5] },
    }))
    const six = [0, 1, 2].flatMap(() => two)
    const model = fitLogistic(
      [0, 1, 2].flatMap(() => [
        [0.8, 5],
        [0.6, 2],
      ]),
      [0, 1, 2].flatMap(() => [true, false]),
    )
    expect(fitTruePositives(six)(rbc, 0.7, 3)).toBeCloseTo(logisticProbability(model, [0.7, 3]), 9)
  })
})

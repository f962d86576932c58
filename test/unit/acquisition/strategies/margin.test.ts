import { describe, expect, it } from 'vitest'
import { marginStrategy } from '../../../../src/core/acquisition/strategies/margin'
import type { ParameterValues } from '../../../../src/core/acquisition/types'
import type { Detection } from '../../../../src/core/detection/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import { contextOf, detection, platelets, rbc, wbc } from '../../../helpers/acquisition-evidence'

const scoreOf = (detections: readonly Detection[], parameters: ParameterValues = {}) =>
  marginStrategy.select(contextOf({ i: { detections } }), 1, parameters, seededRandom(1))[0]

const seen = (categoryId: typeof rbc, ...classProbabilities: readonly number[]) =>
  detection(Math.max(...classProbabilities), categoryId, { classProbabilities })

describe('margin', () => {
  // 1 - (0.6 - 0.5) = 0.9, 1 - (0.9 - 0.05) = 0.15, 1 - (0.3 - 0.05) = 0.75; the last is below the threshold.
  const found = [
    seen(rbc, 0.9, 0.05, 0),
    seen(wbc, 0.5, 0.6, 0.1),
    seen(rbc, 0.3, 0.05, 0.05),
    seen(rbc, 0.09, 0.08, 0.08),
  ]

  it.each([
    ['sum', 1.8],
    ['mean', 0.6],
    ['max', 0.9],
    ['top-k', 1.65],
  ])('aggregates 1 - (p1 - p2) by %s', (aggregation, expected) => {
    expect(scoreOf(found, { aggregation, k: 2 }).score).toBeCloseTo(expected, 12)
  })

  it('is 1 - p1 where there is one class only', () => {
    const context = contextOf(
      { i: { detections: [detection(0.7, rbc, { classProbabilities: [0.7] })] } },
      {},
      { categories: [rbc] },
    )
    const [pick] = marginStrategy.select(context, 1, {}, seededRandom(1))
    expect(pick.score).toBeCloseTo(0.3, 12)
    expect(pick.reason).toBe('0 of 1 box undecided, closest: RBC 0.70, margin score 0.30')
  })

  it('asks for the box that could be of either class before the sure one', () => {
    const context = contextOf({
      sure: { detections: [seen(rbc, 0.6, 0.1, 0)] },
      torn: { detections: [seen(rbc, 0.6, 0.55, 0)] },
    })
    const picks = marginStrategy.select(context, 2, {}, seededRandom(1))
    expect(picks.map(({ imageId }) => imageId)).toEqual(['torn', 'sure'])
  })

  it('says between which classes it cannot decide', () => {
    expect(scoreOf(found).reason).toBe(
      '2 of 3 boxes undecided, closest: WBC 0.60 or RBC 0.50, margin score 1.80',
    )
    expect(scoreOf(found, { aggregation: 'max' }).reason).toContain('margin score (max) 0.90')
  })

  it('takes the probabilities for those of the classes that the model knows', () => {
    const context = contextOf(
      { i: { detections: [seen(wbc, 0.5, 0.6)] } },
      {},
      { judgedCategories: [rbc, wbc], categories: [platelets, rbc, wbc] },
    )
    const [pick] = marginStrategy.select(context, 1, {}, seededRandom(1))
    expect(pick.score).toBeCloseTo(0.9, 12)
    expect(pick.reason).toContain('closest: WBC 0.60 or RBC 0.50')
  })

  it('scores 0 without boxes and without prediction', () => {
    expect(scoreOf([])).toMatchObject({ score: 0, reason: 'no box with a score of 0.1 or more' })
    const blind = contextOf({ i: { detections: undefined } })
    expect(marginStrategy.select(blind, 1, {}, seededRandom(1))[0]).toMatchObject({
      score: 0,
      reason: 'no prediction of this image yet',
    })
  })
})

import { describe, expect, it } from 'vitest'
import { baldStrategy } from '../../../../src/core/acquisition/strategies/bald'
import type { ParameterValues } from '../../../../src/core/acquisition/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import { contextOf, detection, rbc, type Evidence } from '../../../helpers/acquisition-evidence'

const scoreOf = (evidence: Evidence, parameters: ParameterValues = {}) =>
  baldStrategy.select(contextOf({ i: evidence }), 1, parameters, seededRandom(1))[0]

const seenBy = (...answers: readonly (readonly number[])[]): Evidence => ({
  detections: [],
  peaks: answers.map((memberScores) => ({ categoryId: rbc, memberScores })),
})

describe('BALD', () => {
  // H(0.42) - H(0.9) = 0.680292 - 0.325083 = 0.355209
  const split = [0.9, 0.9, 0.1, 0.1, 0.1]
  // H(0.18) - H(0.9) / 5 = 0.471393 - 0.065017 = 0.406377
  const lone = [0.9, 0, 0, 0, 0]
  // The heads agree that they do not know: 0.
  const unsure = [0.5, 0.5, 0.5, 0.5, 0.5]
  // Nobody gives it 0.1.
  const faint = [0.09, 0, 0, 0, 0]
  const evidence = seenBy(split, lone, unsure, faint)

  it.each([
    ['sum', 0.761586],
    ['mean', 0.253862],
    ['max', 0.406377],
    ['top-k', 0.406377],
  ])('aggregates what the heads disagree on by %s', (aggregation, expected) => {
    expect(scoreOf(evidence, { aggregation, k: 1 }).score).toBeCloseTo(expected, 5)
  })

  it('counts a box that a minority sees, though no detection of the committee stands there', () => {
    expect(scoreOf(seenBy(lone)).score).toBeCloseTo(0.406377, 5)
    expect(scoreOf(seenBy(lone)).score).toBeGreaterThan(scoreOf(seenBy(split)).score)
  })

  it('says on how much the heads disagree', () => {
    expect(scoreOf(evidence).reason).toBe(
      'the 5 heads disagree on 2 of 3 boxes (2 seen by a minority), disagreement 0.76',
    )
    expect(scoreOf(seenBy([0.9, 0.9, 0.2]), { aggregation: 'max' }).reason).toMatch(
      /^the 3 heads disagree on 1 of 1 box, disagreement \(max\) 0\.\d\d$/,
    )
  })

  it('takes the peaks of the mean where those of the heads are not known', () => {
    const detections = [detection(0.5, rbc, { memberScores: [0.9, 0.1] })]
    // H(0.5) - H(0.9)
    expect(scoreOf({ detections }).score).toBeCloseTo(0.368064, 6)
    expect(scoreOf({ detections, peaks: [] }).score).toBe(0)
  })

  it('scores 0 with a single head, without boxes and without prediction, and says which', () => {
    expect(scoreOf(seenBy([0.5]))).toMatchObject({
      score: 0,
      reason: 'a single head cannot disagree with itself on 1 box, disagreement 0.00',
    })
    expect(scoreOf(seenBy(faint))).toMatchObject({
      score: 0,
      reason: 'no head sees a box with a score of 0.1 or more',
    })
    expect(scoreOf({ detections: undefined })).toMatchObject({
      score: 0,
      reason: 'no prediction of this image yet',
    })
  })
})

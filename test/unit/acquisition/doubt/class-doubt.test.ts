import { describe, expect, it } from 'vitest'
import { classDoubts, confusionShare } from '../../../../src/core/acquisition/doubt/class-doubt'
import { contextOf, detection, objectAt, rbc, wbc } from '../../../helpers/acquisition-evidence'

describe('confusionShare', () => {
  const truth = [objectAt(0, rbc), objectAt(1, wbc), objectAt(2, wbc)]
  const judgedOn = (detections: ReturnType<typeof detection>[]) =>
    confusionShare(
      contextOf(
        {},
        { known: { detections: undefined, truth, outOfFold: { detections, support: [] } } },
      ),
    )

  /**
   * RBC was taken for WBC, one WBC was found, the other was missed. Before: RBC 0, WBC a precision of 1/2 at 51 of 101
   * recall points. With its class mended: RBC 1, WBC 51/101. Without the missed one: RBC 0, WBC 1/2.
   */
  it('is the gain from mending classes over that from mending each kind', () => {
    const before = (0 + 51 / 202) / 2
    const confused = (1 + 51 / 101) / 2 - before
    const missed = (0 + 1 / 2) / 2 - before
    const share = judgedOn([
      detection(0.9, wbc, { box: truth[0].box }),
      detection(0.8, wbc, { box: truth[1].box }),
    ])
    expect(share).toBeCloseTo(confused / (confused + missed), 12)
    expect(share).toBeCloseTo(0.834983, 6)
  })

  it('is 1 where classes alone are wrong', () => {
    const swapped = [wbc, rbc, rbc].map((id, index) =>
      detection(0.9, id, { box: truth[index].box }),
    )
    expect(judgedOn(swapped)).toBe(1)
  })

  it('is 0 where they are right, and where nothing was judged', () => {
    expect(judgedOn([detection(0.9, rbc, { box: truth[0].box })])).toBe(0)
    const found = truth.map(({ box, categoryId }) => detection(0.9, categoryId, { box }))
    expect(judgedOn(found)).toBe(0)
    expect(confusionShare(contextOf({}, { known: { detections: undefined, truth } }))).toBe(0)
    expect(confusionShare(contextOf({}))).toBe(0)
  })
})

describe('classDoubts', () => {
  const seen = (...classProbabilities: readonly number[]) =>
    detection(Math.max(...classProbabilities), rbc, { classProbabilities })

  it('is the sum of 1 - (p1 - p2) over the seconds to label the image', () => {
    // 0.9 + 0.75, in 7 + 7 x (0.6 + 0.3) = 13.3 s
    const context = contextOf({
      torn: { detections: [seen(0.5, 0.6, 0.1), seen(0.3, 0.05, 0.05)] },
    })
    const [torn] = classDoubts(context.unlabeled, context, 0.1)
    expect(torn.score).toBeCloseTo(1.65 / 13.3, 12)
    expect(torn.reason).toBe(
      '2 of 2 boxes undecided, closest: WBC 0.60 or RBC 0.50; about 13 s to label',
    )
  })

  it('prefers one doubtful box to a crowd with as much doubt', () => {
    const context = contextOf({
      one: { detections: [seen(0.5, 0.5, 0)] },
      crowd: { detections: Array.from({ length: 10 }, () => seen(0.95, 0.05, 0)) },
    })
    const scores = classDoubts(context.unlabeled, context, 0.1).map(({ score }) => score)
    expect(scores[0]).toBeCloseTo(1 / 10.5, 12)
    expect(scores[1]).toBeCloseTo(1 / 73.5, 12)
  })

  it('takes a faint box for doubtful, as class margin does', () => {
    // 0.9 in 7.7 s against 1 in 10.5 s.
    const context = contextOf({
      faint: { detections: [seen(0.1, 0, 0)] },
      torn: { detections: [seen(0.5, 0.5, 0)] },
    })
    const [faint, torn] = classDoubts(context.unlabeled, context, 0.1)
    expect(faint.score).toBeCloseTo(0.9 / 7.7, 12)
    expect(faint.score).toBeGreaterThan(torn.score)
  })

  it('leaves out images without a box that counts', () => {
    const context = contextOf({
      faint: { detections: [seen(0.09, 0.08, 0)] },
      empty: { detections: [] },
      unseen: { detections: undefined },
    })
    expect(classDoubts(context.unlabeled, context, 0.1)).toEqual([])
  })
})

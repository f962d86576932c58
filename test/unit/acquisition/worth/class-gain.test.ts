import { describe, expect, it } from 'vitest'
import { classGains, imageGains } from '../../../../src/core/acquisition/worth/class-gain'
import {
  contextOf,
  detection,
  labeledWith,
  platelets,
  rbc,
  wbc,
} from '../../../helpers/acquisition-evidence'

describe('classGains', () => {
  it('is error / (1 + objects), the error of a class mixed with that of all', () => {
    // Of two RBC one is found: recall 0.5 at precision 1, so AP50 = 51 / 101. The WBC is found: 1. No platelets: undefined.
    const seen = { ...labeledWith(rbc), outOfFold: { detections: [detection(0.9)], support: [1] } }
    const missed = { ...labeledWith(rbc), outOfFold: { detections: [], support: [] } }
    const white = {
      ...labeledWith(wbc),
      outOfFold: { detections: [detection(0.8, wbc)], support: [1] },
    }
    const gains = classGains(contextOf({}, { seen, missed, white }))
    // Mean error (50/101 + 0) / 2 = 25/101.
    const mean = 25 / 101
    expect(gains.get(rbc)).toEqual({
      objects: 2,
      ap50: expect.closeTo(51 / 101, 9),
      gain: expect.closeTo((2 * (50 / 101) + 5 * mean) / 7 / 3, 9),
    })
    expect(gains.get(wbc)).toEqual({
      objects: 1,
      ap50: expect.closeTo(1, 9),
      gain: expect.closeTo((5 * mean) / 6 / 2, 9),
    })
    expect(gains.get(platelets)).toEqual({
      objects: 0,
      ap50: undefined,
      gain: expect.closeTo(mean, 9),
    })
  })

  it('trusts a precision by the objects that it was measured on', () => {
    const found = { detections: [detection(0.9)], support: [1] }
    const gains = classGains(
      contextOf(
        {},
        {
          judged: { ...labeledWith(rbc), outOfFold: found },
          missed: { ...labeledWith(wbc), outOfFold: { detections: [], support: [] } },
          imported: labeledWith(...Array.from({ length: 9 }, () => rbc)),
        },
      ),
    )
    // AP50 1 on one RBC, 0 on one WBC: mean error 1/2; of RBC (1 x 0 + 5 x 1/2) / 6, of ten objects.
    expect(gains.get(rbc)?.gain).toBeCloseTo(5 / 12 / 11, 9)
    expect(gains.get(wbc)?.gain).toBeCloseTo(7 / 12 / 2, 9)
  })

  it('counts objects alone where nothing was judged, crowd regions aside', () => {
    const crowd = labeledWith(wbc)
    const gains = classGains(
      contextOf(
        {},
        {
          a: labeledWith(rbc, rbc, rbc),
          b: { ...crowd, truth: crowd.truth.map((box) => ({ ...box, crowd: true })) },
        },
      ),
    )
    expect([rbc, wbc, platelets].map((id) => gains.get(id)?.gain)).toEqual([1 / 4, 1, 1])
  })
})

describe('imageGains', () => {
  const gains = new Map([
    [rbc, { objects: 9, ap50: 0.5, gain: 1 }],
    [wbc, { objects: 1, ap50: 0.5, gain: 4 }],
  ])
  const worthOf = (images: Readonly<Record<string, ReturnType<typeof detection>[]>>) => {
    const { unlabeled } = contextOf(
      Object.fromEntries(Object.entries(images).map(([id, detections]) => [id, { detections }])),
    )
    return imageGains(unlabeled, gains, 0.1)
  }

  it('is the mean gain of the expected boxes and an average one, relative to the pool', () => {
    // Expected boxes 2, 1 and 0; their gains 2 x 1 and 0.5 x 1 + 0.5 x 4 = 2.5; of the pool 4.5 / 3 = 1.5 each.
    const [common, rare, empty] = worthOf({
      common: [detection(1), detection(1)],
      rare: [detection(0.5), detection(0.5, wbc)],
      empty: [],
    })
    expect(common).toEqual({ worth: expect.closeTo((2 / 1.5 + 1) / 3, 9), category: rbc })
    expect(rare).toEqual({ worth: expect.closeTo((2.5 / 1.5 + 1) / 2, 9), category: wbc })
    expect(empty).toEqual({ worth: 1, category: undefined })
  })

  it('says nothing for a crowded image as such', () => {
    const [few, many] = worthOf({
      few: [detection(0.9)],
      many: Array.from({ length: 20 }, () => detection(0.9)),
    })
    expect(few.worth).toBeCloseTo(1, 9)
    expect(many.worth).toBeCloseTo(1, 9)
  })

  it('is 1 for all where there is but one class, or nothing left to gain', () => {
    const { unlabeled } = contextOf({
      few: { detections: [detection(0.4)] },
      many: { detections: [detection(0.9), detection(0.8)] },
    })
    for (const gain of [0.3, 0]) {
      const single = new Map([[rbc, { objects: 2, ap50: 1, gain }]])
      const worths = imageGains(unlabeled, single, 0.1).map(({ worth }) => worth)
      expect(worths).toEqual([expect.closeTo(1, 12), expect.closeTo(1, 12)])
    }
  })

  it('leaves out boxes below the threshold, and is 1 for all where nothing is expected', () => {
    const [faint, none] = worthOf({ faint: [detection(0.09, wbc)], none: [] })
    expect([faint.worth, none.worth]).toEqual([1, 1])
  })

  it('takes a box whose score is no number for none', () => {
    const sure = detection(0.9)
    const broken = { seen: [sure, detection(NaN, wbc)], other: [detection(0.5, wbc)] }
    expect(worthOf(broken)).toEqual(worthOf({ ...broken, seen: [sure] }))
    for (const { worth } of worthOf(broken)) expect(worth).toSatisfy(Number.isFinite)
  })
})

import { describe, expect, it } from 'vitest'
import { classGains, imageGains } from '../../../src/core/acquisition/class-gain'
import {
  contextOf,
  detection,
  labeledWith,
  platelets,
  rbc,
  wbc,
} from '../../helpers/acquisition-evidence'

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
  const gainsOf = (
    images: Readonly<Record<string, ReturnType<typeof detection>[] | undefined>>,
  ) => {
    const { unlabeled } = contextOf(
      Object.fromEntries(Object.entries(images).map(([id, detections]) => [id, { detections }])),
    )
    return imageGains(unlabeled, gains)
  }

  it('is the sum of gain x sqrt(objects) over the classes and a quarter of the mean, relative to the mean', () => {
    // 1 x sqrt(4) = 2; 0.5 x 1 + 1.5 ^ 0.5 x 4 = 5.398979; 0. Mean 2.466326.
    const [common, rare, empty] = gainsOf({
      common: Array.from({ length: 4 }, () => detection(1)),
      rare: [detection(0.5), detection(1, wbc), detection(0.5, wbc)],
      empty: [],
    })
    expect(common).toEqual({ gain: expect.closeTo((2 / 2.466326 + 0.25) / 1.25, 6), category: rbc })
    expect(rare).toEqual({
      gain: expect.closeTo((5.398979 / 2.466326 + 0.25) / 1.25, 6),
      category: wbc,
    })
    expect(empty).toEqual({ gain: 0.2, category: undefined })
  })

  it('counts less than one expected object as its probability', () => {
    const [faint, sure] = gainsOf({ faint: [detection(0.25)], sure: [detection(0.75)] })
    // Mean 0.5; the root of 0.25 would be 0.5.
    expect(faint.gain).toBeCloseTo((0.5 + 0.25) / 1.25, 9)
    expect(sure.gain).toBeCloseTo((1.5 + 0.25) / 1.25, 9)
  })

  it('counts two of one class less than twice', () => {
    const [alike, different] = gainsOf({
      alike: [detection(1, wbc), detection(1, wbc)],
      different: [detection(1, wbc), detection(1)],
    })
    // sqrt(2) x 4 = 5.66 against 4 + 1: the scarce class counts four times, but twice the same less than that.
    const mean = (Math.SQRT2 * 4 + 5) / 2
    expect(alike.gain).toBeCloseTo((Math.SQRT2 * 4) / mean / 1.25 + 0.2, 9)
    expect(different.gain).toBeCloseTo(5 / mean / 1.25 + 0.2, 9)
  })

  it('takes an image that was not looked at for an average one', () => {
    const [unseen, one, two] = gainsOf({
      unseen: undefined,
      one: [detection(1)],
      two: [detection(1), detection(1, wbc)],
    })
    expect(unseen).toEqual({ gain: 1, category: undefined })
    expect((one.gain + two.gain) / 2).toBeCloseTo(1, 12)
  })

  it('is 1 for all where nothing is left to gain, or nothing expected', () => {
    const { unlabeled } = contextOf({
      few: { detections: [detection(0.4)] },
      many: { detections: [detection(0.9), detection(0.8)] },
    })
    const single = new Map([[rbc, { objects: 2, ap50: 1, gain: 0 }]])
    expect(imageGains(unlabeled, single).map(({ gain }) => gain)).toEqual([1, 1])
    expect(gainsOf({ none: [], neither: [] }).map(({ gain }) => gain)).toEqual([1, 1])
  })
})

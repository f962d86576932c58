import { describe, expect, it } from 'vitest'
import { enmsStrategy } from '../../../../src/core/acquisition/strategies/enms'
import type { AcquisitionContext, ParameterValues } from '../../../../src/core/acquisition/types'
import type { CategoryId } from '../../../../src/core/dataset/types'
import type { Detection } from '../../../../src/core/detection/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import {
  contextOf,
  detection,
  labeledWith,
  platelets,
  rbc,
  wbc,
  type Evidence,
} from '../../../helpers/acquisition-evidence'

/** An image with these boxes, each with its feature. */
function image(...boxes: readonly (readonly [Detection, readonly number[]])[]): Evidence {
  const features = new Map(boxes.map(([found, feature]) => [found, Float32Array.from(feature)]))
  return {
    detections: boxes.map(([found]) => found),
    boxFeatures: (given) => given.flatMap((found) => features.get(found) ?? []),
  }
}

const select = (context: AcquisitionContext, size: number, parameters: ParameterValues = {}) =>
  enmsStrategy.select(context, size, parameters, seededRandom(1))

describe('ENMS', () => {
  it('sums the entropies of the boxes that do not look alike', () => {
    // The box at 0.8 looks like the one at 0.5 (cosine 0.6) and goes: H(0.5) + H(0.9) = 0.693147 + 0.325083. Two
    // boxes of different classes may look alike: + H(0.4) = 0.673012. The last is below the threshold.
    const found = image(
      [detection(0.9), [0, 1]],
      [detection(0.8), [3, 4]],
      [detection(0.5), [1, 0]],
      [detection(0.4, wbc), [1, 0]],
      [detection(0.05), [-1, -1]],
    )
    const [pick] = select(contextOf({ found }), 1)
    expect(pick.score).toBeCloseTo(1.691242, 6)
    expect(pick.reason).toBe('entropy 1.69 of 3 boxes without 1 that look alike')
    // The cosine of the boxes at 0.9 and 0.8 is 0.8, which is not above 0.8: + H(0.8) = 0.500402
    const [all] = select(contextOf({ found }), 1, { 'box-similarity': 0.8 })
    expect(all.score).toBeCloseTo(2.191644, 6)
  })

  it('passes over an image that looks like one already picked', () => {
    const context = contextOf({
      best: image([detection(0.5), [1, 0]]),
      // cosine 0.8 to the first, H(0.6) = 0.673012
      twin: image([detection(0.6), [4, 3]]),
      // H(0.7) = 0.610864
      other: image([detection(0.7), [0, 1]]),
    })
    const picks = select(context, 2)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['best', 'other'])
    expect(picks[1].reason).toBe(
      'entropy 0.61 of 1 box; cosine of its RBC to those picked before 0.00',
    )
    expect(select(context, 2, { 'image-similarity': 0.85 })[1].imageId).toBe('twin')
  })

  it('fills the batch with look-alikes when nothing else is left', () => {
    const context = contextOf({
      best: image([detection(0.5), [1, 0]]),
      twin: image([detection(0.6), [4, 3]]),
      empty: image(),
      absent: { detections: undefined },
    })
    const picks = select(context, 9)
    expect(picks.map(({ imageId }) => imageId).slice(0, 2)).toEqual(['best', 'twin'])
    expect(picks[1].reason).toBe(
      'entropy 0.67 of 1 box; cosine of its RBC to those picked before 0.80; fills the batch although similar',
    )
    expect(new Set(picks.slice(2))).toEqual(
      new Set([
        { imageId: 'empty', score: 0, reason: 'no box with a score of 0.1 or more' },
        { imageId: 'absent', score: 0, reason: 'no prediction of this image yet' },
      ]),
    )
  })

  it('keeps part of the batch for the classes with the fewest labelled boxes', () => {
    // Of three classes 0.5 x 3 = 1 is a minority, platelets (0 boxes against 2 and 1); of a batch of 4 three images
    // are kept for it. Entropies fall from p1 to r3; r4's box is too faint to show the class.
    const plain = (score: number) => ({ detections: [detection(score)] })
    const rare = (score: number) => ({ detections: [detection(score, platelets)] })
    const context = contextOf(
      {
        p1: plain(0.5),
        p2: plain(0.51),
        p3: plain(0.52),
        r1: rare(0.6),
        r2: rare(0.7),
        r4: rare(0.25),
      },
      { l1: labeledWith(rbc, rbc, wbc) },
    )
    const picks = select(context, 4)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['p1', 'r1', 'r2', 'p2'])
    expect(picks[1].reason).toBe(
      'entropy 0.67 of 1 box; shows Platelets, rare with 0 boxes labelled',
    )
    expect(picks[3].reason).toBe('entropy 0.69 of 1 box; fills room that was kept for rare classes')
    const free = select(context, 4, { 'minority-budget': 0 })
    expect(free.map(({ imageId }) => imageId)).toEqual(['p1', 'p2', 'p3', 'r1'])
  })

  it('takes classes with equally few boxes for minorities alike, none where all have as many', () => {
    const context = contextOf(
      {
        red: { detections: [detection(0.5)] },
        white: { detections: [detection(0.6, wbc)] },
        blue: { detections: [detection(0.7, platelets)] },
      },
      { l1: labeledWith(rbc) },
    )
    // Three images are kept, for white and blue: none is free for the red one, though it leads.
    const all = { 'minority-budget': 1 }
    expect(select(context, 3, all).map(({ imageId }) => imageId)).toEqual(['white', 'blue', 'red'])
    const even = { ...context, labeled: [] }
    expect(select(even, 3, all).map(({ imageId }) => imageId)).toEqual(['red', 'white', 'blue'])
  })

  describe('of a batch kept for more minority classes than it can serve evenly', () => {
    const rare = (score: number, categoryId: CategoryId): Evidence => ({
      detections: [detection(score, categoryId)],
    })
    const shares = { 'minority-budget': 0.5, 'minority-share': 0.7 }

    it('keeps nothing for one that no image shows', () => {
      const pool = {
        p1: rare(0.5, rbc),
        p2: rare(0.51, rbc),
        r1: rare(0.6, platelets),
        r2: rare(0.7, platelets),
      }
      // WBC and platelets are minorities with 0 boxes against 1; no image shows WBC, so both that are kept are for platelets.
      const context = contextOf(pool, { l1: labeledWith(rbc) })
      const picks = select(context, 4, shares).map(({ imageId, reason }) => `${imageId}: ${reason}`)
      expect(picks.slice(2)).toEqual([
        'r1: entropy 0.67 of 1 box; shows Platelets, rare with 0 boxes labelled',
        'r2: entropy 0.61 of 1 box; shows Platelets, rare with 0 boxes labelled',
      ])
      // Where none is shown nothing is kept.
      const common = contextOf({ p1: pool.p1, p2: pool.p2 }, { l1: labeledWith(rbc) })
      expect(select(common, 2, shares)[1].reason).toBe('entropy 0.69 of 1 box')
    })

    it('leaves it to the seed which one is served', () => {
      const pool = {
        p1: rare(0.5, rbc),
        p2: rare(0.51, rbc),
        white: rare(0.6, wbc),
        blue: rare(0.6, platelets),
      }
      const context = contextOf(pool, { l1: labeledWith(rbc) })
      const served = Array.from({ length: 40 }, (_, seed) => {
        const [first, second] = enmsStrategy.select(context, 2, shares, seededRandom(seed))
        expect(first.imageId).toBe('p1')
        return second.imageId
      })
      // The chance that 40 fair draws out of 2 give but one is 2 / 2^40.
      expect(new Set(served)).toEqual(new Set(['white', 'blue']))
    })
  })

  it('is the sum of entropies without features', () => {
    const context = contextOf({
      two: { detections: [detection(0.5), detection(0.5)] },
      one: { detections: [detection(0.5)] },
    })
    const picks = select(context, 2)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['two', 'one'])
    // 2 ln 2
    expect(picks[0].score).toBeCloseTo(1.386294, 6)
    expect(picks[0].reason).toBe('entropy 1.39 of 2 boxes')
  })
})

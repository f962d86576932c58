import { describe, expect, it } from 'vitest'
import { difficultyWeights, ppalStrategy } from '../../../../src/core/acquisition/strategies/ppal'
import type { Detection } from '../../../../src/core/detection/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import {
  contextOf,
  detection,
  labeledWith,
  platelets,
  rbc,
  wbc,
} from '../../../helpers/acquisition-evidence'

const pick = (context: ReturnType<typeof contextOf>, size: number, parameters = {}) =>
  ppalStrategy.select(context, size, parameters, seededRandom(1))

/** An image with one RBC of this score, whose features point where the angle says. */
const image = (score: number, degrees: number, rest: Partial<Detection> = {}) => {
  const angle = (degrees * Math.PI) / 180
  return {
    detections: [detection(score, rbc, rest)],
    boxFeatures: (found: readonly Detection[]) =>
      found.map(() => Float32Array.of(Math.cos(angle), Math.sin(angle))),
  }
}

describe('difficulty weights', () => {
  it('grow with what the model misses and misplaces', () => {
    const shifted = { x: 0, y: 0, width: 10, height: 8 }
    const labeled = {
      // Two RBC, the second far off: one found with 0.8 at IoU 1, one not. q = 0.8^0.6 / 2 = 0.874690 / 2.
      a: {
        detections: [detection(0.8)],
        truth: [
          ...labeledWith(rbc).truth,
          { categoryId: rbc, box: { x: 99, y: 0, width: 10, height: 10 }, crowd: false },
        ],
      },
      // A WBC found with 1 at IoU 0.8: q = 0.8^0.4 = 0.914610.
      b: { detections: [detection(1, wbc, { box: shifted })], truth: labeledWith(wbc).truth },
    }
    const weights = difficultyWeights(contextOf({}, labeled))
    // e^(1/0.3) - 1 = 27.031625. 1 + 0.06 ln(1 + 27.031625 x 0.562655) = 1 + 0.06 x 2.785596
    expect(weights.get(rbc)).toBeCloseTo(1.167136, 5)
    // 1 + 0.06 ln(1 + 27.031625 x 0.085390) = 1 + 0.06 x 1.196413
    expect(weights.get(wbc)).toBeCloseTo(1.071785, 5)
    // Never seen: 1 + 0.06 / 0.3.
    expect(weights.get(platelets)).toBeCloseTo(1.2, 12)
  })

  it('leave out labelled images that were not predicted', () => {
    // Of the RBC that was looked for q = 0.8^0.6 = 0.874690: 1 + 0.06 ln(1 + 27.031625 x 0.125310) = 1 + 0.06 x 1.478724
    const labeled = {
      found: { detections: [detection(0.8)], truth: labeledWith(rbc).truth },
      imported: labeledWith(rbc, wbc),
    }
    const weights = difficultyWeights(contextOf({}, labeled))
    expect(weights.get(rbc)).toBeCloseTo(1.088723, 5)
    // The WBC was not looked for: as good as none.
    expect(weights.get(wbc)).toBeCloseTo(1.2, 12)
  })

  it('are 1 for a class found perfectly', () => {
    const labeled = { a: { detections: [detection(1)], truth: labeledWith(rbc).truth } }
    expect(difficultyWeights(contextOf({}, labeled)).get(rbc)).toBe(1)
  })
})

describe('ppal', () => {
  it('picks, of the most uncertain, those whose objects look least like labelled ones', () => {
    const known = { known: { ...labeledWith(rbc), ...image(1, 0) } }
    const context = contextOf(
      {
        // As candidates count the two of the highest entropy: 0.5 and 0.4. At 180 degrees the distance would be 2.
        near: image(0.5, 60),
        far: image(0.4, 90),
        sure: image(0.95, 180),
      },
      known,
    )
    // 1 - cos 90 = 1, 1 - cos 60 = 0.5. Of the RBC found with 1 at IoU 1 the weight is 1: entropy H(0.4) = 0.673.
    expect(pick(context, 1, { candidates: 2 })).toEqual([
      {
        imageId: 'far',
        score: expect.closeTo(1, 6) as number,
        reason:
          'entropy 0.67 over 1 box; objects of a class look unlike those labelled or picked: distance 1.00 of 2',
      },
    ])
    expect(pick(context, 1)[0].imageId).toBe('sure')
    // With far (90 degrees) in, near (60) is 1 - cos 30 = 0.134 from it.
    const [, second] = pick(context, 2, { candidates: 1 })
    expect(second.imageId).toBe('near')
    expect(second.score).toBeCloseTo(1 - Math.cos(Math.PI / 6), 6)
  })

  it('starts with the most uncertain where nothing is labelled', () => {
    const picks = pick(contextOf({ a: image(0.9, 0), b: image(0.5, 10), c: image(0.8, 170) }), 2)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['b', 'c'])
    expect(picks[0].score).toBe(2)
    // Nothing is labelled, so every class is hard: 1.2 ln 2.
    expect(picks[0].reason).toBe('entropy 0.83 over 1 box, the most of all')
  })

  it('counts every box that the entropy is summed over, also those too many to be compared', () => {
    const crowded = {
      ...image(0.5, 0),
      detections: Array.from({ length: 40 }, () => detection(0.5)),
    }
    const faint = { ...crowded, detections: [...crowded.detections, detection(0.01)] }
    // 40 x 1.2 ln 2; what is below the lowest score of a box is in neither.
    expect(pick(contextOf({ faint }), 1)[0].reason).toBe(
      'entropy 33.27 over 40 boxes, the most of all',
    )
  })

  it('refuses a share of a candidate as such, not as a batch size', () => {
    expect(() => pick(contextOf({ a: image(0.5, 0) }), 5, { candidates: 1.5 })).toThrow(
      "Candidates is '1.5'; give a whole number from 1 to 20.",
    )
  })

  it('lets difficulty decide between equal entropies', () => {
    const known = { known: { detections: [detection(1)], truth: labeledWith(rbc).truth } }
    const context = contextOf(
      { red: { detections: [detection(0.5)] }, white: { detections: [detection(0.5, wbc)] } },
      known,
    )
    expect(pick(context, 1, { candidates: 1 })[0].imageId).toBe('white')
  })

  it('takes images whose boxes cannot be compared after those that can, by entropy', () => {
    const context = contextOf({
      plain: { detections: [detection(0.5)] },
      fainter: { detections: [detection(0.1)] },
      absent: { detections: undefined },
      seen: image(0.9, 0),
    })
    const picks = pick(context, 4)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['seen', 'plain', 'fainter', 'absent'])
    expect(picks[1].reason).toBe('its boxes cannot be compared')
    expect(picks[3].reason).toBe('no prediction of this image yet')
  })

  it('takes images without boxes last, however unlike the others they are', () => {
    const known = { known: { ...labeledWith(rbc), ...image(1, 0) } }
    // There is room for 4 x 2 candidates and more. An image without boxes is 2 from a labelled one, the others 0 and 0.134.
    const context = contextOf(
      {
        empty: { ...image(0.5, 0), detections: [] },
        faint: image(0.01, 90),
        absent: { detections: undefined },
        plain: { detections: [detection(0.5)] },
        same: image(0.5, 0),
        near: image(0.9, 30),
      },
      known,
    )
    expect(pick(context, 2).map(({ imageId }) => imageId)).toEqual(['near', 'same'])
    const picks = pick(context, 6)
    expect(picks.map(({ imageId }) => imageId).slice(0, 3)).toEqual(['near', 'same', 'plain'])
    const reasons = picks.map(({ imageId, score, reason }) => `${imageId} ${score}: ${reason}`)
    expect(new Set(reasons.slice(3))).toEqual(
      new Set([
        'empty 0: no box with a score of 0.05 or more',
        'faint 0: no box with a score of 0.05 or more',
        'absent 0: no prediction of this image yet',
      ]),
    )
  })
})

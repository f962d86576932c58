import { describe, expect, it } from 'vitest'
import { palScores } from '../../../../src/core/acquisition/worth/pal-score'
import { palStrategy } from '../../../../src/core/acquisition/strategies/pal'
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

const pick = (context: ReturnType<typeof contextOf>, size: number, parameters = {}) =>
  palStrategy.select(context, size, parameters, seededRandom(1))

describe('pal', () => {
  // Nothing out of fold: P(true positive) is the score. Labelled are 3 RBC and 1 WBC.
  const known = { known: labeledWith(rbc, rbc, rbc, wbc) }
  const context = contextOf(
    {
      reds: { detections: [detection(0.9), detection(0.5)] },
      white: { detections: [detection(0.6, wbc), detection(0.05, wbc)] },
    },
    known,
  )

  it('scores by mean entropy and rarity', () => {
    // Expected: 1.4 RBC, 0.6 WBC. r = 1 - (3/4 + 0.7)/2 = 0.275, 1 - (1/4 + 0.3)/2 = 0.725, 1.
    const { images, rarity } = palScores(context.unlabeled, context, 0.1)
    expect(rarity.get(rbc)).toBeCloseTo(0.275, 12)
    expect(rarity.get(wbc)).toBeCloseTo(0.725, 12)
    expect(rarity.get(platelets)).toBe(1)
    // reds: mean H = (0.325083 + 0.693147) / 2 = 0.509115; 0.9 x 0.509115 + 0.04 x (0.275 x 0.509115 + 0.275)
    expect(images[0].entropy).toBeCloseTo(0.509115, 6)
    expect(images[0].score).toBeCloseTo(0.474804, 5)
    // white: H(0.6) = 0.673012; 0.9 x 0.673012 + 0.04 x (0.725 x 0.673012 + 0.725)
    expect(images[1].score).toBeCloseTo(0.654228, 5)
    expect(images.map(({ boxes, category }) => [boxes, category])).toEqual([
      [2, rbc],
      [1, wbc],
    ])
  })

  it('takes a box whose score is no number for none', () => {
    const broken = contextOf(
      {
        reds: { detections: [detection(0.9), detection(0.5), detection(NaN, platelets)] },
        white: { detections: [detection(NaN), detection(0.6, wbc)] },
      },
      known,
    )
    const scores = palScores(broken.unlabeled, broken, 0.1)
    expect(scores).toEqual(palScores(context.unlabeled, context, 0.1))
    for (const { score } of scores.images) expect(score).toSatisfy(Number.isFinite)
  })

  it('picks by score, and says what it counts for', () => {
    const picks = pick(context, 2)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['white', 'reds'])
    // Nothing is like an image of which no features are known: + 0.02.
    expect(picks[0].score).toBeCloseTo(0.674228, 5)
    expect(picks[1].score).toBeCloseTo(0.494804, 5)
    expect(picks[0].reason).toBe(
      'unsure whether its boxes are right: mean entropy 0.67 of at most 0.69 over 1 box; counted for WBC',
    )
  })

  it('fits right and wrong to the labelled images', () => {
    // Boxes with a support of 1 were wrong, others right, whatever the score.
    const sample = (support: number, isTrue: boolean) => ({
      ...labeledWith(),
      truth: isTrue ? labeledWith(rbc).truth : [],
      outOfFold: { detections: [detection(0.5)], support: [support] },
    })
    const labeled = Object.fromEntries(
      [1, 9, 1, 9, 1, 9, 1, 9].map((support, index) => [
        `l${index}`,
        sample(support, support === 9),
      ]),
    )
    const image = (support: number) => ({ detections: [detection(0.5)], support: [support] })
    const [first] = pick(contextOf({ a: image(1), b: image(5), c: image(9) }, labeled), 1)
    expect(first.imageId).toBe('b')
  })

  it('shares the batch out among the classes that images count for, the rare ones first', () => {
    const image = (score: number, categoryId = rbc): Evidence => ({
      detections: [detection(score, categoryId)],
    })
    const pool = contextOf({
      r1: image(0.5),
      r2: image(0.51),
      r3: image(0.52),
      sure: image(0.9, wbc),
      surer: image(0.95, wbc),
    })
    // Expected are 1.53 RBC and 1.85 WBC, r = 1 - 0.453 / 2 = 0.774 and 1 - 0.547 / 2 = 0.726, in sum 1.5. Platelets are
    // rarer, 1, but no image counts for them. Of 4 picks RBC get 2.06, WBC 1.94: 2 each, though its images are by far the
    // surest.
    expect(pick(pool, 4).map(({ imageId }) => imageId)).toEqual(['r1', 'r2', 'sure', 'surer'])
    // Of 3 they get 1.55 and 1.45: 2 and 1.
    expect(pick(pool, 3).map(({ imageId }) => imageId)).toEqual(['r1', 'r2', 'sure'])
  })

  it('leaves it to the seed who gets what is left of the batch', () => {
    const pool = contextOf({
      red: { detections: [detection(0.5)] },
      white: { detections: [detection(0.5, wbc)] },
      blue: { detections: [detection(0.5, platelets)] },
    })
    const firsts = Array.from({ length: 40 }, (_, seed) => {
      const [first] = palStrategy.select(pool, 1, {}, seededRandom(seed))
      return first.imageId
    })
    // The chance that 40 fair draws out of 3 miss an image is 3 x (2/3)^40 = 3e-7.
    expect(new Set(firsts).size).toBe(3)
  })

  it('prefers, of equal images, those unlike the ones picked', () => {
    const image = (...feature: number[]): Evidence => ({
      detections: [detection(0.5)],
      feature: Float32Array.from(feature),
    })
    // Standardised to corners of a square: opposite corners have the cosine -1, which counts as 0, and equal ones 1.
    const pool = contextOf({
      a: image(1, 1),
      twin: image(1, 1),
      opposite: image(-1, -1),
      other: image(-1, -1),
    })
    const picks = pick(pool, 4)
    const sides = picks.map(({ imageId }) => (['a', 'twin'].includes(imageId) ? 'here' : 'there'))
    expect(sides[0]).not.toBe(sides[1])
    // r of RBC: 1 - (0 + 1) / 2. 0.9 ln 2 + 0.04 (0.5 ln 2 + 0.5) = 0.657695, + 0.02 while unlike, + 0 once a twin is in.
    expect(picks.map(({ score }) => score)).toEqual([
      expect.closeTo(0.677695, 5),
      expect.closeTo(0.677695, 5),
      expect.closeTo(0.657695, 5),
      expect.closeTo(0.657695, 5),
    ])
  })

  it('takes images without boxes and without a prediction last', () => {
    const pool = contextOf({
      absent: { detections: undefined },
      empty: { detections: [] },
      seen: { detections: [detection(0.99)] },
    })
    const picks = pick(pool, 3)
    expect(picks[0].imageId).toBe('seen')
    const reasons = new Map(picks.map(({ imageId, reason }) => [String(imageId), reason]))
    expect(reasons.get('absent')).toBe('no prediction of this image yet')
    expect(reasons.get('empty')).toContain('no box')
  })
})

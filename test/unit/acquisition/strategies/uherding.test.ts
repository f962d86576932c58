import { describe, expect, it } from 'vitest'
import { uherdingStrategy } from '../../../../src/core/acquisition/strategies/uherding'
import { seededRandom } from '../../../../src/core/random/seeded'
import {
  contextOf,
  detection,
  labeledWith,
  rbc,
  type Evidence,
} from '../../../helpers/acquisition-evidence'

const at = (value: number, detections: Evidence['detections'] = []): Evidence => ({
  detections,
  feature: Float32Array.of(value),
})
const labeledAt = (value: number) => ({ ...labeledWith(), ...at(value, undefined) })

const pick = (context: ReturnType<typeof contextOf>, size: number, parameters = {}) =>
  uherdingStrategy.select(context, size, parameters, seededRandom(1))

describe('uherding', () => {
  // Squared distances of unlabelled images: 64, 36, 196; a quarter of the median is 16, K(d) = exp(-d^2 / 32) (before
  // standardisation, which changes both alike). By -1 are covered: -7 exp(-36/32) = 0.324652, 1 exp(-4/32), 7 exp(-2) =
  // 0.135335. So 7 adds (1 - 0.135335) / 3 and -7 (1 - 0.324652) / 3; 1 is covered better by -1 than by either.
  const known = { known: labeledAt(-1) }
  const unsure = [detection(0.5, rbc, { classProbabilities: [0.5, 0.5, 0.5] })]

  it('covers the pool where every image is worth the same (MaxHerding)', () => {
    const context = contextOf({ a: at(-7, unsure), b: at(1), c: at(7) }, known)
    const picks = pick(context, 3, { utility: 'none' })
    expect(picks.map(({ imageId }) => imageId)).toEqual(['c', 'a', 'b'])
    expect(picks[0].score).toBeCloseTo(0.864665 / 3, 6)
    expect(picks[1].score).toBeCloseTo(0.675348 / 3, 6)
    expect(picks[0].reason).toBe('stands for itself alone')
  })

  it('covers first what is worth most', () => {
    // Ranks by worth: a 3 of 3, b and c share 1 and 2: 1.5. So c adds 0.5 x 0.864665 / 3, less than a's 0.675348 / 3.
    const context = contextOf({ a: at(-7, unsure), b: at(1), c: at(7) }, known)
    const picks = pick(context, 2, { utility: 'class-entropy' })
    expect(picks.map(({ imageId }) => imageId)).toEqual(['a', 'c'])
    expect(picks[0].score).toBeCloseTo(0.675348 / 3, 6)
    expect(picks[1].score).toBeCloseTo(0.432332 / 3, 6)
    expect(picks[0].reason).toBe(
      'stands for itself alone; its boxes are worth more than those of 66 % of the pool (class-entropy)',
    )
  })

  it('divides what an image adds by the seconds it is expected to take, as far as asked to', () => {
    // a takes 7 + 7 x 0.5 = 10.5 s, c 7 s.
    const context = contextOf({ a: at(-7, unsure), b: at(1), c: at(7) }, known)
    const scores = (cost: number) =>
      Object.fromEntries(
        pick(context, 3, { utility: 'none', cost }).map(({ imageId, score }) => [imageId, score]),
      )
    expect(scores(1).c).toBeCloseTo(0.864665 / 3 / 7, 7)
    expect(scores(1).a).toBeCloseTo(0.675348 / 3 / 10.5, 7)
    expect(scores(0.5).a).toBeCloseTo(0.675348 / 3 / Math.sqrt(10.5), 6)
  })

  it('says for how many images a pick stands', () => {
    const context = contextOf({ a: at(8), b: at(9), c: at(10), d: at(-1) }, known)
    const [first] = pick(context, 1, { utility: 'none' })
    expect(first.imageId).toBe('b')
    expect(first.reason).toBe('stands for 3 unlabelled images')
  })

  it('narrows the kernel to the distance of labelled images where asked to', () => {
    // Labelled 10 and 12: sigma^2 = 4, K(d) = exp(-d^2 / 8). By 10 and 12 are covered: 14 exp(-4/8) = 0.606531, 2
    // exp(-64/8) = 0.000335. So 2 adds (1 - 0.000335) / 2.
    const context = contextOf({ a: at(14), b: at(2) }, { x: labeledAt(10), y: labeledAt(12) })
    const [narrow] = pick(context, 1, { utility: 'none', width: 'labels' })
    expect(narrow.imageId).toBe('b')
    expect(narrow.score).toBeCloseTo(0.999665 / 2, 6)
    // By the pool: sigma^2 = 144 / 4 = 36, 2 is covered by exp(-64/72) = 0.411112.
    const [wide] = pick(context, 1, { utility: 'none', width: 'pool' })
    expect(wide.score).toBeCloseTo(0.588888 / 2, 5)
  })

  it('takes the pool for a kernel where labelled images are all alike', () => {
    const context = contextOf({ a: at(14), b: at(2) }, { x: labeledAt(10), y: labeledAt(10) })
    expect(pick(context, 1, { width: 'labels' })).toEqual(pick(context, 1))
  })

  it('lets 1,000 images drawn at random stand for a larger pool, all of which can be picked', () => {
    const images = Object.fromEntries(
      Array.from({ length: 1500 }, (_, i) => [`i${i}`, at(i % 2 === 0 ? -1 : 1)]),
    )
    const [first, second] = pick(contextOf(images), 2, { utility: 'none' })
    // One image of each of the two kinds covers them all; each stands for about half.
    const kinds = [first, second].map(({ imageId }) => Number(imageId.slice(1)) % 2)
    expect(new Set(kinds).size).toBe(2)
    expect(first.reason).toBe('stands for about 1500 unlabelled images')
    const half = Number(/about (\d+)/.exec(second.reason)?.[1])
    // 750; the standard deviation of the share is 1.5 x sqrt(1000 / 4 x 500 / 1499) = 13.7.
    expect(Math.abs(half - 750)).toBeLessThan(4 * 13.7)
  })
})

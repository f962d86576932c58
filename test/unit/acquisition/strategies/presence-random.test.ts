import { describe, expect, it } from 'vitest'
import { presenceRandomStrategy } from '../../../../src/core/acquisition/strategies/presence-random'
import type { AcquisitionContext } from '../../../../src/core/acquisition/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import {
  contextOf,
  detection,
  labeledWith,
  platelets,
  rbc,
} from '../../../helpers/acquisition-evidence'

const labeled = { l1: labeledWith(rbc), l2: labeledWith(rbc), l3: labeledWith(rbc) }

// Rarity: RBC 1 / (1 + 3) against 1 / (1 + 0), so 0.25 and 1. Weights: common max(0.25 x 0.8, 0.25 x 0.4) = 0.2,
// rare max(0.25 x 0.9, 1 x 0.6) = 0.6, empty the floor. All together 0.9 with a floor of 0.1.
const pool = contextOf(
  {
    common: { detections: [detection(0.8), detection(0.4)] },
    rare: { detections: [detection(0.9), detection(0.6, platelets)] },
    empty: { detections: [] },
  },
  labeled,
)
const floor = { floor: 0.1 }

function orders(context: AcquisitionContext, seeds: number): string[] {
  return Array.from({ length: seeds }, (_, seed) =>
    presenceRandomStrategy
      .select(context, 3, floor, seededRandom(seed))
      .map(({ imageId }) => imageId)
      .join(' '),
  )
}

describe('presence-random', () => {
  it('draws without replacement, in proportion to rarity x confidence', () => {
    const drawn = orders(pool, 4000)
    const share = (prefix: string) =>
      drawn.filter((order) => order.startsWith(prefix)).length / drawn.length
    // Standard deviation at most sqrt(1/4 / 4000) = 0.0079; 4 of them are 0.032.
    expect(Math.abs(share('rare') - 0.6 / 0.9)).toBeLessThan(0.032)
    expect(Math.abs(share('common') - 0.2 / 0.9)).toBeLessThan(0.032)
    expect(Math.abs(share('empty') - 0.1 / 0.9)).toBeLessThan(0.032)
    // Once the rare one is gone, 0.2 of 0.3 are left to the common one.
    expect(Math.abs(share('rare common') - (0.6 / 0.9) * (0.2 / 0.3))).toBeLessThan(0.032)
  })

  it('takes the logarithm of u^(1 / weight) for a key, of a stream an image', () => {
    const picks = presenceRandomStrategy.select(pool, 3, floor, seededRandom(7))
    const u = 1 - seededRandom(7).fork('common').next()
    expect(picks.find(({ imageId }) => imageId === 'common')?.score).toBeCloseTo(
      Math.log(u) / 0.2,
      12,
    )
    const alone = { ...pool, unlabeled: pool.unlabeled.slice(0, 1) }
    expect(picks).toContainEqual(presenceRandomStrategy.select(alone, 1, floor, seededRandom(7))[0])
  })

  it('draws evenly before there is a model', () => {
    const none = contextOf({ a: { detections: undefined }, b: { detections: undefined } }, labeled)
    const first = orders(none, 2000).filter((order) => order.startsWith('a')).length
    // 1000, standard deviation sqrt(2000 / 4) = 22.4.
    expect(Math.abs(first - 1000)).toBeLessThan(4 * 22.4)
  })

  it('says what weighed how much', () => {
    const blind = contextOf({ b: { detections: undefined } })
    const reasons = presenceRandomStrategy
      .select(pool, 3, floor, seededRandom(1))
      .map(({ imageId, reason }) => `${imageId}: ${reason}`)
    expect(new Set(reasons)).toEqual(
      new Set([
        'common: drawn at random with weight 0.20: RBC 0.80, labelled in 3 images so far',
        'rare: drawn at random with weight 0.60: Platelets 0.60, labelled in 0 images so far',
        'empty: drawn at random with weight 0.10: nothing is seen in it',
      ]),
    )
    expect(presenceRandomStrategy.select(blind, 1, {}, seededRandom(1))[0].reason).toBe(
      'drawn at random with weight 0.02: no prediction of this image yet',
    )
  })
})

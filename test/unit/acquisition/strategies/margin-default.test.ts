import { describe, expect, it } from 'vitest'
import { marginDefaultStrategy } from '../../../../src/core/acquisition/strategies/margin-default'
import { uherdingStrategy } from '../../../../src/core/acquisition/strategies/uherding'
import type { AcquisitionContext } from '../../../../src/core/acquisition/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import {
  contextOf,
  detection,
  labeledWith,
  rbc,
  wbc,
  type Evidence,
} from '../../../helpers/acquisition-evidence'

const at = (value: number, ...detections: ReturnType<typeof detection>[]): Evidence => ({
  detections,
  feature: Float32Array.of(value),
})

const pick = (context: AcquisitionContext, size: number, parameters = {}, seed = 1) =>
  marginDefaultStrategy.select(context, size, parameters, seededRandom(seed))

describe('margin-default', () => {
  it('is MaxHerding where nothing tells images apart but their features', () => {
    const bare = ({ imageId, score }: { imageId: string; score: number }) => ({ imageId, score })
    const idOf = ({ imageId }: { imageId: string }) => imageId
    const herding = (context: AcquisitionContext) =>
      uherdingStrategy.select(context, 4, { utility: 'none' }, seededRandom(1)).map(bare)
    const features = { a: -7, b: 1, c: 7, d: 3 }
    const known = { ...labeledWith(rbc, wbc), feature: Float32Array.of(-1) }

    const unseen = contextOf(
      Object.fromEntries(
        Object.entries(features).map(([id, value]) => [
          id,
          { detections: undefined, feature: Float32Array.of(value) },
        ]),
      ),
    )
    expect(pick(unseen, 4, { cost: 0 }).map(bare)).toEqual(herding(unseen))
    expect(pick(unseen, 4).map(idOf)).toEqual(herding(unseen).map(idOf))
    expect(pick(unseen, 1)[0].reason).toContain('no prediction of this image yet')

    const alike = contextOf(
      Object.fromEntries(
        Object.entries(features).map(([id, value]) => [id, at(value, detection(0.5))]),
      ),
      { known },
    )
    expect(pick(alike, 4, { cost: 0 }).map(bare)).toEqual(herding(alike))
    expect(pick(alike, 4).map(idOf)).toEqual(herding(alike).map(idOf))

    const different = contextOf(
      { a: at(-7, detection(0.9, wbc)), b: at(1, detection(0.5)), c: at(7), d: at(3) },
      { known },
    )
    expect(pick(different, 4, { worth: 0, cost: 0 }).map(bare)).toEqual(herding(different))
  })

  /**
   * Squared distances of the pool: 2^2 = 4, sigma^2 = 1; labelled at 0, which covers each with exp(-1/2) = 0.606531.
   * Each adds 0.393469 to itself and, exp(-2) being less than 0.606531, nothing to the other: 0.1967345 in the mean.
   *
   * Labelled are 3 RBC and 1 WBC: gains 1/4 and 1/2, nothing having been judged. Of the images 0.5 / 4 and 0.5 / 2, mean
   * 0.1875. Relative to it, with a quarter for what is not seen: RBC (2/3 + 1/4) / (5/4) = 11/15, WBC 19/15. Each takes
   * 7 + 7 x 0.5 = 10.5 s.
   */
  const two = contextOf(
    { common: at(-1, detection(0.5, rbc)), scarce: at(1, detection(0.5, wbc)) },
    { known: { ...labeledWith(rbc, rbc, rbc, wbc), feature: Float32Array.of(0) } },
  )
  const covered = 0.393469 / 2

  it('picks by variety x gain a second', () => {
    const picks = pick(two, 2)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['scarce', 'common'])
    expect(picks[0].score).toBeCloseTo((covered * 19) / 15 / 10.5, 6)
    expect(picks[1].score).toBeCloseTo((covered * 11) / 15 / 10.5, 6)
    expect(picks[0].reason).toBe(
      'stands for itself alone; it would teach 1.3 times as much as the average image, most about WBC: 1 box labelled; ' +
        'about 11 s to label',
    )
  })

  it('weighs gain and time as it is told to', () => {
    const [variety] = pick(two, 1, { worth: 0, cost: 0 })
    expect(variety.reason).toBe('stands for itself alone')
    expect(variety.score).toBeCloseTo(covered, 6)
    expect(pick(two, 1, { worth: 2, cost: 0 })[0].score).toBeCloseTo(covered * (19 / 15) ** 2, 6)
    expect(pick(two, 1, { cost: 0.5 })[0].score).toBeCloseTo(
      (covered * 19) / 15 / Math.sqrt(10.5),
      6,
    )
  })

  it('prefers what is different to more of the same', () => {
    // As far from what is labelled, equal classes: sqrt(4) = 2 in 35 s against 1 + 1 in 21 s.
    const rows = contextOf(
      {
        row: at(-1, ...Array.from({ length: 4 }, () => detection(1))),
        pair: at(1, detection(1), detection(1, wbc)),
      },
      { known: { ...labeledWith(rbc, wbc), feature: Float32Array.of(0) } },
    )
    const picks = pick(rows, 2)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['pair', 'row'])
    expect(picks[0].score / picks[1].score).toBeCloseTo(35 / 21, 6)
  })

  it('takes an image that no model has looked at for an average one', () => {
    const mixed = contextOf({
      unseen: { detections: undefined, feature: Float32Array.of(0) },
      seen: at(10, detection(1)),
    })
    // 10^2 apart, sigma^2 = 25: each covers the other with exp(-2). Both take 14 s.
    const picks = pick(mixed, 2)
    expect(picks[0].score).toBeCloseTo((1 + Math.exp(-2)) / 2 / 14, 12)
    expect(picks[1].score).toBeCloseTo((1 - Math.exp(-2)) / 2 / 14, 12)
    const unseen = picks.find(({ imageId }) => imageId === 'unseen')
    expect(unseen?.reason).toMatch(/; no prediction of this image yet; about 14 s to label$/)
  })

  it('says where the model sees nothing', () => {
    const blank = contextOf({ a: at(1) }, { known: labeledWith(rbc) })
    expect(pick(blank, 1)[0].reason).toBe(
      'stands for itself alone; the model sees no box in it; about 7 s to label',
    )
  })

  it('names the precision on images that the model has not seen', () => {
    const judged = { detections: [detection(0.9, wbc)], support: [1] }
    const context = {
      ...two,
      labeled: two.labeled.map((image) => ({ ...image, outOfFold: judged })),
    }
    const reasons = pick(context, 2).map(({ reason }) => reason)
    expect(reasons.find((reason) => reason.includes('WBC'))).toContain('1 box labelled, AP50 1.00')
    expect(reasons.find((reason) => reason.includes('RBC'))).toContain(
      '3 boxes labelled, AP50 0.00',
    )
  })

  const pool = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`i${i}`, at(i, detection((i + 1) / 50))]),
  )

  it('draws a share of the batch at random, last, and says so', () => {
    const picks = pick(contextOf(pool), 20, { random: 0.1 })
    const drawn = picks.filter(({ reason }) => reason.startsWith('drawn at random'))
    expect(drawn).toEqual(picks.slice(18))
    expect(drawn[0].reason).toBe(
      'drawn at random: 2 of 20 images are, the model has no say in them',
    )
    expect(new Set(picks.map(({ imageId }) => imageId)).size).toBe(20)
    expect(pick(contextOf(pool), 20).some(({ reason }) => reason.startsWith('drawn'))).toBe(false)
  })

  it('draws it evenly from all unlabelled images, with or without features', () => {
    const eight = contextOf(
      Object.fromEntries(
        Array.from({ length: 8 }, (_, i) => [
          `i${i}`,
          i < 4 ? at(i, detection(0.5)) : { detections: [] },
        ]),
      ),
    )
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 800; seed++) {
      const picks = pick(eight, 1, { random: 1 }, seed)
      expect(picks).toHaveLength(1)
      counts.set(picks[0].imageId, (counts.get(picks[0].imageId) ?? 0) + 1)
    }
    // 100 each, standard deviation sqrt(800 x 1/8 x 7/8) = 9.4.
    expect(counts.size).toBe(8)
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(4 * 9.4)
  })

  it('takes images without features last, and none twice', () => {
    const context = contextOf({
      a: at(1, detection(0.5)),
      blank: { detections: [] },
      c: at(2, detection(0.5)),
    })
    expect(pick(context, 3)[2].imageId).toBe('blank')
    const picks = pick(context, 5, { random: 0.4 })
    expect(picks).toHaveLength(3)
    expect(new Set(picks.map(({ imageId }) => imageId)).size).toBe(3)
  })
})

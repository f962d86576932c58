import { describe, expect, it } from 'vitest'
import { confusionShare } from '../../../../src/core/acquisition/doubt/class-doubt'
import { marginDefaultStrategy } from '../../../../src/core/acquisition/strategies/margin-default'
import { uherdingStrategy } from '../../../../src/core/acquisition/strategies/uherding'
import type { AcquisitionContext } from '../../../../src/core/acquisition/types'
import { seededRandom } from '../../../../src/core/random/seeded'
import {
  contextOf,
  detection,
  labeledWith,
  objectAt,
  platelets,
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
  it('is MaxHerding where nothing tells what a box would teach', () => {
    const bare = ({ imageId, score }: { imageId: string; score: number }) => ({ imageId, score })
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
    expect(pick(unseen, 4).map(bare)).toEqual(herding(unseen))
    expect(pick(unseen, 1)[0].reason).toContain('no prediction of this image yet')

    const alike = contextOf(
      Object.fromEntries(
        Object.entries(features).map(([id, value]) => [id, at(value, detection(0.5))]),
      ),
      { known },
    )
    expect(pick(alike, 4).map(bare)).toEqual(herding(alike))

    const different = contextOf(
      { a: at(-7, detection(0.9, wbc)), b: at(1, detection(0.5)), c: at(7), d: at(3) },
      { known },
    )
    expect(pick(different, 4, { worth: 0 }).map(bare)).toEqual(herding(different))
  })

  /**
   * Squared distances of the pool: 2^2 = 4, sigma^2 = 1; labelled at 0, which covers each with exp(-1/2) = 0.606531.
   * Each adds 0.393469 to itself and, exp(-2) being less than 0.606531, nothing to the other.
   *
   * Labelled are 3 RBC and 1 WBC: gains 1/4 and 1/2, nothing having been judged. Of 1 expected box in all, the mean is
   * 0.5 / 4 + 0.5 / 2 = 0.375. Worth of RBC (0.125 / 0.375 + 1) / 1.5 = 8/9, of WBC (0.25 / 0.375 + 1) / 1.5 = 10/9.
   */
  const two = contextOf(
    { common: at(-1, detection(0.5, rbc)), scarce: at(1, detection(0.5, wbc)) },
    { known: { ...labeledWith(rbc, rbc, rbc, wbc), feature: Float32Array.of(0) } },
  )

  it('weighs what is covered by what a box of it would teach', () => {
    const picks = pick(two, 2)
    expect(picks.map(({ imageId }) => imageId)).toEqual(['scarce', 'common'])
    expect(picks[0].score).toBeCloseTo((10 / 9) * (0.393469 / 2), 6)
    expect(picks[1].score).toBeCloseTo((8 / 9) * (0.393469 / 2), 6)
    expect(picks[0].reason).toBe(
      'stands for itself alone; a box of it would teach 1.1 times the average, WBC most: 1 box labelled',
    )
    expect(pick(two, 1, { worth: 0 })[0].reason).toBe('stands for itself alone')
    expect(pick(two, 1, { worth: 2 })[0].score).toBeCloseTo((10 / 9) ** 2 * (0.393469 / 2), 6)
  })

  it('says where the model sees nothing', () => {
    const blank = contextOf({ a: at(1) }, { known: labeledWith(rbc) })
    expect(pick(blank, 1)[0].reason).toBe('stands for itself alone; the model sees no box in it')
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

  it('divides by how often the labels of an image say the same, as far as it is told to', () => {
    // As far from what is labelled, of one worth: 4 RBC in 35 s, of which 21 s say something new, against 1 in 14 s.
    const rows = contextOf(
      { row: at(-1, ...Array.from({ length: 4 }, () => detection(1))), one: at(1, detection(1)) },
      { known: { ...labeledWith(rbc), feature: Float32Array.of(0) } },
    )
    const [one, row] = pick(rows, 2)
    expect([one.imageId, row.imageId]).toEqual(['one', 'row'])
    expect(one.score).toBeCloseTo(0.393469 / 2, 6)
    expect(row.score).toBeCloseTo((0.393469 / 2) * (21 / 35), 6)
    expect(one.reason).not.toContain('more of the same')
    expect(row.reason).toMatch(/; 40 % of the time to label it goes into more of the same$/)
    const indifferent = pick(rows, 2, { repetition: 0 })
    expect(indifferent[0].score).toBeCloseTo(indifferent[1].score, 12)
    expect(indifferent.some(({ reason }) => reason.includes('more of the same'))).toBe(false)
  })

  it('divides by the seconds that an image is expected to take, as far as it is told to', () => {
    // 7 + 7 x 0.5 = 10.5 s each.
    const full = pick(two, 1, { cost: 1 })
    expect(full[0].score).toBeCloseTo(((10 / 9) * (0.393469 / 2)) / 10.5, 6)
    expect(full[0].reason).toMatch(/; about 11 s to label$/)
    const half = pick(two, 1, { cost: 0.5 })
    expect(half[0].score).toBeCloseTo(((10 / 9) * (0.393469 / 2)) / Math.sqrt(10.5), 6)
  })

  describe('once every class has ten labelled boxes', () => {
    const truth = [rbc, wbc, platelets].flatMap((categoryId, index) =>
      Array.from({ length: 10 }, (_, n) => objectAt(10 * index + n, categoryId)),
    )
    /** Out of fold every RBC was taken for a WBC, all else was found: confusion is all there is to mend. */
    const confused = truth.map(({ box, categoryId }) =>
      detection(0.9, categoryId === rbc ? wbc : categoryId, { box }),
    )
    const known = {
      detections: undefined,
      truth,
      outOfFold: { detections: confused, support: confused.map(() => 1) },
      feature: Float32Array.of(0),
    }
    const torn = (lead: number) => detection(0.5, rbc, { classProbabilities: [0.5, 0.5 - lead, 0] })
    // 1 - lead in 7 + 7 x 0.5 = 10.5 s each; far is what variety would ask for.
    const unlabeled = {
      near: at(0.1, torn(0.1)),
      close: at(0.2, torn(0.2)),
      far: at(5, torn(0.5)),
      farther: at(-6, torn(0.45)),
    }
    const asked = (context: AcquisitionContext, size: number, parameters = {}) =>
      pick(context, size, parameters).map(({ imageId }) => imageId)
    const context = contextOf(unlabeled, { known }, { rounds: 2 })

    it('asks for doubtful classes as far as confused classes cause the errors', () => {
      const [first, second] = pick(context, 2)
      expect([first.imageId, second.imageId]).toEqual(['near', 'close'])
      expect(first.score).toBeCloseTo(0.9 / 10.5, 12)
      expect(first.reason).toBe(
        '1 of 1 box undecided, closest: RBC 0.50 or WBC 0.40; about 11 s to label; ' +
          'confused classes are 100 % of what errors cost',
      )
    })

    it('does not where other errors cost more', () => {
      // One RBC was taken for a WBC, three platelets of ten were missed.
      const missing = truth
        .slice(0, -3)
        .map(({ box, categoryId }, index) =>
          detection(0.9, index === 0 ? wbc : categoryId, { box }),
        )
      const outOfFold = { detections: missing, support: missing.map(() => 1) }
      const other = contextOf(unlabeled, { known: { ...known, outOfFold } }, { rounds: 2 })
      // A share that would still be one image of three.
      expect(confusionShare(other)).toBeGreaterThan(0.2)
      expect(confusionShare(other)).toBeLessThan(0.5)
      const variety = asked(context, 3, { doubt: 0 })
      expect(variety[0]).not.toBe('near')
      expect(asked(other, 3)).toEqual(variety)
    })

    it('fills the rest of the batch with variety, what doubtful images stand for being covered', () => {
      // Variety alone begins where two images stand for each other.
      const twins = {
        doubtful: at(5, torn(0.1)),
        beside: at(5.1, torn(0.5)),
        other: at(-4, torn(0.45)),
      }
      const beside = contextOf(twins, { known }, { rounds: 2 })
      expect(asked(beside, 1, { doubt: 0 })).not.toContain('other')
      expect(asked(beside, 2, { doubt: 0.5 })).toEqual(['doubtful', 'other'])
    })

    it('does not in the first two batches, nor where a class has nine', () => {
      const variety = asked(context, 2, { doubt: 0 })
      expect(asked({ ...context, rounds: 1 }, 2)).toEqual(variety)
      const fewer = { ...known, truth: truth.slice(0, -1) }
      expect(asked(contextOf(unlabeled, { known: fewer }, { rounds: 2 }), 2)).toEqual(variety)
    })

    it('asks for an image of doubtful class whose features are not known, once', () => {
      const bare = { ...unlabeled, near: { detections: [torn(0.1)] } }
      const picks = asked(contextOf(bare, { known }, { rounds: 2 }), 4, { doubt: 0.5 })
      expect(picks[0]).toBe('near')
      expect([...picks].sort()).toEqual(['close', 'far', 'farther', 'near'])
    })
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

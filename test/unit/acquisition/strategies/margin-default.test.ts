import { describe, expect, it } from 'vitest'
import { marginDefaultStrategy } from '../../../../src/core/acquisition/strategies/margin-default'
import { uherdingStrategy } from '../../../../src/core/acquisition/strategies/uherding'
import type { AcquisitionContext } from '../../../../src/core/acquisition/types'
import type { CategoryId } from '../../../../src/core/dataset/types'
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

const at = (value: number, ...detections: ReturnType<typeof detection>[]): Evidence => ({
  detections,
  feature: Float32Array.of(value),
})
/** A labelled image with so many boxes of each class. */
const labeledAt = (value: number, count: number, classes: readonly CategoryId[]) => ({
  ...labeledWith(...classes.flatMap((categoryId) => Array<CategoryId>(count).fill(categoryId))),
  feature: Float32Array.of(value),
})
const all = [rbc, wbc, platelets]

const pick = (context: AcquisitionContext, size: number, parameters = {}, seed = 1) =>
  marginDefaultStrategy.select(context, size, parameters, seededRandom(seed))

/** Nothing but what a test is about. */
const plain = { random: 0, noise: 0, cost: 0, utility: 'none' }

describe('margin-default, with little to go by', () => {
  const images = {
    a: at(-7, detection(0.9)),
    b: at(1, detection(0.5)),
    c: at(7, detection(0.6)),
    d: at(3),
    blank: { detections: [detection(0.5)] },
  }
  const context = contextOf(images, { known: labeledAt(-1, 10, all) }, { rounds: 1 })

  it('is MaxHerding', () => {
    const herding = uherdingStrategy.select(context, 5, { utility: 'none' }, seededRandom(1))
    const bare = ({ imageId, score }: (typeof herding)[number]) => ({ imageId, score })
    expect(pick(context, 5).map(bare)).toEqual(herding.map(bare))
  })

  it.each<[string, Partial<AcquisitionContext>, string]>([
    ['in the first round', { rounds: 1 }, 'variety first: 1 of 2 rounds labelled'],
    [
      'until every class has ten boxes',
      { rounds: 2, labeled: contextOf({}, { known: labeledAt(-1, 9, all) }).labeled },
      'variety first: 9 boxes of RBC labelled so far',
    ],
    [
      'as long as one class has less',
      { rounds: 4, labeled: contextOf({}, { known: labeledAt(-1, 10, [rbc, wbc]) }).labeled },
      'variety first: 0 boxes of Platelets labelled so far',
    ],
    [
      'without a model',
      {
        rounds: 9,
        unlabeled: context.unlabeled.map((image) => ({ ...image, detections: undefined })),
      },
      'variety first: there is no model yet',
    ],
  ])('says so %s', (_, rest, why) => {
    expect(pick({ ...context, ...rest }, 1)[0].reason).toContain(`(${why})`)
  })

  it.each<[string, Partial<AcquisitionContext>]>([
    ['once there are two rounds and ten boxes a class', { rounds: 2 }],
    ['after five rounds, whatever is missing', { rounds: 5, labeled: [] }],
  ])('ends %s', (_, rest) => {
    expect(pick({ ...context, ...rest }, 1)[0].reason).not.toContain('variety')
  })
})

describe('margin-default, with a model to rely on', () => {
  const warm = (unlabeled: Readonly<Record<string, Evidence>>, rest = {}) =>
    contextOf(unlabeled, { known: labeledAt(0, 10, all) }, { rounds: 2, ...rest })

  it('chooses among the best by PAL only', () => {
    // By PAL 0.5 is best, then 0.6, then 0.99; the last alone would add most to the coverage.
    const context = warm({
      a: at(1, detection(0.5)),
      b: at(2, detection(0.6)),
      far: at(9, detection(0.99)),
    })
    const ids = (candidates: number) =>
      pick(context, 1, { ...plain, candidates }).map(({ imageId }) => imageId)
    expect(ids(1)).toEqual(['a'])
    expect(ids(2)).toEqual(['b'])
    expect(ids(3)).toEqual(['far'])
  })

  it('divides what an image adds by the seconds it is expected to take', () => {
    // Squared distances of the pool: 2^2 = 4, sigma^2 = 1. Covered by 0: exp(-1/2) = 0.606531 each; both add 0.393469 / 2
    // to themselves and exp(-2) - 0.606531 < 0 to the other. 7 + 7 x 0.5 = 10.5 s and 7 + 7 x 1.5 = 17.5 s.
    const context = warm({
      cheap: at(-1, detection(0.5)),
      crowded: at(1, detection(0.5), detection(0.5), detection(0.5)),
    })
    const picks = pick(context, 2, { ...plain, cost: 1 })
    expect(picks.map(({ imageId }) => imageId)).toEqual(['cheap', 'crowded'])
    expect(picks[0].score).toBeCloseTo(0.393469 / 2 / 10.5, 6)
    expect(picks[1].score).toBeCloseTo(0.393469 / 2 / 17.5, 6)
    expect(picks[0].reason).toBe(
      'stands for itself alone; mean entropy 0.69 over 1 box, most of it RBC; about 11 s to label',
    )
    const half = pick(context, 1, { ...plain, cost: 0.5 })
    expect(half[0].score).toBeCloseTo(0.393469 / 2 / Math.sqrt(10.5), 6)
  })

  it('weighs what is covered by its worth', () => {
    const context = warm({
      doubtful: at(-1, detection(0.5, rbc, { classProbabilities: [0.5, 0.5, 0.5] })),
      clear: at(1, detection(0.5)),
    })
    // Ranks 1 and 1/2.
    const picks = pick(context, 2, { ...plain, utility: 'class-entropy' })
    expect(picks.map(({ imageId }) => imageId)).toEqual(['doubtful', 'clear'])
    expect(picks[1].score).toBeCloseTo(0.393469 / 4, 6)
  })

  it('shares the batch out among the classes', () => {
    // Two of three expected boxes are RBC, none is of platelets: r = 1 - (1/3 + 2/3)/2 = 0.5, 1 - (1/3 + 1/3)/2 = 2/3,
    // 1 - 1/6 = 5/6, in sum 2. Of 2 picks 0.5, 0.67, 0.83: none, one, one. So WBC comes first, though it adds least.
    const context = warm({
      r1: at(8, detection(0.5)),
      r2: at(-8, detection(0.5)),
      w1: at(1, detection(0.5, wbc)),
    })
    const [first, second] = pick(context, 2, plain)
    expect(first.imageId).toBe('w1')
    expect(first.reason).toContain('most of it WBC')
    expect(['r1', 'r2']).toContain(second.imageId)
    const withoutQuota = pick(context, 2, { ...plain, quota: 'none' })
    expect(withoutQuota.map(({ imageId }) => imageId).sort()).toEqual(['r1', 'r2'])
  })

  const pool = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`i${i}`, at(i, detection((i + 1) / 50))]),
  )

  it('draws a tenth of the batch at random, last, and says so', () => {
    const picks = pick(warm(pool), 20)
    const drawn = picks.filter(({ reason }) => reason.startsWith('drawn at random'))
    expect(drawn).toEqual(picks.slice(18))
    expect(drawn[0].reason).toBe('drawn at random: part of the 10 % that the model has no say in')
    expect(new Set(picks.map(({ imageId }) => imageId)).size).toBe(20)
  })

  it('draws them evenly from all unlabelled images, with or without features', () => {
    const eight = Object.fromEntries(
      Array.from({ length: 8 }, (_, i) => [
        `i${i}`,
        i < 4 ? at(i, detection(0.5)) : { detections: [] },
      ]),
    )
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 800; seed++) {
      const picks = pick(warm(eight), 1, { random: 1 }, seed)
      expect(picks).toHaveLength(1)
      counts.set(picks[0].imageId, (counts.get(picks[0].imageId) ?? 0) + 1)
    }
    // 100 each, standard deviation sqrt(800 x 1/8 x 7/8) = 9.4.
    expect(counts.size).toBe(8)
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(4 * 9.4)
  })

  it('adds a noise that decays from round to round', () => {
    // The best by PAL alone is picked; how often is it another one than without noise?
    const strays = (rounds: number) => {
      const context = warm(pool, { rounds })
      const parameters = { ...plain, candidates: 1 }
      const [{ imageId: best }] = pick(context, 1, parameters)
      return Array.from({ length: 100 }, (_, seed) =>
        pick(context, 1, { ...parameters, noise: 1 }, seed),
      ).filter(([{ imageId }]) => imageId !== best).length
    }
    expect(strays(2)).toBeGreaterThan(50)
    expect(strays(14)).toBeLessThan(strays(2) / 2)
  })

  it('takes images without features last, and none twice', () => {
    const context = warm({ a: at(1, detection(0.5)), blank: { detections: [] }, c: at(2) })
    const picks = pick(context, 5)
    expect(picks).toHaveLength(3)
    expect(new Set(picks.map(({ imageId }) => imageId)).size).toBe(3)
    expect(pick(context, 3, plain)[2].imageId).toBe('blank')
  })
})

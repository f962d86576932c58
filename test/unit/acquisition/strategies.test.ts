import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choiceOf, numberOf } from '../../../src/core/acquisition/parameters'
import { strategies, strategyById } from '../../../src/core/acquisition/registry'
import { entropyStrategy } from '../../../src/core/acquisition/strategies/entropy'
import { randomStrategy } from '../../../src/core/acquisition/strategies/random'
import type { AcquisitionContext, ParameterValues } from '../../../src/core/acquisition/types'
import { binaryEntropy } from '../../../src/core/acquisition/uncertainty'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import type { Detection } from '../../../src/core/detection/types'
import { seededRandom } from '../../../src/core/random/seeded'

const rbc = 'c-rbc' as CategoryId
const platelets = 'c-platelets' as CategoryId

const detection = (score: number, categoryId = rbc): Detection => ({
  box: { x: 0, y: 0, width: 10, height: 10 },
  categoryId,
  score,
  classProbabilities: [score, 0],
  memberScores: [score],
})

function context(images: Readonly<Record<string, readonly Detection[] | undefined>>) {
  return {
    unlabeled: Object.entries(images).map(([id, detections]) => ({
      imageId: id as ImageId,
      detections,
    })),
    labeled: [],
    categories: [rbc, platelets],
    categoryNames: new Map([
      [rbc, 'RBC'],
      [platelets, 'Platelets'],
    ]),
    cost: { secondsPerImage: 7, secondsPerBox: 7 },
    rounds: 1,
  } satisfies AcquisitionContext
}

const scoreOf = (found: readonly Detection[], parameters: ParameterValues = {}) =>
  entropyStrategy.select(context({ i: found }), 1, parameters, seededRandom(1))[0]

describe('the registry', () => {
  it('holds every strategy once, by id', () => {
    const ids = strategies.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(strategyById('entropy')).toBe(entropyStrategy)
    expect(strategyById('random')).toBe(randomStrategy)
  })

  it('names the known ones when asked for an unknown one', () => {
    expect(() => strategyById('psychic')).toThrow(/'psychic'.*entropy, random/)
  })
})

describe.each(strategies)('strategy $id', (strategy) => {
  const anyContext = fc
    .dictionary(
      fc.string({ minLength: 1 }),
      fc.option(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }).map((score) => detection(score))),
        { nil: undefined },
      ),
    )
    .map(context)

  it('offers its defaults among its options', () => {
    for (const parameter of strategy.parameters) {
      if (parameter.kind === 'choice') expect(choiceOf(parameter, {})).toBe(parameter.defaultValue)
      else expect(numberOf(parameter, {})).toBe(parameter.defaultValue)
    }
  })

  it('picks different unlabelled images, finitely scored, with a reason, the same every time', () => {
    fc.assert(
      fc.property(anyContext, fc.integer(), fc.nat(12), (pool, seed, size) => {
        const picks = strategy.select(pool, size, {}, seededRandom(seed))
        const ids = pool.unlabeled.map(({ imageId }) => imageId)
        expect(picks).toHaveLength(Math.min(size, ids.length))
        expect(new Set(picks.map(({ imageId }) => imageId)).size).toBe(picks.length)
        expect(picks.every(({ imageId }) => ids.includes(imageId))).toBe(true)
        expect(picks.every(({ score }) => Number.isFinite(score))).toBe(true)
        expect(picks.every(({ reason }) => reason.length > 0)).toBe(true)
        const reversed = { ...pool, unlabeled: [...pool.unlabeled].reverse() }
        expect(strategy.select(reversed, size, {}, seededRandom(seed))).toEqual(picks)
      }),
    )
  })
})

describe('binaryEntropy', () => {
  it('is 0 for a sure box, ln 2 for a coin toss, and symmetric', () => {
    expect([binaryEntropy(0), binaryEntropy(1)]).toEqual([0, 0])
    expect(binaryEntropy(0.5)).toBeCloseTo(Math.LN2, 15)
    // 0.9 ln(1/0.9) + 0.1 ln 10 = 0.0948245 + 0.2302585
    expect(binaryEntropy(0.9)).toBeCloseTo(0.325083, 6)
    expect(binaryEntropy(0.1)).toBeCloseTo(binaryEntropy(0.9), 15)
  })
})

describe('entropy', () => {
  // H: 0.5 -> 0.693147, 0.9 -> 0.325083, 0.2 -> 0.500402; 0.04 is below the threshold.
  const found = [detection(0.9), detection(0.5, platelets), detection(0.2), detection(0.04)]

  it.each([
    ['sum', 1.518633],
    ['mean', 0.506211],
    ['max', 0.693147],
  ])('aggregates by %s', (aggregation, expected) => {
    expect(scoreOf(found, { aggregation }).score).toBeCloseTo(expected, 6)
  })

  it('sums the k most uncertain boxes by top-k', () => {
    const four = [...found, detection(0.8), detection(0.999)]
    // 0.693147 + 0.500402 + 0.500402 (H(0.8) = H(0.2))
    expect(scoreOf(four, { aggregation: 'top-k', k: '3' }).score).toBeCloseTo(1.693952, 6)
  })

  it('leaves out boxes below the threshold', () => {
    expect(scoreOf(found, { threshold: '0.3' }).score).toBeCloseTo(1.01823, 6)
    expect(scoreOf(found, { threshold: '0.2' }).score).toBeCloseTo(1.518633, 6)
  })

  it('says why in words and numbers', () => {
    expect(scoreOf(found).reason).toBe(
      '2 of 3 boxes uncertain, entropy 1.52; least sure: Platelets 0.50',
    )
    expect(scoreOf([detection(0.95)], { aggregation: 'max' }).reason).toBe(
      '0 of 1 box uncertain, entropy (max) 0.20; least sure: RBC 0.95',
    )
    expect(scoreOf(found, { aggregation: 'top-k', k: '3' }).reason).toContain('entropy (top 3)')
  })

  it('speaks of a class by its id when it has no name', () => {
    const { categoryNames: _, ...unnamed } = context({ i: [detection(0.5)] })
    const [{ reason }] = entropyStrategy.select(unnamed, 1, {}, seededRandom(1))
    expect(reason).toContain('least sure: c-rbc 0.50')
  })

  it('scores 0 without boxes and without prediction, and says which', () => {
    const pool = context({ empty: [], low: [detection(0.01)], absent: undefined })
    expect(new Set(entropyStrategy.select(pool, 3, {}, seededRandom(1)))).toEqual(
      new Set([
        { imageId: 'empty', score: 0, reason: 'no box with a score of 0.1 or more' },
        { imageId: 'low', score: 0, reason: 'no box with a score of 0.1 or more' },
        { imageId: 'absent', score: 0, reason: 'no prediction of this image yet' },
      ]),
    )
  })

  it('refuses a parameter it does not know', () => {
    expect(() => scoreOf(found, { aggregation: 'median' })).toThrow(/sum, mean, max, top-k/)
    expect(() => scoreOf(found, { k: 'many' })).toThrow("Boxes summed by top-k is 'many'")
    expect(() => scoreOf(found, { threshold: 2 })).toThrow('from 0.01 to 0.9')
  })
})

describe('random', () => {
  it('gives an image the same score whatever else is in the pool', () => {
    const small = randomStrategy.select(context({ b: [] }), 1, {}, seededRandom(5))
    const large = randomStrategy.select(context({ a: [], b: [], c: [] }), 3, {}, seededRandom(5))
    expect(large).toContainEqual(small[0])
  })

  it('ranks differently under another seed', () => {
    const pool = context(Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`i${i}`, []])))
    const rank = (seed: number) =>
      randomStrategy.select(pool, 20, {}, seededRandom(seed)).map(({ imageId }) => imageId)
    expect(rank(1)).not.toEqual(rank(2))
    expect(rank(1)).toEqual(rank(1))
  })
})

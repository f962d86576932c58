import { describe, expect, test } from 'vitest'
import type { CategoryId } from '../../../../src/core/dataset/types'
import type { Detection } from '../../../../src/core/detection/types'
import {
  DetectionAgreement,
  type DetectionPair,
} from '../../../../src/core/experiment/stopping/agreement'
import {
  defaultStoppingSettings,
  stoppingAdvice,
  type CriterionId,
  type StoppingRound,
  type StoppingSettings,
} from '../../../../src/core/experiment/stopping/stopping'

const round = (index: number, ap50: number, more: Partial<StoppingRound> = {}): StoppingRound => ({
  index,
  images: 10 * (index + 1),
  boxes: 30 * (index + 1),
  seconds: 300 * (index + 1),
  ap50,
  estimate: 'test-split',
  samples: undefined,
  agreement: undefined,
  ...more,
})

/** Samples at these distances from the figure itself. */
const sampled = (index: number, ap50: number, distances: readonly number[], key = 'test') =>
  round(index, ap50, { samples: { key, ap50: distances.map((distance) => ap50 + distance) } })

function advise(
  id: CriterionId,
  rounds: readonly StoppingRound[],
  settings: Partial<StoppingSettings> = {},
) {
  const found = stoppingAdvice(rounds, { ...defaultStoppingSettings, ...settings })
  const criterion = found.find((item) => item.id === id)
  if (criterion === undefined) throw new Error(`There is no criterion ${id}.`)
  return criterion
}

describe('budget', () => {
  const rounds = [round(0, 0.2), round(1, 0.3)]

  test.each([
    ['images', 20, 'stop', '20 of 20 images spent.'],
    ['images', 21, 'go-on', '20 of 21 images spent.'],
    ['boxes', 60, 'stop', '60 of 60 boxes spent.'],
    ['seconds', 1200, 'go-on', '10 of 20 min spent.'],
  ] as const)('of %s, %d: %s', (unit, amount, verdict, reason) => {
    expect(advise('budget', rounds, { budget: { unit, amount } })).toMatchObject({
      verdict,
      reason,
    })
  })

  test('is off until it is set, unknown before the first round', () => {
    expect(advise('budget', rounds).verdict).toBe('off')
    expect(advise('budget', rounds, { budget: { unit: 'boxes', amount: 0 } }).verdict).toBe('off')
    expect(advise('budget', [], { budget: { unit: 'images', amount: 5 } }).verdict).toBe('unknown')
  })
})

describe('target', () => {
  // 41 samples from 0.05 below to 0.05 above: the 2.5th percentile is the second, 0.0475 below.
  const distances = Array.from({ length: 41 }, (_, index) => (index - 20) / 400)

  test('is reached when the lower bound of the interval reaches it, not the figure', () => {
    const rounds = [sampled(0, 0.8, distances)]
    expect(advise('target', rounds, { targetAp50: 0.752 })).toMatchObject({
      verdict: 'stop',
      reason:
        'AP50 0.800, 95 % interval 0.753 to 0.848; target 0.752: even the lower bound reaches it.',
    })
    expect(advise('target', rounds, { targetAp50: 0.754 }).verdict).toBe('go-on')
  })

  test('without an interval nothing is claimed', () => {
    expect(advise('target', [round(0, 0.9)], { targetAp50: 0.5 }).verdict).toBe('unknown')
    expect(advise('target', [], { targetAp50: 0.5 }).verdict).toBe('unknown')
  })
})

describe('plateau', () => {
  const around = [-0.02, 0, 0.02]

  test('two rounds below epsilon, and a paired interval around 0', () => {
    // Samples of the last round go against those of the first: gains -0.032, 0.008, 0.048.
    const rounds = [
      sampled(0, 0.7, [0.02, 0, -0.02]),
      sampled(1, 0.705, around),
      sampled(2, 0.708, around),
    ]
    expect(advise('plateau', rounds)).toMatchObject({
      verdict: 'stop',
      reason:
        'Last two rounds gained +0.005 and +0.003 AP50, together −0.030 to +0.046: both below 0.010, ' +
        'and the interval includes 0.',
    })
  })

  test('a small gain that every sample shares is a gain', () => {
    // Paired, all three gains are 0.008; unpaired intervals would overlap widely.
    const rounds = [sampled(0, 0.7, around), sampled(1, 0.704, around), sampled(2, 0.708, around)]
    expect(advise('plateau', rounds).verdict).toBe('go-on')
  })

  test('a loss that every sample shares is no reason to go on', () => {
    const rounds = [sampled(0, 0.7, around), sampled(1, 0.68, around), sampled(2, 0.66, around)]
    expect(advise('plateau', rounds)).toMatchObject({
      verdict: 'stop',
      reason:
        'Last two rounds gained −0.020 and −0.020 AP50, together −0.040 to −0.040: both below 0.010, ' +
        'and the interval lies below 0.',
    })
  })

  test('one good round of the two is no plateau', () => {
    const rounds = [sampled(0, 0.7, around), sampled(1, 0.72, around), sampled(2, 0.7, around)]
    expect(advise('plateau', rounds).verdict).toBe('go-on')
  })

  test.each([
    ['two rounds', [sampled(0, 0.7, around), sampled(1, 0.7, around)]],
    [
      'another test set',
      [sampled(0, 0.7, around, 'old'), sampled(1, 0.7, around), sampled(2, 0.7, around)],
    ],
    [
      'another way of measuring',
      [
        round(0, 0.7, { estimate: 'out-of-fold' }),
        sampled(1, 0.7, around),
        sampled(2, 0.7, around),
      ],
    ],
  ])('%s: unknown', (_, rounds) => {
    expect(advise('plateau', rounds).verdict).toBe('unknown')
  })
})

describe('stable predictions', () => {
  const agreeing = (agreements: readonly (number | undefined)[]) =>
    agreements.map((agreement, index) => round(index, 0.5, { agreement }))

  test.each([
    [[undefined, 0.99, 0.995, 1], 'stop'],
    [[undefined, 1, 0.989, 1], 'go-on'],
    [[undefined, 1, 1], 'unknown'],
    [[1, 1, undefined, 1], 'unknown'],
  ] as const)('%j: %s', (agreements, verdict) => {
    expect(advise('stable', agreeing(agreements)).verdict).toBe(verdict)
  })
})

describe('price', () => {
  test('the gain per 100 images over two rounds against what it must be worth', () => {
    const rounds = [round(0, 0.5), round(1, 0.7), round(2, 0.71), round(3, 0.72)]
    // From round 1 to 3: 0.02 for 20 images, 0.1 per 100.
    expect(advise('price', rounds, { leastGainPer100: 0.11 })).toMatchObject({
      verdict: 'stop',
      reason:
        'The last 20 images gained +0.020 AP50, +0.100 per 100: less than the 0.110 they must be worth.',
    })
    expect(advise('price', rounds, { leastGainPer100: 0.09 }).verdict).toBe('go-on')
    expect(advise('price', rounds).verdict).toBe('off')
    expect(advise('price', rounds.slice(0, 2), { leastGainPer100: 0.1 }).verdict).toBe('unknown')
  })

  test('what was measured on other test labels is no gain', () => {
    const keyed = (index: number, ap50: number, key: string) => sampled(index, ap50, [0, 0], key)
    const rounds = [keyed(0, 0.8, 'old'), keyed(1, 0.7, 'new'), keyed(2, 0.71, 'new')]
    expect(advise('price', rounds, { leastGainPer100: 0.1 })).toMatchObject({
      verdict: 'unknown',
      reason: '3 rounds measured in the same way and on the same test labels are needed.',
    })
    // From 0.70 to 0.73 for 20 images, 0.15 per 100.
    const later = [...rounds, keyed(3, 0.73, 'new')]
    expect(advise('price', later, { leastGainPer100: 0.1 }).verdict).toBe('go-on')
  })

  test('out-of-fold rounds have no test labels that could differ', () => {
    const rounds = [0.5, 0.5, 0.5].map((ap50, index) =>
      round(index, ap50, { estimate: 'out-of-fold' }),
    )
    expect(advise('price', rounds, { leastGainPer100: 0.1 }).verdict).toBe('stop')
  })

  test('rounds without new images have no gain per image', () => {
    const rounds = [0.5, 0.6, 0.7].map((ap50, index) => round(index, ap50, { images: 10 }))
    expect(advise('price', rounds, { leastGainPer100: 0.1 })).toMatchObject({
      verdict: 'unknown',
      reason:
        'The last two rounds brought no further labelled images, so there is no gain per 100 of them.',
    })
  })
})

describe('what is shown agrees with the verdict, with more digits where three would not', () => {
  test.each([
    // Three samples alike: the lower bound is the figure itself.
    [
      'target',
      [sampled(0, 0.7496, [0, 0, 0])],
      { targetAp50: 0.75 },
      'go-on',
      'AP50 0.7496, 95 % interval 0.7496 to 0.7496; target 0.7500: the lower bound is below it.',
    ],
    [
      'stable',
      [0.9896, 0.9896, 0.9896].map((agreement, index) => round(index, 0.5, { agreement })),
      {},
      'go-on',
      'Boxes of the unlabelled images agree with the round before by 0.9896, 0.9896, 0.9896; 0.9900 each would be stable.',
    ],
    [
      'plateau',
      [sampled(0, 0.7, [0, 0]), sampled(1, 0.7096, [0, 0]), sampled(2, 0.7192, [0, 0])],
      {},
      'go-on',
      'Last two rounds gained +0.0096 and +0.0096 AP50, together +0.0192 to +0.0192: both below 0.0100, ' +
        'but the interval lies above 0.',
    ],
    [
      'plateau',
      [sampled(0, 0.7, [0, 0]), sampled(1, 0.7002, [0, 0]), sampled(2, 0.7004, [0, 0])],
      {},
      'go-on',
      'Last two rounds gained +0.0002 and +0.0002 AP50, together +0.0004 to +0.0004: both below 0.0100, ' +
        'but the interval lies above 0.',
    ],
    [
      'price',
      [round(0, 0.5), round(1, 0.5), round(2, 0.51994)],
      { leastGainPer100: 0.1 },
      'stop',
      'The last 20 images gained +0.020 AP50, +0.0997 per 100: less than the 0.1000 they must be worth.',
    ],
    [
      'budget',
      [round(0, 0.5, { seconds: 1199 })],
      { budget: { unit: 'seconds', amount: 1200 } },
      'go-on',
      '19.98 of 20.00 min spent.',
    ],
  ] as const)('%s', (id, rounds, settings, verdict, reason) => {
    expect(advise(id, rounds, settings)).toMatchObject({ verdict, reason })
  })
})

describe('agreement of two rounds', () => {
  const seen = (x: number, score = 0.9, categoryId = 'cow'): Detection => ({
    box: { x, y: 0, width: 10, height: 10 },
    categoryId: categoryId as CategoryId,
    score,
    classProbabilities: [],
    memberScores: [],
  })

  const agreement = (...pairs: DetectionPair[]): number | undefined => {
    const compared = new DetectionAgreement(0.3)
    for (const pair of pairs) compared.add(pair)
    return compared.share
  }

  test('is the share of boxes that the other one makes too, over all images', () => {
    // 2 of the 3 boxes of the first image are shared, none of the one of the second: 2 x 1 / 4.
    expect(
      agreement(
        { before: [seen(0)], after: [seen(2), seen(50)] },
        { before: [], after: [seen(0)] },
      ),
    ).toBe(0.5)
  })

  test('other classes, small overlaps and unsure boxes do not agree', () => {
    const after = [seen(0, 0.9, 'dog'), seen(4), seen(0, 0.2)]
    expect(agreement({ before: [seen(0)], after })).toBe(0)
  })

  test('one box agrees with one', () => {
    expect(agreement({ before: [seen(0)], after: [seen(0), seen(1)] })).toBe(2 / 3)
  })

  test('where neither sees anything there is none', () => {
    expect(agreement({ before: [], after: [seen(0, 0.1)] })).toBeUndefined()
  })
})

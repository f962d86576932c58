import { describe, expect, it } from 'vitest'
import { meanPenalty, penaltyMatrix } from '../../../../src/core/experiment/statistics/penalties'
import { curve } from './curves'

describe('penaltyMatrix', () => {
  // Differences to random: at 20 images 0.051, 0.062, 0.038 (p = 0.018), at 30 images 0.3, -0.3, 0.1 (not significant).
  const random = [1, 2, 3].map((seed) => curve(seed, [0.2, 0.3, 0.5]))
  const better = [
    curve(1, [0.2, 0.351, 0.8]),
    curve(2, [0.2, 0.362, 0.2]),
    curve(3, [0.2, 0.338, 0.6]),
  ]

  it('charges the loser of a significant difference 1 / budgets', () => {
    const strategies = [
      { id: 'random', curves: random },
      { id: 'better', curves: better },
    ]
    expect(penaltyMatrix(strategies, 'images')).toEqual({
      strategies: ['random', 'better'],
      losses: [
        [0, 0.5],
        [0, 0],
      ],
    })
  })

  it('compares the seeds that two strategies have in common, whatever their order', () => {
    const strategies = [
      { id: 'random', curves: [...random, curve(4, [0.2, 0.9, 0.9])] },
      { id: 'better', curves: [...better].reverse() },
    ]
    expect(penaltyMatrix(strategies, 'images').losses).toEqual([
      [0, 0.5],
      [0, 0],
    ])
  })

  it('knows nothing of one seed, or of the start, where all are the same', () => {
    const one = [
      { id: 'random', curves: random.slice(0, 1) },
      { id: 'better', curves: better.slice(0, 1) },
      { id: 'unfinished', curves: [] },
    ]
    const none = one.map(() => one.map(() => undefined))
    const matrix = penaltyMatrix(one, 'seconds')
    expect(matrix.losses).toEqual(none)
    expect(meanPenalty(matrix, 0)).toBeUndefined()
    const startOnly = one.map(({ id }) => ({ id, curves: [curve(1, [0.2]), curve(2, [0.2])] }))
    expect(penaltyMatrix(startOnly, 'images').losses).toEqual(none)
  })

  it('means the losses that are known, without that to itself', () => {
    const strategies = [
      { id: 'random', curves: random },
      { id: 'better', curves: better },
      { id: 'one seed', curves: better.slice(0, 1) },
    ]
    const matrix = penaltyMatrix(strategies, 'images')
    expect(matrix.losses).toEqual([
      [0, 0.5, undefined],
      [0, 0, undefined],
      [undefined, undefined, undefined],
    ])
    expect([0, 1, 2].map((row) => meanPenalty(matrix, row))).toEqual([0.5, 0, undefined])
  })

  it('compares by seconds where both have spent the same', () => {
    // The crowded images cost twice as much: by seconds the first three rounds of one equal two of the other.
    const crowded = [1, 2].map((seed) => curve(seed, [0.2, 0.4, 0.6], 21))
    const sparse = [1, 2].map((seed) => curve(seed, [0.2, 0.3, 0.4], 10))
    const strategies = [
      { id: 'crowded', curves: crowded },
      { id: 'sparse', curves: sparse },
    ]
    // 10 images and 100 boxes more cost 770 s, 10 and 210 boxes 1540 s: both curves are one and the same line.
    expect(penaltyMatrix(strategies, 'seconds').losses).toEqual([
      [0, 0],
      [0, 0],
    ])
    expect(penaltyMatrix(strategies, 'images').losses).toEqual([
      [0, 0],
      [1, 0],
    ])
  })
})

import { expect, it } from 'vitest'
import { fitRounds, labeledImages } from '../../../../src/core/experiment/replay/fitting-rounds'

const wanted = { initial: 10, batch: 10, rounds: 8 }

it.each([
  [300, 10, 10, 8],
  [80, 10, 10, 8],
  [79, 10, 10, 7],
  [30, 10, 10, 3],
  [29, 9, 9, 3],
  [10, 3, 3, 3],
])('of %d images come rounds of %d and %d images, %d of them', (pool, initial, batch, rounds) => {
  expect(fitRounds(pool, wanted)).toEqual({ initial, batch, rounds })
})

it('asks for no more rounds than were wanted, and never for more images than there are', () => {
  expect(fitRounds(20, { ...wanted, rounds: 2 })).toEqual({ initial: 10, batch: 10, rounds: 2 })
  for (let pool = 3; pool < 100; pool++) {
    const fitted = fitRounds(pool, wanted)
    expect(labeledImages(fitted)).toBeLessThanOrEqual(pool)
    expect(fitted.rounds).toBeGreaterThanOrEqual(3)
  }
})

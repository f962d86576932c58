import { expect, it } from 'vitest'
import { fractionalRanks } from '../../../src/core/numeric/ranks'

it('ranks from lowest to highest, equals sharing the mean', () => {
  expect([...fractionalRanks([30, 10, 20, 40])]).toEqual([0.75, 0.25, 0.5, 1])
  // Ranks 1 and 2 shared, then 3, then 4 and 5 shared, of 5.
  expect([...fractionalRanks([7, 1, 7, 1, 2])]).toEqual([0.9, 0.3, 0.9, 0.3, 0.6])
  expect([...fractionalRanks([0, 0, 0])]).toEqual([2 / 3, 2 / 3, 2 / 3])
  expect([...fractionalRanks([])]).toEqual([])
})

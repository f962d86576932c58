import { describe, expect, it } from 'vitest'
import {
  aggregate,
  aggregatedName,
  aggregationOf,
} from '../../../../src/core/acquisition/doubt/aggregation'

const values = [0.5, 2, 1, 0.25]

describe('aggregate', () => {
  it.each([
    ['sum', 3.75],
    ['mean', 0.9375],
    ['max', 2],
    ['top-k', 3],
  ])('takes the %s', (how, expected) => {
    expect(aggregate(values, { how, k: 2 })).toBe(expected)
    expect(aggregate([], { how, k: 2 })).toBe(0)
  })

  it('sums all where there are fewer than k', () => {
    expect(aggregate(values, { how: 'top-k', k: 9 })).toBe(3.75)
  })
})

describe('aggregationOf', () => {
  it('sums by default, and reads what the interface sends', () => {
    expect(aggregationOf({})).toEqual({ how: 'sum', k: 5 })
    expect(aggregationOf({ aggregation: 'top-k', k: '3' })).toEqual({ how: 'top-k', k: 3 })
  })

  it('refuses what it does not know', () => {
    expect(() => aggregationOf({ aggregation: 'median' })).toThrow(/sum, mean, max, top-k/)
    expect(() => aggregationOf({ k: 'many' })).toThrow("Boxes summed by top-k is 'many'")
  })
})

it('names an aggregated measure', () => {
  expect(aggregatedName('entropy', { how: 'sum', k: 3 })).toBe('entropy')
  expect(aggregatedName('entropy', { how: 'mean', k: 3 })).toBe('entropy (mean)')
  expect(aggregatedName('entropy', { how: 'top-k', k: 3 })).toBe('entropy (top 3)')
})

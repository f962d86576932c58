import { expect, it } from 'vitest'
import { matchOneToOne } from '../../../src/core/evaluation/one-to-one'

it('takes a pair when neither side is taken: the first wins, and what it displaces goes to the next', () => {
  const pairs = [
    { a: 'x', b: 1 },
    { a: 'x', b: 2 },
    { a: 'y', b: 1 },
    { a: 'y', b: 2 },
  ]
  expect(matchOneToOne(pairs)).toEqual([
    { a: 'x', b: 1 },
    { a: 'y', b: 2 },
  ])
})

it('keeps the two sides apart: the same name on both is two things', () => {
  const pairs = [
    { a: 0, b: 1 },
    { a: 1, b: 0 },
  ]
  expect(matchOneToOne(pairs)).toEqual(pairs)
  expect(matchOneToOne([])).toEqual([])
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { classBudgets, pickWithinBudgets } from '../../../../src/core/acquisition/worth/class-quota'
import type { CategoryId } from '../../../../src/core/dataset/types'
import { seededRandom } from '../../../../src/core/random/seeded'

/** By class. */
type Numbers = Readonly<Record<string, number>>

const byClass = (numbers: Numbers) => new Map(Object.entries(numbers) as [CategoryId, number][])

describe('classBudgets', () => {
  const share = (weights: Numbers, total: number, seed = 1) =>
    Object.fromEntries(classBudgets(byClass(weights), total, seededRandom(seed)))

  it('shares out by largest remainder', () => {
    // 10 x 0.5 / 1.2 = 4.17, 10 x 0.4 / 1.2 = 3.33, 10 x 0.3 / 1.2 = 2.5: 4 + 3 + 2, the last one to the third.
    expect(share({ a: 0.5, b: 0.4, c: 0.3 }, 10)).toEqual({ a: 4, b: 3, c: 3 })
    expect(share({ a: 0, b: 2 }, 3)).toEqual({ a: 0, b: 3 })
    expect(Object.values(share({ a: 0, b: 0 }, 3)).sort()).toEqual([1, 2])
    expect(share({}, 3)).toEqual({})
  })

  it('leaves it to the seed which of equal remainders gets the image', () => {
    const favoured = Array.from({ length: 900 }, (_, seed) => {
      const budgets = Object.entries(share({ a: 1, b: 1, c: 1 }, 4, seed))
      return budgets.flatMap(([name, budget]) => (budget === 2 ? name : []))
    }).flat()
    expect(favoured).toHaveLength(900)
    // 300 each, standard deviation sqrt(900 x 1/3 x 2/3) = 14.1.
    for (const name of ['a', 'b', 'c']) {
      const count = favoured.filter((other) => other === name).length
      expect(Math.abs(count - 300)).toBeLessThan(4 * 14.1)
    }
  })

  const anyWeights = fc.uniqueArray(
    fc.tuple(
      fc.string().map((id) => id as CategoryId),
      fc.oneof(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.constantFrom(0.2, 0.5)),
    ),
    { minLength: 1, maxLength: 8, selector: ([categoryId]) => categoryId },
  )

  it('gives every class its share to less than one image, and everything away', () => {
    fc.assert(
      fc.property(anyWeights, fc.nat(50), fc.integer(), (weights, total, seed) => {
        const budgets = classBudgets(new Map(weights), total, seededRandom(seed))
        const sum = weights.reduce((all, [, weight]) => all + weight, 0)
        expect([...budgets.values()].reduce((all, budget) => all + budget, 0)).toBe(total)
        for (const [categoryId, weight] of weights) {
          const budget = budgets.get(categoryId) ?? NaN
          expect(Math.abs(budget - (total * weight) / sum)).toBeLessThan(1)
        }
      }),
    )
  })
})

describe('pickWithinBudgets', () => {
  /** Items in the order of their index, each once. */
  function inOrder(count: number) {
    const left = Array.from({ length: count }, (_, index) => index)
    return (isAllowed: (index: number) => boolean) => {
      const position = left.findIndex(isAllowed)
      return position < 0 ? undefined : { index: left.splice(position, 1)[0] }
    }
  }
  const pick = (classes: readonly (string | undefined)[], budgets: Numbers, count: number) =>
    pickWithinBudgets(
      classes as (CategoryId | undefined)[],
      byClass(budgets),
      count,
      inOrder(classes.length),
    ).map(({ index }) => index)

  it('passes over items whose class has nothing left', () => {
    expect(pick(['a', 'a', 'a', 'b', 'b'], { a: 1, b: 2 }, 3)).toEqual([0, 3, 4])
  })

  it('takes the best of all where no class with something left has an item', () => {
    expect(pick(['a', 'a', undefined, 'b'], { a: 1, b: 3 }, 4)).toEqual([0, 3, 1, 2])
    expect(pick(['c', 'a'], { a: 1 }, 2)).toEqual([1, 0])
  })

  it('ends when there is nothing left to pick', () => {
    expect(pick(['a'], { a: 5 }, 3)).toEqual([0])
    expect(pick([], {}, 3)).toEqual([])
  })
})

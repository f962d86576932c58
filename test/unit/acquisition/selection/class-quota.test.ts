import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  classBudgets,
  pickWithinBudgets,
} from '../../../../src/core/acquisition/selection/class-quota'

describe('classBudgets', () => {
  it('shares out by largest remainder', () => {
    // 10 x 0.5 / 1.2 = 4.17, 10 x 0.4 / 1.2 = 3.33, 10 x 0.3 / 1.2 = 2.5: 4 + 3 + 2, the last one to the third.
    expect(classBudgets([0.5, 0.4, 0.3], 10)).toEqual([4, 3, 3])
    expect(classBudgets([1, 1, 1], 4)).toEqual([2, 1, 1])
    expect(classBudgets([0, 0], 3)).toEqual([2, 1])
    expect(classBudgets([0, 2], 3)).toEqual([0, 3])
    expect(classBudgets([], 3)).toEqual([])
  })

  it('gives every class its share to less than one image, and everything away', () => {
    const anyWeights = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(anyWeights, fc.nat(50), (weights, total) => {
        const budgets = classBudgets(weights, total)
        const sum = weights.reduce((all, weight) => all + weight, 0)
        expect(budgets.reduce((all, budget) => all + budget, 0)).toBe(total)
        budgets.forEach((budget, index) => {
          expect(Math.abs(budget - (total * weights[index]) / sum)).toBeLessThan(1)
        })
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
  const pick = (
    classes: readonly (number | undefined)[],
    budgets: readonly number[],
    count: number,
  ) => pickWithinBudgets(classes, budgets, count, inOrder(classes.length)).map(({ index }) => index)

  it('passes over items whose class has nothing left', () => {
    expect(pick([0, 0, 0, 1, 1], [1, 2], 3)).toEqual([0, 3, 4])
  })

  it('takes the best of all where no class with something left has an item', () => {
    expect(pick([0, 0, undefined, 1], [1, 3], 4)).toEqual([0, 3, 1, 2])
  })

  it('ends when there is nothing left to pick', () => {
    expect(pick([0], [5], 3)).toEqual([0])
    expect(pick([], [], 3)).toEqual([])
  })
})

import { describe, expect, it } from 'vitest'
import { knownValues, numberOf } from '../../../src/core/acquisition/parameters'
import { strategyById } from '../../../src/core/acquisition/registry'
import type { NumberParameter } from '../../../src/core/acquisition/types'

describe('numberOf', () => {
  const parameter = (min: number, max: number, step: number): NumberParameter => ({
    kind: 'number',
    id: 'size',
    label: 'Size',
    help: '',
    min,
    max,
    step,
    defaultValue: min,
  })

  it('takes whole numbers only where limits and steps are whole', () => {
    expect(numberOf(parameter(1, 20, 1), { size: '4' })).toBe(4)
    expect(() => numberOf(parameter(1, 20, 1), { size: '1.5' })).toThrow(
      new RangeError("Size is '1.5'; give a whole number from 1 to 20."),
    )
    expect(() => numberOf(parameter(1, 20, 1), { size: 21 })).toThrow(
      new RangeError("Size is '21'; give a whole number from 1 to 20."),
    )
  })

  it('counts steps from the lowest number', () => {
    expect(numberOf(parameter(1, 9, 2), { size: 3 })).toBe(3)
    expect(() => numberOf(parameter(1, 9, 2), { size: 4 })).toThrow(
      new RangeError("Size is '4'; give a whole number from 1 to 9 in steps of 2."),
    )
  })

  it('takes what is between two steps of a fraction', () => {
    expect(numberOf(parameter(0, 1, 0.05), { size: 0.123 })).toBe(0.123)
    expect(() => numberOf(parameter(0, 1, 0.05), { size: 1.5 })).toThrow(
      new RangeError("Size is '1.5'; give a number from 0 to 1."),
    )
  })
})

describe('knownValues', () => {
  it('leaves out what a strategy has no parameter for', () => {
    const { parameters } = strategyById('margin-default')
    expect(knownValues(parameters, { candidates: 4, worth: 2 })).toEqual({ worth: 2 })
    expect(knownValues([], { worth: 2 })).toEqual({})
  })
})

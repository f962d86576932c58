import { describe, expect, it } from 'vitest'
import { knownValues } from '../../../src/core/acquisition/parameters'
import { strategyById } from '../../../src/core/acquisition/registry'

describe('knownValues', () => {
  it('leaves out what a strategy has no parameter for', () => {
    const { parameters } = strategyById('margin-default')
    expect(knownValues(parameters, { candidates: 4, worth: 2 })).toEqual({ worth: 2 })
    expect(knownValues([], { worth: 2 })).toEqual({})
  })
})

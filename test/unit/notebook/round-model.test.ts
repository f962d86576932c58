import { describe, expect, it } from 'vitest'
import { roundModel } from '../../../src/core/notebook/round-model'
import { fresh, model, roundAt, roundOutput, withRound } from './cells'

const untrained = withRound(withRound(withRound(fresh(), [], roundOutput()), [], roundOutput()), [])
const rounds = [0, 1, 2].map((index) => roundAt(untrained, index))
const warm = { ...model, start: 'warm' } as const

describe('roundModel', () => {
  it('starts every round from scratch unless told otherwise', () => {
    for (const round of rounds)
      expect(roundModel(model, rounds, round)).toEqual({ settings: model, startsFrom: undefined })
  })

  it('starts a round from the newest trained one before it', () => {
    const [first, second, third] = rounds
    expect(roundModel(warm, rounds, third)).toEqual({ settings: warm, startsFrom: second })
    expect(roundModel(warm, rounds, second)).toEqual({ settings: warm, startsFrom: first })
  })

  it('starts from scratch where the last round was trained to another depth', () => {
    const [, , third] = rounds
    const deeper = { ...warm, depth: 'full' } as const
    expect(roundModel(deeper, rounds, third)).toEqual({
      settings: { ...model, depth: 'full' },
      startsFrom: undefined,
    })
  })

  it('starts the first round from scratch, as there is nothing else', () => {
    const [first] = rounds
    expect(roundModel(warm, rounds, first)).toEqual({ settings: model, startsFrom: undefined })
  })
})

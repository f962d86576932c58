import { describe, expect, it } from 'vitest'
import { committeePeaks } from '../../../src/core/detection/peaks'
import { createLetterbox } from '../../../src/core/geometry/letterbox'
import { categories, committeeOutput, type AnsweredCell } from './committee'

const letterbox = createLetterbox(40, 40, 40)
const cat = (p: number): AnsweredCell => ({ p: [p, 0.001] })

function peaksOf(
  members: readonly Readonly<Record<number, AnsweredCell>>[],
  box = letterbox,
): [string, string[]][] {
  const peaks = committeePeaks(committeeOutput(members), { categories, letterbox: box })
  return peaks.map(({ categoryId, memberScores }) => [
    categoryId,
    memberScores.map((score) => score.toFixed(3)),
  ])
}

describe('the peaks of a committee', () => {
  it('are where any member sees an object, also alone, with what every member says there', () => {
    // The mean at cell 15 is 0.035: decoding with a lowest score of 0.05 would not see it.
    const members: Record<number, AnsweredCell>[] = [
      { 0: cat(0.9) },
      { 0: cat(0.5), 15: cat(0.103) },
      {},
    ]
    expect(peaksOf(members)).toEqual([
      ['cat', ['0.900', '0.500', '0.001']],
      ['cat', ['0.001', '0.103', '0.001']],
    ])
  })

  it('need a probability of 0.05', () => {
    expect(peaksOf([{ 0: cat(0.051), 15: cat(0.049) }])).toEqual([['cat', ['0.051']]])
  })

  it('are the highest of a member’s own neighbourhood, the first of equals', () => {
    expect(peaksOf([{ 0: cat(0.3), 1: cat(0.4), 5: cat(0.4) }])).toEqual([['cat', ['0.400']]])
  })

  it('are one object where members place it in neighbouring cells, and the surer place stays', () => {
    // Means: 0.35 at cell 5, 0.45 at cell 6.
    const members = [
      { 5: cat(0.6), 6: cat(0.2) },
      { 5: cat(0.1), 6: cat(0.7) },
    ]
    expect(peaksOf(members)).toEqual([['cat', ['0.200', '0.700']]])
  })

  it('are each category’s own', () => {
    expect(peaksOf([{ 5: { p: [0.2, 0.3] } }])).toEqual([
      ['dog', ['0.300']],
      ['cat', ['0.200']],
    ])
  })

  it('lie on the image, and the bars do not outshine them', () => {
    const landscape = createLetterbox(40, 20, 40)
    expect(peaksOf([{ 1: cat(0.9), 5: cat(0.2) }], landscape)).toEqual([['cat', ['0.200']]])
  })
})

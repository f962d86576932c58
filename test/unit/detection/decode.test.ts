import { describe, expect, it } from 'vitest'
import type { CategoryId } from '../../../src/core/dataset/types'
import { decodeDetections, type DecodeOptions } from '../../../src/core/detection/decode'
import { createLetterbox } from '../../../src/core/geometry/letterbox'
import { seededRandom } from '../../../src/core/random/seeded'

const grid = { rows: 4, columns: 4, stride: 10 }
const categories = ['cat', 'dog'] as CategoryId[]
const width = categories.length + 4
const logit = (p: number): number => Math.log(p / (1 - p))

/** A committee that answers 'nothing' with distances of one cell, but for the cells given. */
function committee(
  members: Record<number, { p: [number, number]; distances?: number[] }>[],
): Float32Array {
  const values = new Float32Array(members.length * 16 * width)
  members.forEach((cells, member) => {
    for (let cell = 0; cell < 16; cell++) {
      const { p, distances = [1, 1, 1, 1] } = cells[cell] ?? { p: [0.001, 0.001] }
      values.set([...p.map(logit), ...distances.map(Math.log)], (member * 16 + cell) * width)
    }
  })
  return values
}

const options: DecodeOptions = {
  categories,
  imageWidth: 80,
  imageHeight: 80,
  letterbox: createLetterbox(80, 80, 40), // an input pixel is two image pixels
  minScore: 0.1,
  maxIou: 0.6,
  limit: 100,
}

describe('decodeDetections', () => {
  it('averages the members and maps the box back to the image', () => {
    const values = committee([
      { 5: { p: [0.9, 0.2], distances: [1, 1, 1, 1] } },
      { 5: { p: [0.5, 0.4], distances: [1, 1, 2, 1] } },
    ])
    const [first, second, ...others] = decodeDetections({ grid, members: 2, values }, options)
    expect(others).toEqual([])
    expect(first?.categoryId).toBe('cat')
    expect(first?.score).toBeCloseTo(0.7, 5)
    expect(first?.classProbabilities[1]).toBeCloseTo(0.3, 5)
    expect(first?.memberScores.map((score) => score.toFixed(4))).toEqual(['0.9000', '0.5000'])
    // Cell 5 has its centre at (15, 15) input pixels; mean distances 10, 10, 15, 10.
    expect(first?.box.x).toBeCloseTo(10, 4)
    expect(first?.box.y).toBeCloseTo(10, 4)
    expect(first?.box.width).toBeCloseTo(50, 4)
    expect(first?.box.height).toBeCloseTo(40, 4)
    expect(second?.categoryId).toBe('dog')
  })

  it('answers only at peaks of a class, the first of equal neighbours, and from the minimal score on', () => {
    const values = committee([
      {
        0: { p: [0.3, 0.05] },
        1: { p: [0.4, 0.05] },
        10: { p: [0.05, 0.6] },
        11: { p: [0.05, 0.6] },
        13: { p: [0.09, 0.01] },
      },
    ])
    const found = decodeDetections({ grid, members: 1, values }, options)
    expect(found.map(({ categoryId, score }) => [categoryId, score.toFixed(2)])).toEqual([
      ['dog', '0.60'],
      ['cat', '0.40'],
    ])
  })

  it('removes duplicates of a class and clips to the image', () => {
    const wide = [3, 3, 3, 3]
    const values = committee([
      { 5: { p: [0.9, 0.01], distances: wide }, 15: { p: [0.8, 0.01], distances: [5, 5, 3, 3] } },
    ])
    const found = decodeDetections({ grid, members: 1, values }, options)
    expect(found).toHaveLength(1)
    expect(found[0]?.box.x).toBe(0)
    expect(found[0]?.box.y).toBe(0)
    expect(found[0]?.box.width).toBe(80)
  })

  it('neither answers on the bars nor lets them outshine the image', () => {
    const values = committee([{ 1: { p: [0.9, 0.9] }, 5: { p: [0.2, 0.01] } }])
    const landscape = { ...options, imageHeight: 40, letterbox: createLetterbox(80, 40, 40) }
    const found = decodeDetections({ grid, members: 1, values }, landscape)
    // Cell 1 is brighter than its neighbour, cell 5, but lies on the bar.
    expect(found.map(({ score }) => score)).toEqual([expect.closeTo(0.2, 6)])
  })

  it.each([0, 1e-9, 0.01, 0.2, 0.9, 1])(
    'from %f on, finds what every probability of every cell gives',
    (minScore) => {
      const random = seededRandom(7)
      const members = 3
      const logits = Array.from({ length: members * 16 }, () => [
        3 * random.normal() - 1,
        40 * random.normal(),
      ])
      const values = Float32Array.from(logits.flatMap((own) => [...own, 0, 0, 0, 0]))
      const mean = (cell: number, index: number): number => {
        let sum = 0
        for (let member = 0; member < members; member++) {
          const value = values[(member * 16 + cell) * width + index] ?? NaN
          sum = Math.fround(sum + 1 / (1 + Math.exp(-value)) / members)
        }
        return sum
      }
      const isPeak = (cell: number, index: number): boolean =>
        Array.from({ length: 16 }, (_, other) => other)
          .filter(
            (other) =>
              other !== cell &&
              Math.abs((other % 4) - (cell % 4)) <= 1 &&
              Math.abs(Math.floor(other / 4) - Math.floor(cell / 4)) <= 1,
          )
          .every(
            (other) =>
              mean(other, index) < mean(cell, index) ||
              (mean(other, index) === mean(cell, index) && other > cell),
          )
      const expected = Array.from({ length: 32 }, (_, at) => [Math.floor(at / 2), at % 2] as const)
        .filter(([cell, index]) => mean(cell, index) >= minScore && isPeak(cell, index))
        .map(([cell, index]) => [
          categories[index],
          mean(cell, index),
          mean(cell, 0),
          mean(cell, 1),
        ])
      const inOrder = (rows: (readonly unknown[])[]): string[] =>
        rows.map((row) => row.join(' ')).toSorted()

      const found = decodeDetections({ grid, members, values }, { ...options, minScore, maxIou: 1 })
      expect(
        inOrder(
          found.map(({ categoryId, score, classProbabilities }) => [
            categoryId,
            score,
            ...classProbabilities,
          ]),
        ),
      ).toEqual(inOrder(expected))
    },
  )
})

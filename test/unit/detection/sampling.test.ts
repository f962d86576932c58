import { describe, expect, it } from 'vitest'
import { sampleCells } from '../../../src/core/detection/sampling'
import { createTargets } from '../../../src/core/detection/targets'
import { createLetterbox } from '../../../src/core/geometry/letterbox'
import { seededRandom } from '../../../src/core/random/seeded'

const grid = { rows: 10, columns: 10, stride: 8 }
const targets = createTargets(
  [{ box: { x: 8, y: 8, width: 56, height: 56 }, classIndex: 0, crowd: false }],
  1,
  createLetterbox(80, 80, 80),
  grid,
)
const limits = { positives: 5, hardNegatives: 4, randomNegatives: 10 }
const hard = [90, 91, 92, 93, 94, 95, 96, 97]

describe('sampleCells', () => {
  it('draws each stratum without replacement up to its limit', () => {
    const sample = sampleCells(targets, hard, limits, seededRandom(1))
    expect(targets.cells).toHaveLength(9)
    expect(new Set(sample.positives).size).toBe(5)
    expect(new Set(sample.negatives).size).toBe(14)
    for (const cell of sample.negatives) expect(targets.background[cell]).toBe(1)
    expect([...sample.negatives.slice(0, 4)].every((cell) => hard.includes(cell))).toBe(true)
    expect([...sample.negatives.slice(4)].some((cell) => hard.includes(cell))).toBe(false)
  })

  it('weights every drawn cell by the number of cells it stands for', () => {
    const sample = sampleCells(targets, hard, limits, seededRandom(1))
    expect(sample.positiveWeight).toBeCloseTo(9 / 5, 6)
    expect(sample.negativeWeights[0]).toBeCloseTo(8 / 4, 6)
    expect(sample.negativeWeights[4]).toBeCloseTo((91 - 8) / 10, 5)
    expect(sample.negativeWeights.reduce((a, b) => a + b, 0)).toBeCloseTo(91, 4)
  })

  it('estimates a sum over the background without bias', () => {
    const value = (cell: number): number => cell * cell
    const exact = [...targets.background.keys()]
      .filter((cell) => targets.background[cell] === 1)
      .reduce((sum, cell) => sum + value(cell), 0)
    const random = seededRandom(7)
    const draws = 3000
    let sum = 0
    for (let draw = 0; draw < draws; draw++) {
      const { negatives, negativeWeights } = sampleCells(targets, hard, limits, random)
      negatives.forEach((cell, index) => (sum += (negativeWeights[index] ?? 0) * value(cell)))
    }
    expect(Math.abs(sum / draws / exact - 1)).toBeLessThan(0.02)
  })

  it('repeats itself for a seed and takes everything when there is less than the limit', () => {
    const all = { positives: 99, hardNegatives: 99, randomNegatives: 999 }
    expect(sampleCells(targets, hard, limits, seededRandom(3))).toEqual(
      sampleCells(targets, hard, limits, seededRandom(3)),
    )
    const sample = sampleCells(targets, hard, all, seededRandom(3))
    expect(sample.positives).toHaveLength(9)
    expect(sample.negatives).toHaveLength(91)
    expect(new Set(sample.negativeWeights)).toEqual(new Set([1]))
  })

  it('ignores hard negatives that are targets or named twice', () => {
    const [target = 0] = targets.cells
    const sample = sampleCells(targets, [target, 90, 90], limits, seededRandom(1))
    expect(sample.negatives[0]).toBe(90)
    expect(sample.negativeWeights[0]).toBe(1)
    expect(sample.negatives).toHaveLength(11)
  })
})

import { describe, expect, it } from 'vitest'
import { hardestBackground } from '../../../../src/engine/head/hard-negatives'

const shape = { channels: 1, members: 2, hidden: 1, outputs: 6 }

/** Raw outputs of two members on four cells, two classes each; the distances do not matter. */
const values = Float32Array.from([
  ...[-5, -5, 9, 9, 9, 9, 2, -5, 9, 9, 9, 9, -5, 1, 9, 9, 9, 9, -4, -5, 9, 9, 9, 9],
  ...[-5, -5, 9, 9, 9, 9, 2, -5, 9, 9, 9, 9, -5, -9, 9, 9, 9, 9, -4, -5, 9, 9, 9, 9],
])

function targets(background: readonly number[]) {
  return {
    classCount: 2,
    objectCount: 0,
    cells: new Int32Array(0),
    heat: new Float32Array(0),
    distances: new Float32Array(0),
    boxWeights: new Float32Array(0),
    background: Uint8Array.from(background),
  }
}

const hardest = (background: readonly number[], limit: number): number[] =>
  [...hardestBackground(values, shape, targets(background), limit)].sort()

describe('the hardest background cells', () => {
  it('have the highest committee-mean probability of any class', () => {
    // Probabilities 0.007, 0.88, (0.73 + 0.0001) / 2 = 0.37, 0.018.
    expect(hardest([1, 1, 1, 1], 1)).toEqual([1])
    expect(hardest([1, 1, 1, 1], 2)).toEqual([1, 2])
    expect(hardest([1, 1, 1, 1], 3)).toEqual([1, 2, 3])
  })

  it('are background only, and as many as there are', () => {
    expect(hardest([1, 0, 1, 0], 1)).toEqual([2])
    expect(hardest([1, 0, 1, 0], 9)).toEqual([0, 2])
    expect(hardest([0, 0, 0, 0], 9)).toEqual([])
    expect(hardest([1, 1, 1, 1], 0)).toEqual([])
  })

  it('are the first of equal ones', () => {
    const same = new Float32Array(values.length)
    const found = hardestBackground(same, shape, targets([1, 1, 1, 1]), 2)
    expect([...found].sort()).toEqual([0, 1])
  })
})

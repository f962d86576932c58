import { describe, expect, it } from 'vitest'
import {
  classPrototypes,
  suppressSimilar,
} from '../../../../src/core/acquisition/doubt/entropy-suppression'
import { detection, rbc, wbc } from '../../../helpers/acquisition-evidence'

const features = (...rows: number[][]) => rows.map((row) => Float32Array.from(row))

describe('suppressSimilar', () => {
  it('keeps the least sure of the boxes of a class that look alike', () => {
    const found = [detection(0.9), detection(0.8), detection(0.5), detection(0.4, wbc)]
    // cos((3, 4), (1, 0)) = 0.6: the box at 0.8 goes for the one at 0.5. (0, 1) is at right angles to that, and what
    // it has in common with the box already left out, cos 0.8, no longer counts. The last is of another class.
    const kept = suppressSimilar(found, features([0, 1], [3, 4], [1, 0], [1, 0]), 0.5)
    expect(kept.map(({ detection: { score } }) => score)).toEqual([0.5, 0.4, 0.9])
    // H(0.5), H(0.4), H(0.9)
    expect(kept.map(({ entropy }) => entropy.toFixed(6))).toEqual([
      '0.693147',
      '0.673012',
      '0.325083',
    ])
  })

  it('leaves out above the limit, not at it', () => {
    const found = [detection(0.5), detection(0.6)]
    // (1, 0, 0, 0) . (1, 1, 1, 1) / 2 = 0.5 exactly
    const half = features([1, 0, 0, 0], [1, 1, 1, 1])
    expect(suppressSimilar(found, half, 0.5)).toHaveLength(2)
    expect(suppressSimilar(found, half, 0.49)).toHaveLength(1)
  })

  it('leaves nothing out without features', () => {
    expect(suppressSimilar([detection(0.5), detection(0.5)], undefined, 0.5)).toHaveLength(2)
  })
})

describe('classPrototypes', () => {
  it('weights the features of each class by entropy', () => {
    const found = [detection(0.5), detection(0.9), detection(0.1, wbc)]
    const prototypes = classPrototypes(
      suppressSimilar(found, features([1, 0], [0, 2], [5, 5]), 0.9),
    )
    // ln 2 (1, 0) + H(0.9) (0, 2), H(0.9) = 0.325083
    expect(prototypes.get(rbc)?.[0]).toBeCloseTo(0.693147, 6)
    expect(prototypes.get(rbc)?.[1]).toBeCloseTo(0.650166, 6)
    expect(prototypes.get(wbc)?.[0]).toBeCloseTo(1.625415, 5)
  })

  it('has none for a class without features', () => {
    expect(classPrototypes(suppressSimilar([detection(0.5)], undefined, 0.5)).size).toBe(0)
  })
})

import { describe, expect, it } from 'vitest'
import { divideBatch } from '../../../src/engine/shares'

/** Images with 2, 1, 3 and 2 cells of one channel and one class; every number tells its cell. */
const batch = (imagesPerMember: number) => {
  const each = (width: number): Float32Array =>
    Float32Array.from({ length: 8 * width }, (_, index) => Math.floor(index / width))
  return {
    cellCount: 8,
    classCount: 1,
    objectCount: 10,
    positions: Int32Array.from({ length: 8 }, (_, cell) => cell),
    images: [
      { firstCell: 0, objectCount: 1 },
      { firstCell: 2, objectCount: 2 },
      { firstCell: 3, objectCount: 3 },
      { firstCell: 6, objectCount: 4 },
    ],
    imagesPerMember,
    cells: each(3),
    heat: each(1),
    distances: each(4),
    cellWeights: each(1),
    boxWeights: each(1),
  }
}

const cellsOf = (members: number, imagesPerMember: number): number[][] =>
  divideBatch(batch(imagesPerMember), members).map(({ cellWeights }) => [...cellWeights])

describe('the division of a batch among a committee', () => {
  it('gives a lone head, or members that take them all, every image', () => {
    const all = [0, 1, 2, 3, 4, 5, 6, 7]
    expect(cellsOf(1, 4)).toEqual([all])
    expect(cellsOf(3, 9)).toEqual([all, all, all])
  })

  it('spreads runs of images evenly', () => {
    expect(cellsOf(2, 2)).toEqual([
      [0, 1, 2],
      [3, 4, 5, 6, 7],
    ])
    expect(cellsOf(3, 2)).toEqual([
      [0, 1, 2],
      [2, 3, 4, 5],
      [3, 4, 5, 6, 7],
    ])
  })

  it('cuts every array at the same cells, and counts the objects of the share', () => {
    const [, second] = divideBatch(batch(1), 4)
    expect(second).toMatchObject({ firstCell: 2, cellCount: 1, classCount: 1, objectCount: 2 })
    expect([...(second?.cells ?? [])]).toEqual([2, 2, 2])
    expect([...(second?.distances ?? [])]).toEqual([2, 2, 2, 2])
    expect([...(second?.heat ?? [])]).toEqual([2])
    expect([...(second?.boxWeights ?? [])]).toEqual([2])
  })
})

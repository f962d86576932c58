import { describe, expect, it } from 'vitest'
import {
  decodeStockOutput,
  zeroShotProposals,
  type StockProposals,
} from '../../../src/core/detection/zero-shot'
import { findCocoClass } from '../../../src/core/detection/coco-classes'
import type { CategoryId } from '../../../src/core/dataset/types'
import { createLetterbox } from '../../../src/core/geometry/letterbox'

const grid = { rows: 8, columns: 8, stride: 4 }
const classes = 2

/** An output with one entry a given cell: row, column, scores, distances. */
function output(
  cells: readonly (readonly [number, number, readonly number[], readonly number[]])[],
) {
  const heat = new Float32Array(64 * classes)
  const distances = new Float32Array(64 * 4)
  for (const [row, column, scores, sides] of cells) {
    heat.set(scores, (row * 8 + column) * classes)
    distances.set(sides, (row * 8 + column) * 4)
  }
  return { grid, heat, distances, classes }
}

/** 64 x 32 pixels on 32 x 32: scale 0.5, bars of 8 pixels above and below. */
const options = {
  imageWidth: 64,
  imageHeight: 32,
  letterbox: createLetterbox(64, 32, 32),
  minScore: 0.1,
  maxIou: 0.6,
  limit: 10,
}

describe('decodeStockOutput', () => {
  it("measures boxes from the cell's corner in input pixels and puts them on the image", () => {
    const { named, agnostic } = decodeStockOutput(output([[3, 2, [0, 0.5], [2, 1, 4, 3]]]), options)
    // Corner (8, 12) of the input: 6..12 by 11..15, less the bar of 8, twice as large.
    const box = { x: 12, y: 6, width: 12, height: 8 }
    expect(named).toEqual([{ box, score: 0.5, cocoClass: 1 }])
    expect(agnostic).toEqual([{ box, score: 0.5 }])
  })

  it('clips to the image and leaves the bars out', () => {
    const { named } = decodeStockOutput(
      output([
        [3, 0, [0.5, 0], [9, 2, 4, 2]],
        [0, 5, [0.9, 0], [4, 4, 4, 4]],
      ]),
      options,
    )
    expect(named.map(({ box }) => box)).toEqual([{ x: 0, y: 4, width: 8, height: 8 }])
  })

  it('keeps only the peaks of 3 x 3 cells, of each class and of the maximum over the classes', () => {
    const sides = [1, 1, 1, 1]
    const { named, agnostic } = decodeStockOutput(
      output([
        [3, 2, [0.5, 0.3], sides],
        [3, 3, [0.4, 0.6], sides],
        [3, 6, [0.2, 0.05], sides],
      ]),
      options,
    )
    expect(named.map(({ cocoClass, score }) => [cocoClass, score])).toEqual([
      [1, Math.fround(0.6)],
      [0, 0.5],
      [0, Math.fround(0.2)],
    ])
    expect(agnostic.map(({ score }) => score)).toEqual([0.6, 0.2].map(Math.fround))
  })

  it('keeps one of two boxes of a class on one object, and no more than the limit', () => {
    const found = output([
      [3, 1, [0.5, 0], [4, 4, 12, 4]],
      [3, 3, [0.4, 0], [12, 4, 4, 4]],
      [4, 6, [0.3, 0], [2, 2, 2, 2]],
    ])
    expect(decodeStockOutput(found, options).named.map(({ score }) => score)).toEqual(
      [0.5, 0.3].map(Math.fround),
    )
    expect(decodeStockOutput(found, { ...options, limit: 1 }).agnostic).toHaveLength(1)
  })
})

describe('zeroShotProposals', () => {
  const at = (x: number) => ({ x, y: 0, width: 10, height: 10 })
  const cow = findCocoClass('cow') ?? NaN
  const dog = findCocoClass('dog') ?? NaN
  const stock: StockProposals = {
    named: [
      { box: at(0), score: 0.9, cocoClass: cow },
      { box: at(50), score: 0.8, cocoClass: dog },
    ],
    agnostic: [
      { box: at(1), score: 0.9 },
      { box: at(50), score: 0.8 },
    ],
  }
  const category = (name: string) => ({ id: name as CategoryId, name })
  const kinds = (...names: string[]) =>
    zeroShotProposals(stock, names.map(category)).map((proposal) =>
      proposal?.kind === 'category' ? proposal.categoryId : proposal?.kind,
    )

  it('names what is a class of COCO and proposes nothing else when every category is one', () => {
    expect(kinds('Cows')).toEqual(['Cows', undefined, undefined, undefined])
    expect(kinds('Cows', 'dog')).toEqual(['Cows', 'dog', undefined, undefined])
  })

  it('is class-agnostic for other categories and before there is any', () => {
    expect(kinds('RBC')).toEqual([undefined, undefined, 'object', 'object'])
    expect(kinds()).toEqual([undefined, undefined, 'object', 'object'])
  })

  it('does both where both are asked, one box an object', () => {
    expect(kinds('cow', 'RBC')).toEqual(['cow', undefined, undefined, 'object'])
  })

  it('gives a class to the first of two categories that mean it', () => {
    expect(kinds('cattle', 'cow', 'cows')[0]).toBe('cow')
  })
})

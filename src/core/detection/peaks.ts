import type { CommitteeOutput, DecodeOptions } from './decode'
import { logit } from '../numeric/probability'
import { sigmoid } from '../numeric/sigmoid'
import { poolMinScore } from './model-settings'
import { imageCells, type CellGrid } from './targets'
import type { CommitteePeak } from './types'

interface Peak extends CommitteePeak {
  readonly cell: number
  readonly mean: number
}

/**
 * The union of the members' own peaks, highest committee mean first: the cells on the image where at least one member
 * gives a category a probability of at least `poolMinScore` and, of its 3 x 3 neighbourhood, the highest. Peaks of a
 * category in neighbouring cells are one object that members place differently: of these, the one with the highest mean
 * stays.
 */
export function committeePeaks(
  output: CommitteeOutput,
  { categories, letterbox }: Pick<DecodeOptions, 'categories' | 'letterbox'>,
): CommitteePeak[] {
  const { grid, members, values } = output
  const cellCount = grid.rows * grid.columns
  const width = categories.length + 4
  const inside = imageCells(letterbox, grid)
  const lowest = logit(poolMinScore)
  return categories
    .flatMap((categoryId, index) => {
      // Of logits, as a sigmoid changes no order.
      const valueOf = (member: number, cell: number): number =>
        values[(member * cellCount + cell) * width + index] ?? 0
      const peaks: Peak[] = []
      for (let cell = 0; cell < cellCount; cell++) {
        if (inside[cell] === 0) continue
        let isPeak = false
        for (let member = 0; member < members && !isPeak; member++) {
          const own = valueOf(member, cell)
          isPeak =
            own >= lowest &&
            neighbours(cell, grid).every((other) => {
              const value = inside[other] === 0 ? -Infinity : valueOf(member, other)
              // Of equal neighbours the first in reading order is the peak.
              return value < own || (value === own && other > cell)
            })
        }
        if (!isPeak) continue
        const memberScores = Array.from({ length: members }, (_, member) =>
          sigmoid(valueOf(member, cell)),
        )
        const mean = memberScores.reduce((sum, score) => sum + score, 0) / members
        peaks.push({ categoryId, memberScores, cell, mean })
      }
      return withoutNeighbours(peaks, grid)
    })
    .sort((a, b) => b.mean - a.mean)
    .map(({ categoryId, memberScores }) => ({ categoryId, memberScores }))
}

/** Of peaks in neighbouring cells the highest. */
function withoutNeighbours(peaks: readonly Peak[], grid: CellGrid): Peak[] {
  const taken = new Set<number>()
  return peaks
    .toSorted((a, b) => b.mean - a.mean || a.cell - b.cell)
    .filter(({ cell }) => {
      if (neighbours(cell, grid).some((other) => taken.has(other))) return false
      taken.add(cell)
      return true
    })
}

/** The up to eight cells around a cell. */
function neighbours(cell: number, { rows, columns }: CellGrid): number[] {
  const row = Math.floor(cell / columns)
  const column = cell % columns
  const found: number[] = []
  for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++)
      if (y !== row || x !== column) found.push(y * columns + x)
  }
  return found
}

/** Outputs of committees on 4 x 4 cells of 10 input pixels, with two categories. */
import type { CategoryId } from '../../../src/core/dataset/types'
import type { CommitteeOutput } from '../../../src/core/detection/decode'

export const grid = { rows: 4, columns: 4, stride: 10 }
export const categories = ['cat', 'dog'] as CategoryId[]

export interface AnsweredCell {
  /** Of cat and dog. */
  readonly p: readonly [number, number]
  /** Left, top, right, bottom in cells; 1 each if left out. */
  readonly distances?: readonly number[]
}

/** A committee that answers 'nothing' with distances of one cell, but for the cells given, member by member. */
export function committeeOutput(
  members: readonly Readonly<Record<number, AnsweredCell>>[],
): CommitteeOutput {
  const width = categories.length + 4
  const values = new Float32Array(members.length * 16 * width)
  const logit = (p: number): number => Math.log(p / (1 - p))
  members.forEach((cells, member) => {
    for (let cell = 0; cell < 16; cell++) {
      const { p, distances = [1, 1, 1, 1] } = cells[cell] ?? { p: [0.001, 0.001] }
      values.set([...p.map(logit), ...distances.map(Math.log)], (member * 16 + cell) * width)
    }
  })
  return { grid, members: members.length, values }
}

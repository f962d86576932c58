import { sigmoid } from '../../core/numeric/sigmoid'
import type { CellTargets } from '../../core/detection/targets'
import type { HeadShape } from './head'

/**
 * The background cells to which a committee gives the highest probability of any class, at most `limit`.
 * @param values raw outputs on every cell, row-major [K, cells, C + 4]
 */
export function hardestBackground(
  values: Float32Array,
  shape: HeadShape,
  { background }: CellTargets,
  limit: number,
): Int32Array {
  const scores = largestProbabilities(values, shape)
  const ofBackground = scores.filter((_, cell) => background[cell] === 1).sort()
  const lowest = ofBackground[Math.max(0, ofBackground.length - limit)] ?? 0
  const above: number[] = []
  const equal: number[] = []
  for (let cell = 0; cell < scores.length; cell++) {
    const score = scores[cell] ?? 0
    if (background[cell] !== 1 || score < lowest) continue
    if (score > lowest) above.push(cell)
    else equal.push(cell)
  }
  return Int32Array.from([...above, ...equal].slice(0, limit))
}

/** Largest committee-mean class probability of every cell. */
function largestProbabilities(values: Float32Array, { members, outputs }: HeadShape): Float32Array {
  const cellCount = values.length / (members * outputs)
  const largest = new Float32Array(cellCount)
  for (let cell = 0; cell < cellCount; cell++) {
    for (let index = 0; index < outputs - 4; index++) {
      let sum = 0
      for (let member = 0; member < members; member++) {
        sum += sigmoid(values[(member * cellCount + cell) * outputs + index] ?? 0)
      }
      largest[cell] = Math.max(largest[cell] ?? 0, sum / members)
    }
  }
  return largest
}

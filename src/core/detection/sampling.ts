import type { RandomSource } from '../random/types'
import type { CellTargets } from './targets'

/** Most cells drawn from one image and step, by stratum. */
export interface SampleLimits {
  readonly positives: number
  readonly hardNegatives: number
  readonly randomNegatives: number
}

/** Cells of one image chosen for one step. */
export interface CellSample {
  /** Positions in `targets.cells`. */
  readonly positives: Int32Array
  /** Cell indices. */
  readonly negatives: Int32Array
  /** How many cells each positive stands for. */
  readonly positiveWeight: number
  /** How many cells each negative stands for, parallel to `negatives`. */
  readonly negativeWeights: Float32Array
}

/**
 * Draws cells so that the weighted loss over the sample is an unbiased estimate of the loss over the whole image:
 * three strata (cells with a target, given hard negatives, the other background), each drawn without replacement up to
 * its limit and weighted by how many cells a drawn one stands for.
 *
 * @param hardNegatives cell indices; those that are not background (any more) are ignored.
 */
export function sampleCells(
  targets: CellTargets,
  hardNegatives: ArrayLike<number>,
  limits: SampleLimits,
  random: RandomSource,
): CellSample {
  const { cells, background } = targets
  const positives = draw(
    Int32Array.from(cells, (_, position) => position),
    limits.positives,
    random,
  )
  const isHard = new Set<number>()
  for (const cell of Array.from(hardNegatives)) if (background[cell] === 1) isHard.add(cell)
  const hard = Int32Array.from(isHard)
  // A list of a few thousand numbers for each image of each step would cost as much as copying their cells.
  const others = new Int32Array(background.length)
  let otherCount = 0
  for (let cell = 0; cell < background.length; cell++) {
    if (background[cell] === 1 && !isHard.has(cell)) others[otherCount++] = cell
  }
  const rest = others.subarray(0, otherCount)
  const drawnHard = draw(hard, limits.hardNegatives, random)
  const drawnRest = draw(rest, limits.randomNegatives, random)

  const negatives = new Int32Array(drawnHard.length + drawnRest.length)
  negatives.set(drawnHard)
  negatives.set(drawnRest, drawnHard.length)
  const negativeWeights = new Float32Array(negatives.length)
  negativeWeights.fill(hard.length / Math.max(1, drawnHard.length), 0, drawnHard.length)
  negativeWeights.fill(otherCount / Math.max(1, drawnRest.length), drawnHard.length)
  return {
    positives,
    negatives,
    positiveWeight: cells.length / Math.max(1, positives.length),
    negativeWeights,
  }
}

/** `count` of the items without replacement, by a partial Fisher-Yates shuffle in place; all when there are fewer. */
function draw(items: Int32Array, count: number, random: RandomSource): Int32Array {
  if (items.length <= count) return items
  for (let index = 0; index < count; index++) {
    const other = index + random.integer(items.length - index)
    const value = items[other] ?? 0
    items[other] = items[index] ?? 0
    items[index] = value
  }
  return items.slice(0, count)
}

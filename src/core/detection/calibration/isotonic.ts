import type { Outcomes } from './logistic'
import type { Calibrator, IsotonicPoint } from './types'

type Isotonic = Extract<Calibrator, { kind: 'isotonic' }>

/** Samples of neighbouring scores that share one probability. */
interface Block {
  readonly from: number
  readonly to: number
  readonly count: number
  readonly correct: number
}

/**
 * Isotonic regression (Zadrozny & Elkan 2002): of all non-decreasing maps the one under which the samples are most
 * probable, by pooling adjacent violators. Probabilities are kept between 1 / (n + 2) and (n + 1) / (n + 2): n samples
 * cannot show that something is certain.
 */
export function fitIsotonic(outcomes: Outcomes): Isotonic {
  const count = outcomes.scores.length
  const lowest = 1 / (count + 2)
  const points = poolAdjacentViolators(outcomes).flatMap((block): IsotonicPoint[] => {
    const probability = Math.min(1 - lowest, Math.max(lowest, block.correct / block.count))
    const first = { score: block.from, probability }
    return block.from === block.to ? [first] : [first, { score: block.to, probability }]
  })
  return { kind: 'isotonic', points }
}

/** Blocks in the order of their scores, the share of correct samples growing from block to block. */
function poolAdjacentViolators(outcomes: Outcomes): Block[] {
  const blocks: Block[] = []
  for (const group of groupByScore(outcomes)) {
    let block = group
    let last = blocks.at(-1)
    while (last !== undefined && last.correct * block.count >= block.correct * last.count) {
      blocks.pop()
      block = merge(last, block)
      last = blocks.at(-1)
    }
    blocks.push(block)
  }
  return blocks
}

/** A block for each score, ascending: what has one score gets one probability. */
function groupByScore({ scores, correct }: Outcomes): Block[] {
  const order = scores.map((_, index) => index).sort((a, b) => scores[a] - scores[b])
  const blocks: Block[] = []
  for (const index of order) {
    const score = scores[index]
    const block = { from: score, to: score, count: 1, correct: correct[index] ? 1 : 0 }
    const last = blocks.at(-1)
    if (last?.to === score) blocks[blocks.length - 1] = merge(last, block)
    else blocks.push(block)
  }
  return blocks
}

function merge(before: Block, after: Block): Block {
  return {
    from: before.from,
    to: after.to,
    count: before.count + after.count,
    correct: before.correct + after.correct,
  }
}

/** The map's value at a score, 0..1. */
export function interpolate(points: readonly IsotonicPoint[], score: number): number {
  // The first point above the score.
  let low = 0
  let high = points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (points[middle].score > score) high = middle
    else low = middle + 1
  }
  if (low === 0) return points[0].probability
  const before = points[low - 1]
  if (low === points.length) return before.probability
  const after = points[low]
  const share = (score - before.score) / (after.score - before.score)
  const rise = share * (after.probability - before.probability)
  // Rounding must not lift it above the next point.
  return Math.min(after.probability, before.probability + rise)
}

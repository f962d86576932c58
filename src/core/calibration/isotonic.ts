import { poolViolators, type Block } from '../numeric/pool-violators'
import type { Outcomes } from './logistic'
import type { Calibrator, IsotonicPoint } from './types'

type Isotonic = Extract<Calibrator, { kind: 'isotonic' }>

/** Samples of neighbouring scores that share one probability; `sum` counts the correct ones. */
interface ScoreBlock extends Block {
  readonly from: number
  readonly to: number
}

/**
 * Isotonic regression (Zadrozny & Elkan 2002): of all non-decreasing maps the one under which the samples are most
 * probable, by pooling adjacent violators. Probabilities are kept between 1 / (n + 2) and (n + 1) / (n + 2): n samples
 * cannot show that something is certain.
 */
export function fitIsotonic(outcomes: Outcomes): Isotonic {
  const count = outcomes.scores.length
  const lowest = 1 / (count + 2)
  const points = poolViolators(groupByScore(outcomes), merge).flatMap((block): IsotonicPoint[] => {
    const probability = Math.min(1 - lowest, Math.max(lowest, block.sum / block.count))
    const first = { score: block.from, probability }
    return block.from === block.to ? [first] : [first, { score: block.to, probability }]
  })
  return { kind: 'isotonic', points }
}

/** A block for each score, ascending: what has one score gets one probability. */
function groupByScore({ scores, correct }: Outcomes): ScoreBlock[] {
  const order = scores.map((_, index) => index).sort((a, b) => scores[a] - scores[b])
  const blocks: ScoreBlock[] = []
  for (const index of order) {
    const score = scores[index]
    const block = { from: score, to: score, count: 1, sum: correct[index] ? 1 : 0 }
    const last = blocks.at(-1)
    if (last?.to === score) blocks[blocks.length - 1] = merge(last, block)
    else blocks.push(block)
  }
  return blocks
}

function merge(before: ScoreBlock, after: ScoreBlock): ScoreBlock {
  return {
    from: before.from,
    to: after.to,
    count: before.count + after.count,
    sum: before.sum + after.sum,
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

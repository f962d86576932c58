import { describe, expect, it } from 'vitest'
import { decodeDistance, detectionLoss, type LossBatch } from '../../../src/core/detection/loss'
import { sigmoid } from '../../../src/core/numeric/sigmoid'
import { seededRandom } from '../../../src/core/random/seeded'

/** One cell, one class. */
function single(heat: number, distances: number[], boxWeight: number): LossBatch {
  return {
    cellCount: 1,
    classCount: 1,
    objectCount: 1,
    heat: Float32Array.of(heat),
    cellWeights: Float32Array.of(1),
    distances: Float32Array.from(distances),
    boxWeights: Float32Array.of(boxWeight),
  }
}

const outputs = (logit: number, distances: number[]): Float32Array =>
  Float32Array.from([logit, ...distances.map(Math.log)])

describe('detectionLoss', () => {
  it('is the penalty-reduced focal loss on classes', () => {
    // p = 0.5: (1 - p)^2 ln 2 at a centre, (1 - t)^4 p^2 ln 2 beside it.
    const centre = detectionLoss(outputs(0, [1, 1, 1, 1]), 1, single(1, [0, 0, 0, 0], 0))
    expect(centre.loss).toBeCloseTo(0.25 * Math.log(2), 6)
    const beside = detectionLoss(outputs(0, [1, 1, 1, 1]), 1, single(0.5, [0, 0, 0, 0], 0))
    expect(beside.loss).toBeCloseTo(0.5 ** 4 * 0.25 * Math.log(2), 6)
  })

  it('adds 5 x (1 - GIoU) on boxes', () => {
    const far = -30 // no class loss
    const same = detectionLoss(outputs(far, [1, 2, 3, 4]), 1, single(0, [1, 2, 3, 4], 2))
    expect(same.loss).toBeCloseTo(0, 5)
    // 2 x 2 against 4 x 2, same centre: IoU 0.5, hull 8 = union 8, GIoU 0.5.
    const half = detectionLoss(outputs(far, [1, 1, 1, 1]), 1, single(0, [2, 1, 2, 1], 0.3))
    expect(half.loss).toBeCloseTo(5 * 0.5, 5)
    // Disjoint: predicted x -1..1, target x 3..5, both 2 high: IoU 0, union 8, hull 12, GIoU -1/3.
    const apart = detectionLoss(outputs(far, [1, 1, 1, 1]), 1, single(0, [-3, 1, 5, 1], 1))
    expect(apart.loss).toBeCloseTo((5 * 4) / 3, 5)
  })

  it('has the gradient that finite differences give', () => {
    const random = seededRandom(5)
    const [members, cellCount, classCount] = [2, 6, 3]
    const normal = (length: number, scale: number, shift = 0): Float32Array =>
      Float32Array.from({ length }, () => shift + scale * random.normal())
    const heat = Float32Array.from({ length: cellCount * classCount }, () => random.next() ** 3)
    heat[0] = 1
    heat[7] = 1
    const batch: LossBatch = {
      cellCount,
      classCount,
      objectCount: 2,
      heat,
      cellWeights: Float32Array.of(1, 2, 1, 3.5, 1, 1),
      distances: normal(cellCount * 4, 1, 2.5),
      boxWeights: Float32Array.of(1, 0.5, 0, 2, 1, 0.1),
    }
    const values = normal(members * cellCount * (classCount + 4), 0.8)
    const { gradient } = detectionLoss(values, members, batch)
    for (let index = 0; index < values.length; index++) {
      const step = 2 ** -9
      const shifted = (by: number): number => {
        const copy = values.slice()
        copy[index] = (copy[index] ?? 0) + by
        return detectionLoss(copy, members, batch).loss * members
      }
      const numeric = (shifted(step) - shifted(-step)) / (2 * step)
      expect(Math.abs((gradient[index] ?? NaN) - numeric)).toBeLessThan(
        2e-3 * (1 + Math.abs(numeric)),
      )
    }
  })

  it('gives each member the gradient of its own loss', () => {
    const batch = single(1, [1, 2, 1, 2], 1)
    const a = outputs(0.3, [1, 1, 2, 2])
    const b = outputs(-2, [3, 1, 2, 1])
    const both = detectionLoss(Float32Array.from([...a, ...b]), 2, batch)
    expect([...both.gradient]).toEqual([
      ...detectionLoss(a, 1, batch).gradient,
      ...detectionLoss(b, 1, batch).gradient,
    ])
  })

  it('stays finite for extreme outputs', () => {
    for (const logit of [-200, 200]) {
      for (const heat of [0, 1]) {
        const { loss, gradient } = detectionLoss(
          Float32Array.of(logit, 90, -90, 90, -90),
          1,
          single(heat, [1, 1, 1, 1], 1),
        )
        expect(Number.isFinite(loss)).toBe(true)
        expect([...gradient].every(Number.isFinite)).toBe(true)
      }
    }
    expect(decodeDistance(90)).toBeCloseTo(Math.exp(6), 6)
    expect(sigmoid(-800)).toBe(0)
  })
})

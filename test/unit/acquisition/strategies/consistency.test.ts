import { describe, expect, it } from 'vitest'
import { consistencyStrategy } from '../../../../src/core/acquisition/strategies/consistency'
import { seededRandom } from '../../../../src/core/random/seeded'
import { contextOf, detection, rbc, type Evidence } from '../../../helpers/acquisition-evidence'

const select = (images: Readonly<Record<string, Evidence>>) => {
  const count = Object.keys(images).length
  const picks = consistencyStrategy.select(contextOf(images), count, {}, seededRandom(1))
  return new Map(picks.map((pick) => [pick.imageId as string, pick]))
}
const scoreOf = (evidence: Evidence) => select({ i: evidence }).get('i')

const at = (x: number, classProbabilities: readonly number[], memberScores = [0.8, 0.8]) =>
  detection(Math.max(...classProbabilities), rbc, {
    box: { x, y: 0, width: 10, height: 10 },
    classProbabilities,
    memberScores,
  })

/** Overlap 1/3 (50 of 150 pixels), class divergence 0.124512. */
const shifted = { detections: [at(0, [0.8, 0])], mirrored: [at(5, [0.4, 0.4])] }

describe('consistency', () => {
  it('adds what boxes do not overlap and what their classes diverge', () => {
    // With the background (0.8, 0, 0.2) and (0.4, 0.4, 0.2), in the middle (0.6, 0.2, 0.2). Entropies 0.500402 and
    // 1.054920, in the middle 0.950271: divergence 0.950271 - 0.777661 = 0.172610 nats = 0.249022 bits. The committee
    // agrees: (0.249022 + 0) / 2 = 0.124511. Score 1 - 1/3 + 0.124511.
    expect(scoreOf(shifted)?.score).toBeCloseTo(0.791178, 5)
    expect(scoreOf(shifted)?.reason).toBe(
      '1 box in the image and its mirror image: mean overlap 0.33, class divergence 0.12',
    )
  })

  it('is 0 where both views and all members agree', () => {
    const same = { detections: [at(0, [0.8, 0])], mirrored: [at(0, [0.8, 0])] }
    expect(scoreOf(same)?.score).toBe(0)
  })

  it('takes the divergence within the committee for the other half', () => {
    const torn = [at(0, [0.5, 0], [0.9, 0.1])]
    // H(0.5) - H(0.9) = 0.368064 nats = 0.531004 bits, halved.
    expect(scoreOf({ detections: torn, mirrored: [at(0, [0.5, 0])] })?.score).toBeCloseTo(
      0.265502,
      6,
    )
  })

  it('compares a box without counterpart with background, in whichever view it is', () => {
    // (0.8, 0, 0.2) against (0, 0, 1): middle (0.4, 0, 0.6) with entropy 0.673012, minus 0.500402 / 2 =
    // 0.422811 nats = 0.609987 bits, halved; and no overlap.
    const onlyHere = scoreOf({ detections: [at(0, [0.8, 0])], mirrored: [] })
    expect(onlyHere?.score).toBeCloseTo(1.304993, 5)
    expect(onlyHere?.reason).toContain('1 box in the image and its mirror image, 1 of them in one')
    const onlyThere = scoreOf({ detections: [], mirrored: [at(0, [0.8, 0])] })
    expect(onlyThere?.score).toBeCloseTo(1.304993, 5)
  })

  it('is a mean over boxes: crowded images are not preferred', () => {
    // 1 - (1/3 + 1) / 2 + 0.124511 / 2
    const two = {
      detections: [...shifted.detections, at(100, [0.8, 0])],
      mirrored: [...shifted.mirrored, at(100, [0.8, 0])],
    }
    expect(scoreOf(two)?.score).toBeCloseTo(0.395589, 5)
  })

  it('counts a pair of which one box has the lowest score, and no pair of fainter ones', () => {
    const pair = { detections: [at(0, [0.12, 0])], mirrored: [at(0, [0.08, 0])] }
    expect(scoreOf(pair)?.reason).toContain('mean overlap 1.00')
    const faint = { detections: [at(0, [0.09, 0])], mirrored: [at(0, [0.09, 0])] }
    expect(scoreOf(faint)?.reason).toContain('no box with a score of 0.1 or more')
  })

  it('compares two sure sightings of an object with each other, not with a faint box of another class', () => {
    const torn = {
      detections: [at(0, [0.8, 0])],
      // IoU 1 with the faint one, 90 / 110 with the sure one, whose class probabilities are the same.
      mirrored: [at(1, [0.8, 0]), at(0, [0, 0.09])],
    }
    expect(scoreOf(torn)?.score).toBeCloseTo(1 - 90 / 110, 9)
    expect(scoreOf(torn)?.reason).toContain('1 box in the image and its mirror image: mean')
  })

  it('gives an image without a box the median of the pool, never 0', () => {
    const lost = { detections: [at(0, [0.8, 0])], mirrored: [] }
    const same = { detections: [at(0, [0.8, 0])], mirrored: [at(0, [0.8, 0])] }
    const empty = { detections: [], mirrored: [] }
    // Of 0, 0.791178 and 1.304993 the middle one; of four, the last doubled, (0.791178 + 1.304993) / 2.
    const three = select({ shifted, lost, same, empty })
    expect(three.get('empty')?.score).toBeCloseTo(0.791178, 5)
    expect(three.get('empty')?.reason).toBe(
      "no box with a score of 0.1 or more: counts with the pool's median inconsistency, 0.79",
    )
    const four = select({ shifted, lost, again: lost, same, empty })
    expect(four.get('empty')?.score).toBeCloseTo(1.048086, 5)
  })

  it('asks the committee alone where the mirror image is not known', () => {
    const torn = scoreOf({ detections: [at(0, [0.5, 0], [0.9, 0.1])] })
    expect(torn?.score).toBeCloseTo(0.531004, 6)
    expect(torn?.reason).toBe('1 box, divergence within the committee 0.53; no mirror image')
  })

  it('scores 0 what was not predicted, and all where nothing is seen anywhere', () => {
    expect(scoreOf({ detections: undefined })).toMatchObject({
      score: 0,
      reason: 'no prediction of this image yet',
    })
    expect(scoreOf({ detections: [], mirrored: [] })?.score).toBe(0)
  })
})

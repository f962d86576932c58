import { describe, expect, it } from 'vitest'
import { typiclustStrategy } from '../../../../src/core/acquisition/strategies/typiclust'
import { seededRandom } from '../../../../src/core/random/seeded'
import { contextOf, labeledWith, type Evidence } from '../../../helpers/acquisition-evidence'

const at = (value: number): Evidence => ({
  detections: undefined,
  feature: Float32Array.of(value),
})

/** Groups far apart: four images, three images, and one beside a labelled one. */
const context = contextOf(
  Object.fromEntries([0, 1, 3, 6, 200, 201, 203, 1001].map((value) => [`at ${value}`, at(value)])),
  { known: { ...labeledWith(), ...at(1000) } },
)

const pick = (size: number, parameters: Record<string, number>, seed = 1) =>
  typiclustStrategy.select(context, size, parameters, seededRandom(seed))

describe('typiclust', () => {
  it('takes the most typical image of the largest groups without a label', () => {
    // Mean distance to two neighbours: 0: 2, 1: 1.5, 3: 2.5, 6: 4; 200: 2, 201: 1.5, 203: 2.5. 3 clusters: 1 label + 2.
    for (let seed = 0; seed < 10; seed++) {
      const picks = pick(2, { neighbours: 2 }, seed)
      expect(picks).toEqual([
        {
          imageId: 'at 1',
          score: 4 / 9,
          reason: 'the most typical of a group of 4 similar images, none of them labelled',
        },
        {
          imageId: 'at 201',
          score: 3 / 9,
          reason: 'the most typical of a group of 3 similar images, none of them labelled',
        },
      ])
    }
  })

  it('looks at so many neighbours', () => {
    // The nearest alone: 0: 1, 1: 1, 3: 2, 6: 3.
    const first = Array.from({ length: 20 }, (_, seed) => pick(2, { neighbours: 1 }, seed)[0])
    expect(new Set(first.map(({ imageId }) => imageId))).toEqual(new Set(['at 0', 'at 1']))
  })

  it('goes on with groups of which one is labelled, the largest first', () => {
    // Without 1: mean distance of 0 to 3 and 6 is 4.5, of 3 is 3, of 6 is 4.5. Score: 4 / 9 - 1.
    const picks = pick(4, { neighbours: 2, clusters: 3 })
    expect(picks[2]).toEqual({
      imageId: 'at 3',
      score: expect.closeTo(4 / 9 - 1, 12) as number,
      reason:
        'the most typical of a group of 4 similar images, 1 of them labelled or picked before it',
    })
    expect(['at 200', 'at 203']).toContain(picks[3].imageId)
  })

  it('finds the dense place of a group too large for all pairs, the same for a seed', () => {
    // 2,500 images in one group, 300 of them a hundred times as close together as the others.
    const places = Array.from({ length: 2500 }, (_, index) =>
      index < 300 ? 500 + index / 100 : index,
    )
    const large = contextOf(
      Object.fromEntries(places.map((place, index) => [`i${index}`, at(place)])),
    )
    const choose = (seed: number) =>
      typiclustStrategy.select(large, 1, {}, seededRandom(seed)).map(({ imageId }) => imageId)
    const [first] = choose(1)
    expect(Number(first.slice(1))).toBeLessThan(300)
    expect(choose(1)).toEqual([first])
  })

  it('takes everything when asked for more than there is, highest scores first', () => {
    const picks = pick(20, {})
    expect(new Set(picks.map(({ imageId }) => imageId)).size).toBe(8)
    const scores = picks.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
  })

  it('says when an image is alone', () => {
    const alone = contextOf({ a: at(0), b: at(100) })
    const reasons = typiclustStrategy
      .select(alone, 2, {}, seededRandom(1))
      .map(({ reason }) => reason)
    expect(reasons).toEqual(Array(2).fill('alone in its group: nothing labelled is like it'))
  })
})

import { describe, expect, it, test } from 'vitest'
import type { CategoryId } from '../../../src/core/dataset/types'
import { countDetections, ObjectCount } from '../../../src/core/detection/count'
import { seededRandom } from '../../../src/core/random/seeded'
import type { Detection } from '../../../src/core/detection/types'

const [milk, bread, salt] = ['milk', 'bread', 'salt'] as [CategoryId, CategoryId, CategoryId]
const seen = (categoryId: CategoryId, ...memberScores: number[]): Detection => ({
  box: { x: 0, y: 0, width: 1, height: 1 },
  categoryId,
  score: memberScores.reduce((sum, value) => sum + value, 0) / memberScores.length,
  classProbabilities: [],
  memberScores,
})

describe('countDetections', () => {
  it("gives the mean and the deviation of the members' own counts", () => {
    const detections = [
      seen(milk, 0.9, 0.8, 0.7),
      seen(milk, 0.6, 0.4, 0.2),
      seen(bread, 0.3, 0.5, 0.3),
    ]
    // milk: 2, 1, 1; bread: 0, 1, 0 (0.5 is enough).
    const counts = countDetections(detections, [bread, milk, salt], 0.5)
    expect(counts.map(({ categoryId }) => categoryId)).toEqual([bread, milk, salt])
    expect(counts[0]?.count).toBeCloseTo(1 / 3, 12)
    expect(counts[1]?.count).toBeCloseTo(4 / 3, 12)
    expect(counts[1]?.deviation).toBeCloseTo(Math.sqrt(2) / 3, 12)
    expect(counts[2]).toEqual({ categoryId: salt, count: 0, deviation: 0 })
  })

  it('adds up the bias of a member that sees more on every image', () => {
    // Two images on which only the first head sees a milk: the heads count 2 and 0 in all.
    const both = [seen(milk, 0.9, 0.1), seen(milk, 0.9, 0.1)]
    expect(countDetections(both, [milk], 0.5)).toEqual([
      { categoryId: milk, count: 1, deviation: 1 },
    ])
  })

  it('is certain when all members agree', () => {
    expect(countDetections([seen(milk, 0.9, 0.6), seen(milk, 0.8, 0.7)], [milk], 0.5)).toEqual([
      { categoryId: milk, count: 2, deviation: 0 },
    ])
  })
})

test('what is counted image by image is counted as a whole', () => {
  const random = seededRandom(5)
  const images = Array.from({ length: 20 }, () =>
    Array.from({ length: random.integer(6) }, () =>
      seen(
        [milk, bread, salt][random.integer(3)],
        ...Array.from({ length: 4 }, () => random.next()),
      ),
    ),
  )
  const count = new ObjectCount([bread, milk], 0.4)
  for (const image of images) count.add(image)
  expect(count.counts).toEqual(countDetections(images.flat(), [bread, milk], 0.4))
})

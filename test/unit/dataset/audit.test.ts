import { expect, test } from 'vitest'
import { BoxComparison, type AuditBox } from '../../../src/core/dataset/audit/distributions'
import {
  featureCoverage,
  presentCoverage,
  type AuditImage,
} from '../../../src/core/dataset/audit/feature-coverage'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import { seededRandom } from '../../../src/core/random/seeded'

const cow = 'cow' as CategoryId
const dog = 'dog' as CategoryId

/** In an image of 300 x 300 pixels. */
const boxAt = (
  x: number,
  y: number,
  width: number,
  height: number,
  categoryId = cow,
): AuditBox => ({ categoryId, box: { x, y, width, height }, imageWidth: 300, imageHeight: 300 })

function compareBoxes(
  labeled: readonly AuditBox[],
  pool: readonly AuditBox[],
  categories: readonly CategoryId[],
) {
  const comparison = new BoxComparison(categories)
  for (const box of labeled) comparison.addLabeled(box)
  for (const box of pool) comparison.addPool(box)
  expect([comparison.labeled, comparison.pool]).toEqual([labeled.length, pool.length])
  return comparison.distributions
}

const binsOf = (labeled: readonly AuditBox[], pool: readonly AuditBox[], aspect: string) => {
  const found = compareBoxes(labeled, pool, [cow, dog]).find((item) => item.aspect === aspect)
  if (found === undefined) throw new Error(`There is no distribution of ${aspect}.`)
  return found
}

test('classes are compared by their shares; the distance is what would have to change', () => {
  const labeled = [boxAt(0, 0, 9, 9), boxAt(0, 0, 9, 9), boxAt(0, 0, 9, 9), boxAt(0, 0, 9, 9, dog)]
  const pool = [boxAt(0, 0, 9, 9), boxAt(0, 0, 9, 9, dog)]
  expect(binsOf(labeled, pool, 'category')).toEqual({
    aspect: 'category',
    bins: [
      { name: 'cow', labeled: 3, pool: 1, labeledShare: 0.75, poolShare: 0.5 },
      { name: 'dog', labeled: 1, pool: 1, labeledShare: 0.25, poolShare: 0.5 },
    ],
    distance: 0.25,
  })
})

test.each([
  [14, '< 5 %'],
  [15, '5–10 %'],
  [59, '10–20 %'],
  [60, '20–40 %'],
  [120, '≥ 40 %'],
  [300, '≥ 40 %'],
])('a square of side %d in 300 is of the size “%s”', (side, name) => {
  const { bins } = binsOf([boxAt(0, 0, side, side)], [], 'size')
  expect(bins.filter(({ labeled }) => labeled > 0).map((bin) => bin.name)).toEqual([name])
})

test.each([
  [49, 'very tall'],
  [50, 'tall'],
  [100, 'square'],
  [125, 'wide'],
  [200, 'very wide'],
])('a box %d wide and 100 high is “%s”', (width, name) => {
  const { bins } = binsOf([], [boxAt(0, 0, width, 100)], 'shape')
  expect(bins.filter(({ pool }) => pool > 0).map((bin) => bin.name)).toEqual([name])
})

test.each([
  [0, 0, 'top left'],
  [145, 0, 'top'],
  [145, 145, 'middle'],
  [0, 145, 'left'],
  [290, 290, 'bottom right'],
])('a box of 10 at %d, %d is “%s”', (x, y, name) => {
  const { bins } = binsOf([boxAt(x, y, 10, 10)], [], 'position')
  expect(bins.filter(({ labeled }) => labeled > 0).map((bin) => bin.name)).toEqual([name])
})

test('boxes of a class that was deleted count nowhere', () => {
  const comparison = new BoxComparison([cow])
  const boxes = [boxAt(0, 0, 9, 9), boxAt(200, 200, 90, 30, dog)]
  for (const box of boxes) comparison.addPool(box)
  comparison.addLabeled(boxAt(0, 0, 9, 9))
  comparison.addLabeled(boxAt(0, 0, 9, 9, dog))
  expect([comparison.labeled, comparison.pool]).toEqual([1, 1])
  for (const { bins, distance } of comparison.distributions) {
    expect(distance).toBe(0)
    expect(bins.reduce((sum, { poolShare }) => sum + poolShare, 0)).toBe(1)
  }
})

test('sets without boxes have no shares', () => {
  for (const { bins, distance } of compareBoxes([], [], [cow])) {
    expect(distance).toBe(0)
    expect(bins.every(({ labeledShare, poolShare }) => labeledShare === 0 && poolShare === 0)).toBe(
      true,
    )
  }
})

const image = (id: string, feature: readonly number[]): AuditImage => ({
  imageId: id as ImageId,
  feature: Float32Array.from(feature),
})

/** Two heaps of images: fifteen near 0, and seventeen near 100. */
const heaps = [
  ...Array.from({ length: 15 }, (_, index) => image(`near ${index}`, [index / 10, 0])),
  ...Array.from({ length: 17 }, (_, index) => image(`far ${index}`, [100 + index / 10, 50])),
]

test('the larger cluster comes first, its most typical image first', () => {
  const [far, near, ...more] = featureCoverage(heaps, seededRandom(1)).map((cluster) => [
    ...cluster,
  ])
  expect(more).toEqual([])
  // The means of 0 to 16 and of 0 to 14.
  expect([far[0], near[0]]).toEqual(['far 8', 'near 7'])
  const ids = heaps.map(({ imageId }) => imageId)
  expect(near.toSorted()).toEqual(ids.slice(0, 15).toSorted())
  expect(far.toSorted()).toEqual(ids.slice(15).toSorted())
})

test('the order of the images changes nothing', () => {
  expect(featureCoverage(heaps.toReversed(), seededRandom(1))).toEqual(
    featureCoverage(heaps, seededRandom(1)),
  )
})

test('few, equal or no images are no obstacle', () => {
  expect(featureCoverage([], seededRandom(1))).toEqual([])
  const same = ['a', 'b', 'c'].map((id) => image(id, [1, 1]))
  expect(featureCoverage(same, seededRandom(1)).flat()).toHaveLength(3)
  expect(featureCoverage([image('a', [1])], seededRandom(1))).toEqual([['a']])
})

const idsOf = (text: string) => Array.from(text) as ImageId[]
const clusters = ['abc', 'de', 'f'].map(idsOf)
// One that could not be read is in none.
const compared = idsOf('abcdefx')

test.each([
  ['one of each', 'adf', 'bcex', { clusters: 3, unseen: [], added: 0, removed: 0 }],
  ['none any more', '', 'fedcbax', { clusters: 3, unseen: clusters, added: 0, removed: 0 }],
  ['one', 'd', 'abcefx', { clusters: 3, unseen: ['abc', 'f'].map(idsOf), added: 0, removed: 0 }],
  ['one with others come since', 'ay', 'bcdefxz', { unseen: ['de', 'f'].map(idsOf), added: 2 }],
  ['one and others gone', 'd', 'bx', { clusters: 2, unseen: [idsOf('b')], added: 0, removed: 4 }],
])('clusters are covered by the present labels: %s', (_, labeled, unlabeled, coverage) => {
  const pool = { labeled: idsOf(labeled), unlabeled: idsOf(unlabeled) }
  expect(presentCoverage(clusters, compared, pool)).toMatchObject(coverage)
})

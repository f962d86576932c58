import { expect, test } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import type { LabelSuspect } from '../../../src/core/label-errors/types'
import { boxIou } from '../../../src/core/geometry/overlap'
import { seededRandom } from '../../../src/core/random/seeded'
import { plantLabelErrors, pointsAt } from '../../helpers/plant-label-errors'

const cow = 'cow' as CategoryId
const dog = 'dog' as CategoryId

/** Forty images of five cows and a crowd each. */
const images = Array.from({ length: 40 }, (_, index) => ({
  imageId: `image-${index}` as ImageId,
  truth: Array.from({ length: 6 }, (_box, place) => ({
    categoryId: cow,
    box: { x: 100 * place, y: 50, width: 40, height: 60 },
    crowd: place === 5,
  })),
}))

const plant = (seed: number) => plantLabelErrors(images, [cow, dog], 0.05, seededRandom(seed))

test('plants as many errors of each kind, in different boxes, none in a crowd region', () => {
  const { images: planted, errors } = plant(1)
  // 5 % of 200 boxes.
  for (const kind of ['overlooked', 'misplaced', 'swapped'])
    expect(errors.filter((error) => error.kind === kind)).toHaveLength(10)
  expect(new Set(errors.map(({ original }) => original)).size).toBe(30)
  expect(errors.every(({ original }) => !original.crowd)).toBe(true)
  expect(planted.reduce((sum, { truth }) => sum + truth.length, 0)).toBe(230)
})

test('displaced boxes overlap their object by 0.3 to 0.6, swapped ones keep their place', () => {
  const { images: planted, errors } = plant(2)
  for (const { kind, imageId, original, truthIndex } of errors) {
    if (truthIndex === undefined) continue
    const label = planted.find((image) => image.imageId === imageId)?.truth[truthIndex]
    const iou = label === undefined ? NaN : boxIou(label.box, original.box)
    if (kind === 'swapped') {
      expect(label).toEqual({ ...original, categoryId: dog })
    } else {
      expect(label?.categoryId).toBe(cow)
      expect(iou).toBeGreaterThanOrEqual(0.3)
      expect(iou).toBeLessThanOrEqual(0.6)
    }
  }
})

test('a seed plants the same errors, another one others', () => {
  expect(plant(3)).toEqual(plant(3))
  expect(plant(3).errors).not.toEqual(plant(4).errors)
})

test('a suspect points at the error whose label it is about, or whose object it sees', () => {
  const { errors } = plant(1)
  const deleted = errors.find(({ kind }) => kind === 'overlooked')
  const swapped = errors.find(({ kind }) => kind === 'swapped')
  if (deleted === undefined || swapped?.truthIndex === undefined)
    throw new Error('Nothing planted.')
  const seen = (box = deleted.original.box): LabelSuspect => ({
    kind: 'overlooked',
    imageId: deleted.imageId,
    suspicion: 1,
    detection: { categoryId: cow, box, score: 1, confidence: 1 },
    iou: 0,
  })
  expect(pointsAt(seen(), deleted)).toBe(true)
  // 10 of 70: IoU 1 / 7.
  const beside = { ...deleted.original.box, x: deleted.original.box.x + 30 }
  expect(pointsAt(seen(beside), deleted)).toBe(false)
  const about = (truthIndex: number): LabelSuspect => ({
    ...seen(),
    kind: 'swapped',
    imageId: swapped.imageId,
    label: { truthIndex, categoryId: dog, box: swapped.original.box },
    ownConfidence: 0,
  })
  expect(pointsAt(about(swapped.truthIndex), swapped)).toBe(true)
  expect(pointsAt(about(swapped.truthIndex + 1), swapped)).toBe(false)
})

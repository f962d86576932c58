import { expect, test } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import { ImagePacker, unpackImages } from '../../../src/core/evaluation/packed'
import type { TruthBox } from '../../../src/core/evaluation/types'
import type { Box } from '../../../src/core/geometry/box'

const [cow, dog, cat] = ['cow', 'dog', 'cat'] as [CategoryId, CategoryId, CategoryId]
const box = (x: number): Box => ({ x, y: x / 3, width: 0.1 + x, height: 1e-7 })
const detected = (categoryId: CategoryId, x: number, ...classProbabilities: number[]) => ({
  categoryId,
  box: box(x),
  score: 1 / (x + 3),
  classProbabilities,
})

const images: {
  imageId: ImageId
  truth: TruthBox[]
  detections: ReturnType<typeof detected>[]
}[] = [
  {
    imageId: 'both' as ImageId,
    truth: [
      { categoryId: dog, box: box(1), crowd: true },
      { categoryId: cow, box: box(2), crowd: false, area: 2.5 },
    ],
    detections: [detected(cat, 3, 0.25, 0.5), detected(dog, 4, 0.75, 0)],
  },
  { imageId: 'nothing' as ImageId, truth: [], detections: [] },
  {
    imageId: 'missed' as ImageId,
    truth: [{ categoryId: cow, box: box(5), crowd: false }],
    detections: [],
  },
  { imageId: 'seen' as ImageId, truth: [], detections: [detected(cow, 6, 1, 0.125)] },
]

function packed(classes?: number) {
  const packer = new ImagePacker(classes)
  for (const image of images) packer.add(image)
  return packer.packed
}

test('images come out as they went in, to the last digit', () => {
  expect(unpackImages(packed(2))).toEqual(images)
})

test('class probabilities that are not wanted stay behind; where there are fewer the rest is 0', () => {
  const of = (classes?: number) =>
    unpackImages(packed(classes)).flatMap(({ detections }) =>
      detections.map(({ classProbabilities }) => classProbabilities),
    )
  expect(of()).toEqual([[], [], []])
  expect(of(3)).toEqual([
    [0.25, 0.5, 0],
    [0.75, 0, 0],
    [1, 0.125, 0],
  ])
})

test('what was packed stays as it is when more is added', () => {
  const packer = new ImagePacker()
  expect(unpackImages(packer.packed)).toEqual([])
  packer.add(images[0])
  const first = packer.packed
  packer.add(images[3])
  expect(unpackImages(first)).toHaveLength(1)
})

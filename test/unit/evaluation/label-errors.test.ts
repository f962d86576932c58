import { expect, test } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import { findLabelErrors } from '../../../src/core/evaluation/label-errors/find'
import { imageSuspicions } from '../../../src/core/evaluation/label-errors/image-suspicion'
import type { JudgedImage, LabelSuspect } from '../../../src/core/evaluation/label-errors/types'
import type { Box } from '../../../src/core/geometry/box'

const cow = 'cow' as CategoryId
const dog = 'dog' as CategoryId
const categories = [cow, dog]
const asScored = (_: CategoryId, score: number) => score

/** 10 pixels high, so that widths and offsets give the IoU by hand. */
const at = (x: number, width = 10): Box => ({ x, y: 0, width, height: 10 })
const label = (categoryId: CategoryId, box: Box, crowd = false) => ({ categoryId, box, crowd })
/** The class not detected has a probability of `other` there. */
const seen = (categoryId: CategoryId, box: Box, score: number, other = 0) => ({
  categoryId,
  box,
  score,
  classProbabilities: categoryId === cow ? [score, other] : [other, score],
})
const image = (
  id: string,
  truth: JudgedImage['truth'],
  detections: JudgedImage['detections'],
): JudgedImage => ({ imageId: id as ImageId, truth, detections })

function find(images: readonly JudgedImage[], confidence = asScored): LabelSuspect[] {
  return findLabelErrors(images, categories, confidence)
}

test('labels that the detections confirm are not suspected', () => {
  const confirmed = image(
    'a',
    [label(cow, at(0)), label(dog, at(50))],
    [seen(cow, at(0), 0.9), seen(dog, at(50), 0.7)],
  )
  expect(find([confirmed])).toEqual([])
})

test('a label that nothing speaks against is not suspected', () => {
  expect(find([image('a', [label(cow, at(0))], [])])).toEqual([])
})

test('a sure detection away from every label is an overlooked object', () => {
  const suspects = find([
    image('a', [label(cow, at(0))], [seen(cow, at(0), 0.9), seen(dog, at(50), 0.6)]),
  ])
  expect(suspects).toEqual([
    {
      kind: 'overlooked',
      imageId: 'a',
      suspicion: 0.6,
      detection: { categoryId: dog, box: at(50), confidence: 0.6 },
      iou: 0,
    },
  ])
})

test('the nearer an unclaimed detection is to a label, the less it is an overlooked object', () => {
  // 14 wide of which 6 shared: IoU 6 / 14; suspicion 0.7 x (1 - 2 x 6 / 14) = 0.1.
  const second = find([
    image('a', [label(cow, at(0))], [seen(cow, at(0), 0.9), seen(cow, at(4), 0.7)]),
  ])
  expect(second).toHaveLength(1)
  expect(second[0]).toMatchObject({ kind: 'overlooked', iou: 6 / 14 })
  expect(second[0].suspicion).toBeCloseTo(0.1, 12)
})

test('one object seen as two classes is overlooked once, as the likelier one', () => {
  const suspects = find([image('a', [], [seen(cow, at(0), 0.5), seen(dog, at(1), 0.6)])])
  expect(suspects.map(({ kind, detection }) => [kind, detection.categoryId])).toEqual([
    ['overlooked', dog],
  ])
})

test('what lies inside a crowd region is not overlooked, and the region is not in question', () => {
  const herd = label(cow, at(0, 100), true)
  expect(find([image('a', [herd], [seen(cow, at(20), 0.9), seen(dog, at(30), 0.9)])])).toEqual([])
})

test('a label that overlaps its detection less than is usual for the class is badly located', () => {
  // Three of four labels are where the cow is seen: the usual IoU is 1. The fourth is 5 of 10 off: IoU 5 / 15.
  const good = ['a', 'b', 'c'].map((id) => image(id, [label(cow, at(0))], [seen(cow, at(0), 0.9)]))
  const shifted = image('d', [label(cow, at(5))], [seen(cow, at(0), 0.6)])
  const suspects = find([...good, shifted])
  expect(suspects).toHaveLength(1)
  expect(suspects[0]).toMatchObject({
    kind: 'misplaced',
    imageId: 'd',
    label: { truthIndex: 0, categoryId: cow, box: at(5) },
    detection: { categoryId: cow, box: at(0), confidence: 0.6 },
    iou: 1 / 3,
    usualIou: 1,
  })
  // 0.6 x (1 - (1 / 3) / 1)
  expect(suspects[0].suspicion).toBeCloseTo(0.4, 12)
})

test('where every box is loose, as boxes of tiny objects are, none is badly located', () => {
  // 10 wide, 2 off: IoU 8 / 12 each, which is usual then.
  const loose = ['a', 'b', 'c'].map((id) => image(id, [label(cow, at(2))], [seen(cow, at(0), 0.9)]))
  expect(find(loose)).toEqual([])
})

test("a neighbour's detection does not speak against a label", () => {
  // The second cow is seen where it is; that it overlaps the first, which nobody saw, is no evidence.
  const crowded = image('a', [label(cow, at(0)), label(cow, at(4))], [seen(cow, at(4), 0.9)])
  expect(find([crowded])).toEqual([])
})

test('an unsure detection does not claim the label that a sure one lies on', () => {
  // Sure: 0.8 x 5 / 15 = 0.27 against unsure 0.1 x 1. So the label is 5 off what was surely seen.
  const good = image('a', [label(cow, at(0))], [seen(cow, at(0), 0.9)])
  const suspects = find([
    good,
    image('b', [label(cow, at(5))], [seen(cow, at(0), 0.8), seen(cow, at(5), 0.1)]),
  ])
  expect(suspects[0]).toMatchObject({ kind: 'misplaced', imageId: 'b', iou: 1 / 3 })
})

test('a label where a sure detection of another class lies has the wrong class', () => {
  const suspects = find([image('a', [label(dog, at(0))], [seen(cow, at(0), 0.8, 0.25)])])
  expect(suspects).toEqual([
    {
      kind: 'swapped',
      imageId: 'a',
      // 0.8 x IoU 1 x (1 - 0.25)
      suspicion: 0.8 * 0.75,
      detection: { categoryId: cow, box: at(0), confidence: 0.8 },
      iou: 1,
      label: { truthIndex: 0, categoryId: dog, box: at(0) },
      ownConfidence: 0.25,
    },
  ])
})

test("a detection of the label's own class speaks against a swap", () => {
  const suspects = find([
    image('a', [label(dog, at(0))], [seen(cow, at(0), 0.5), seen(dog, at(0), 0.9)]),
  ])
  expect(suspects.map(({ kind }) => kind)).toEqual(['swapped'])
  expect(suspects[0].suspicion).toBeCloseTo(0.5 * (1 - 0.9), 12)
})

test('what a label of its own class claims is no evidence that the label beside it has the wrong one', () => {
  const pair = image(
    'a',
    [label(dog, at(0)), label(cow, at(1))],
    [seen(cow, at(1), 0.9), seen(dog, at(0), 0.8)],
  )
  expect(find([pair])).toEqual([])
})

test('confidence, not the raw score, is what counts, and every suspect carries it', () => {
  const halved = (categoryId: CategoryId, score: number) => (categoryId === cow ? score / 2 : score)
  const suspects = find([image('a', [], [seen(cow, at(0), 0.8), seen(dog, at(50), 0.6)])], halved)
  expect(suspects.map(({ suspicion, detection }) => [suspicion, detection.confidence])).toEqual([
    [0.6, 0.6],
    [0.4, 0.4],
  ])
})

test('all kinds come in one list, the most suspicious first, whatever the order of the images', () => {
  const images = [
    image('a', [], [seen(cow, at(0), 0.5)]),
    image('b', [label(dog, at(0))], [seen(cow, at(0), 0.9)]),
    image('c', [], [seen(cow, at(0), 0.5)]),
  ]
  const order = (suspects: readonly LabelSuspect[]) =>
    suspects.map(({ kind, imageId }) => `${kind} ${imageId}`)
  expect(order(find(images))).toEqual(['swapped b', 'overlooked a', 'overlooked c'])
  expect(find(images.toReversed())).toEqual(find(images))
})

test('an image is as suspicious as its worst labels, each kind by softmin, the three by geometric mean', () => {
  const suspects = find([
    image('a', [], [seen(cow, at(0), 0.5), seen(cow, at(50), 0.6)]),
    image('b', [label(dog, at(0))], [seen(cow, at(0), 0.9)]),
  ])
  const [first, second, third] = imageSuspicions(['a', 'b', 'c'] as ImageId[], suspects)
  // b: quality 0.1 in one kind: 1 - cbrt(0.1).
  expect(first).toMatchObject({ imageId: 'b', overlooked: 0, misplaced: 0 })
  expect(first.swapped).toBeCloseTo(0.9, 12)
  expect(first.overall).toBeCloseTo(0.5358411166, 9)
  // a: qualities 0.4 and 0.5, weights 1 and e^-1: (0.4 + 0.5 / e) / (1 + 1 / e) = 0.4268941421.
  expect(second.imageId).toBe('a')
  expect(second.overlooked).toBeCloseTo(1 - 0.4268941421, 9)
  expect(second.overall).toBeCloseTo(1 - Math.cbrt(0.4268941421), 9)
  expect(third).toEqual({ imageId: 'c', overall: 0, overlooked: 0, misplaced: 0, swapped: 0 })
})

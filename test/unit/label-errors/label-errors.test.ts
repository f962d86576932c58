import { dismissal, isDismissed } from '../../../src/core/label-errors/dismiss'
import { expect, test } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import { fitOf, weighEvidence, type Evidence } from '../../../src/core/label-errors/evidence'
import {
  findLabelErrors,
  labelsFault,
  misplacedProbability,
} from '../../../src/core/label-errors/find'
import { imageSuspicions } from '../../../src/core/label-errors/image-suspicion'
import type { JudgedImage, LabelSuspect } from '../../../src/core/label-errors/types'
import type { Box } from '../../../src/core/geometry/box'

const cow = 'cow' as CategoryId
const dog = 'dog' as CategoryId
const categories = [cow, dog]
/** Detections agree with the labels as often as they are sure; boxes usually fit at IoU 0.9, half of the worse to 0.81. */
const asScored: Evidence = {
  labeled: (_, score) => score,
  sameClass: (_, score) => score,
  fit: () => ({ usualIou: 0.9, shortfall: 0.1 }),
}

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

/** Every order of the numbers below `count`. */
function permutations(count: number): number[][] {
  if (count === 0) return [[]]
  return permutations(count - 1).flatMap((order) =>
    Array.from({ length: count }, (_, place) => order.toSpliced(place, 0, count - 1)),
  )
}

function find(images: readonly JudgedImage[], evidence = asScored): LabelSuspect[] {
  return findLabelErrors(images, categories, evidence)
}

test('where labels and detections differ more often than labels are wrong, most differences are not their fault', () => {
  // Agreement 0.76: the detections are right in 0.8, so 0.8 x 0.05 = 0.04 of the 0.24 that differ.
  expect(labelsFault(0.76)).toBeCloseTo(0.04 / 0.24, 12)
  // Only wrong labels are left to differ.
  expect(labelsFault(0.95)).toBeCloseTo(1, 12)
  expect(labelsFault(1)).toBe(1)
  expect(labelsFault(0)).toBe(0)
})

test('a box is badly located as it falls short of what is usual, against how far good ones do', () => {
  // Half of the usual 0.9, shortfall 0.5 against a median of 0.1: 0.95 x 0.5 x 10 ln 2 x 2^-5 = 0.102889 for a good one.
  const fit = { usualIou: 0.9, shortfall: 0.1 }
  expect(misplacedProbability(0.45, fit)).toBeCloseTo(0.05 / (0.05 + 0.102889), 6)
  expect(misplacedProbability(0.9, fit)).toBe(0)
  // The same box where loose ones are usual: 0.95 x 0.5 x ln 2 / 0.25 x 2^-2 = 0.329245.
  expect(misplacedProbability(0.45, { usualIou: 0.9, shortfall: 0.25 })).toBeCloseTo(
    0.05 / (0.05 + 0.3292449),
    6,
  )
})

test('what is usual is the median, of the boxes and of how far the worse half falls short', () => {
  // Median 0.8; 0.4, 0.6 and 0.72 fall short of it by 0.5, 0.25 and 0.1.
  const fit = fitOf([0.95, 0.4, 0.9, 0.8, 0.72, 0.6, 0.85])
  expect(fit.usualIou).toBe(0.8)
  expect(fit.shortfall).toBeCloseTo(0.25, 12)
  expect(fitOf([])).toEqual({ usualIou: 0.5, shortfall: 0.05 })
})

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
      suspicion: labelsFault(0.6),
      detection: { categoryId: dog, box: at(50), score: 0.6, confidence: 0.6 },
      iou: 0,
    },
  ])
})

test('the nearer an unclaimed detection is to a label, the less it is an overlooked object', () => {
  // 14 wide of which 6 shared: IoU 6 / 14; a seventh of the suspicion is left, 1 - 2 x 6 / 14.
  const second = find([
    image('a', [label(cow, at(0))], [seen(cow, at(0), 0.9), seen(cow, at(4), 0.7)]),
  ])
  expect(second).toHaveLength(1)
  expect(second[0]).toMatchObject({ kind: 'overlooked', iou: 6 / 14 })
  expect(second[0].suspicion).toBeCloseTo(labelsFault(0.7) / 7, 12)
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

test('a label that overlaps its detection less than is usual is badly located', () => {
  // 5 of 10 off: IoU 5 / 15.
  const suspects = find([image('d', [label(cow, at(5))], [seen(cow, at(0), 0.6)])])
  expect(suspects).toEqual([
    {
      kind: 'misplaced',
      imageId: 'd',
      suspicion: 0.6 * misplacedProbability(1 / 3, { usualIou: 0.9, shortfall: 0.1 }),
      label: { truthIndex: 0, categoryId: cow, box: at(5) },
      detection: { categoryId: cow, box: at(0), score: 0.6, confidence: 0.6 },
      iou: 1 / 3,
      usualIou: 0.9,
    },
  ])
})

test('where every box is loose, as boxes of tiny objects are, none is badly located', () => {
  // 10 wide, 2 off: IoU 8 / 12 each, which is usual then.
  const loose = ['a', 'b', 'c'].map((id) => image(id, [label(cow, at(2))], [seen(cow, at(0), 0.9)]))
  expect(findLabelErrors(loose, categories)).toEqual([])
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
      suspicion: labelsFault(0.8) * (1 - 0.25),
      detection: { categoryId: cow, box: at(0), score: 0.8, confidence: 0.8 },
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
  expect(suspects[0].suspicion).toBeCloseTo(labelsFault(0.5) * (1 - 0.9), 12)
})

test('what a label of its own class claims is no evidence that the label beside it has the wrong one', () => {
  const pair = image(
    'a',
    [label(dog, at(0)), label(cow, at(1))],
    [seen(cow, at(1), 0.9), seen(dog, at(0), 0.8)],
  )
  expect(find([pair])).toEqual([])
})

test('a label of a class that the model does not know is not in question, and what lies on it not overlooked', () => {
  const calf = 'calf' as CategoryId
  expect(find([image('a', [label(calf, at(0))], [seen(cow, at(0), 0.8)])])).toEqual([])
})

test('what lies on a label of a class that the model does not know is no evidence of how often classes agree', () => {
  const calf = 'calf' as CategoryId
  // 6 of 8 dogs are right.
  const dogs = Array.from({ length: 8 }, (_, index) =>
    image(`dog ${index}`, [label(index < 6 ? dog : cow, at(0))], [seen(dog, at(0), 0.7)]),
  )
  const calves = Array.from({ length: 8 }, (_, index) =>
    image(`calf ${index}`, [label(calf, at(0))], [seen(dog, at(0), 0.7)]),
  )
  const { sameClass } = weighEvidence([...dogs, ...calves], categories)
  expect(sameClass(dog, 0.7)).toBe(weighEvidence(dogs, categories).sameClass(dog, 0.7))
})

test('evidence is learned from how detections and labels go together', () => {
  // Of 60 cows detected at 0.3 to 0.9 each is labelled; of the dogs every second one, always as a dog but for twelve cows.
  const cows = Array.from({ length: 60 }, (_, index) =>
    image(`cow ${index}`, [label(cow, at(0))], [seen(cow, at(0), 0.3 + index / 100)]),
  )
  const dogs = Array.from({ length: 120 }, (_, index) =>
    image(`dog ${index}`, index % 2 === 0 ? [] : [label(index < 24 ? cow : dog, at(0))], [
      seen(dog, at(0), 0.5),
    ]),
  )
  const { labeled, sameClass, fit } = weighEvidence([...cows, ...dogs], categories)
  // Nothing but right ones says nothing about the scores.
  expect(labeled(cow, 0.42)).toBe(0.42)
  // 48 of 120 found a dog; of the 60 on a label 48 found one of their class. One score: a share, whatever the map.
  expect(labeled(dog, 0.5)).toBeCloseTo(48 / 120, 2)
  expect(sameClass(dog, 0.5)).toBeCloseTo(48 / 60, 2)
  expect(fit(cow)).toEqual({ usualIou: 1, shortfall: 0.05 })
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

test('equally suspicious labels of one image are in order of place, whatever their order', () => {
  const boxes = [at(9, 20), at(10, 20), at(10, 21), at(10.0001, 20)]
  const found = (labels: readonly Box[], detections: readonly Box[]) =>
    find([
      image(
        'a',
        labels.map((box) => label(dog, box)),
        detections.map((box) => seen(cow, box, 0.95)),
      ),
    ]).map((suspect) => [suspect.kind, dismissal(suspect).box, suspect.detection.box])
  // Every detection speaks as much against every label: the first by place stands for them.
  const expected = boxes.map((box) => ['swapped', box, boxes[0]])
  for (const order of permutations(boxes.length)) {
    const others = order.map((place) => boxes[place])
    expect(found(others, boxes)).toEqual(expected)
    expect(found(boxes, others)).toEqual(expected)
  }
})

test('an image is as suspicious as its worst labels, each kind by softmin, the three by geometric mean', () => {
  const suspect = (imageId: string, kind: 'overlooked', suspicion: number): LabelSuspect => ({
    kind,
    imageId: imageId as ImageId,
    suspicion,
    detection: { categoryId: cow, box: at(0), score: 0.5, confidence: 0.5 },
    iou: 0,
  })
  const swap: LabelSuspect = {
    ...suspect('b', 'overlooked', 0.9),
    kind: 'swapped',
    label: { truthIndex: 0, categoryId: dog, box: at(0) },
    ownConfidence: 0,
  }
  const suspects = [suspect('a', 'overlooked', 0.5), suspect('a', 'overlooked', 0.6), swap]
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

test('a dismissed suspicion does not come back, but one of another label, kind or image does', () => {
  const swap: LabelSuspect = {
    kind: 'swapped',
    imageId: 'a' as ImageId,
    suspicion: 0.9,
    detection: { categoryId: cow, box: at(0), score: 0.5, confidence: 0.5 },
    iou: 1,
    label: { truthIndex: 3, categoryId: dog, box: at(0) },
    ownConfidence: 0,
  }
  const dismissed = [dismissal(swap)]
  expect(isDismissed(swap, dismissed)).toBe(true)
  const label = swap.label
  // Neither its place in the list nor what was detected is what was found to be right.
  expect(isDismissed({ ...swap, label: { ...label, truthIndex: 0 } }, dismissed)).toBe(true)
  expect(isDismissed({ ...swap, label: { ...label, box: at(0, 11) } }, dismissed)).toBe(false)
  expect(isDismissed({ ...swap, label: { ...label, categoryId: cow } }, dismissed)).toBe(false)
  expect(isDismissed({ ...swap, imageId: 'b' as ImageId }, dismissed)).toBe(false)
  expect(isDismissed({ ...swap, kind: 'misplaced', usualIou: 1 }, dismissed)).toBe(false)
})

test('nothing overlooked in a place stays dismissed when it is seen a little elsewhere', () => {
  const seenAt = (x: number): LabelSuspect => ({
    kind: 'overlooked',
    imageId: 'a' as ImageId,
    suspicion: 0.5,
    detection: { categoryId: cow, box: at(x), score: 0.5, confidence: 0.5 },
    iou: 0,
  })
  const dismissed = [dismissal(seenAt(0))]
  // 7 of 13, then 6 of 14.
  expect(isDismissed(seenAt(3), dismissed)).toBe(true)
  expect(isDismissed(seenAt(4), dismissed)).toBe(false)
})

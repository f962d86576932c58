import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import { bootstrapAp50, percentileInterval } from '../../../src/core/evaluation/bootstrap-ap50'
import { evaluateDetections } from '../../../src/core/evaluation/evaluate'
import type { EvaluationImage } from '../../../src/core/evaluation/types'
import { seededRandom } from '../../../src/core/random/seeded'

const cat = 'cat' as CategoryId
const dog = 'dog' as CategoryId
const box = (x: number) => ({ x, y: 0, width: 10, height: 10 })

/** One cat, found or not. */
const single = (id: string, isFound: boolean, score = 0.9): EvaluationImage => ({
  imageId: id as ImageId,
  truth: [{ categoryId: cat, box: box(0), crowd: false }],
  detections: isFound ? [{ categoryId: cat, box: box(0), score }] : [],
})

test('of one found and one missed object the samples have both, either twice, in the odds of two draws', () => {
  const figures = bootstrapAp50(
    [single('a', true), single('b', false)],
    [cat],
    2000,
    seededRandom(1),
  )
  const share = (value: number) =>
    figures.filter((figure) => Math.abs(figure - value) < 1e-12).length / figures.length
  // Precision 1 at recalls 0 to 0.50, 51 of the 101 points; with the found one twice at all, with the missed one at none.
  const shares = [share(0), share(51 / 101), share(1)]
  expect(shares[0] + shares[1] + shares[2]).toBe(1)
  // Standard deviations of the shares: 0.01, 0.011, 0.01.
  expect(Math.abs(shares[0] - 0.25)).toBeLessThan(0.04)
  expect(Math.abs(shares[1] - 0.5)).toBeLessThan(0.045)
  expect(Math.abs(shares[2] - 0.25)).toBeLessThan(0.04)
})

test('an image drawn again and again gives its own AP50, as the evaluator has it', () => {
  const boxes = fc.array(
    fc.record({
      x: fc.integer({ min: 0, max: 40 }),
      categoryId: fc.constantFrom(cat, dog),
      crowd: fc.boolean(),
      score: fc.integer({ min: 1, max: 20 }).map((n) => n / 20),
    }),
    { maxLength: 6 },
  )
  fc.assert(
    fc.property(boxes, boxes, (truth, detections) => {
      const image: EvaluationImage = {
        imageId: 'a' as ImageId,
        truth: truth.map(({ x, categoryId, crowd }) => ({ categoryId, box: box(x), crowd })),
        detections: detections.map(({ x, categoryId, score }) => ({
          categoryId,
          box: box(x),
          score,
        })),
      }
      const { ap50 } = evaluateDetections([image], [cat, dog]).metrics
      const [figure] = bootstrapAp50([image], [cat, dog], 1, seededRandom(1))
      if (ap50 === undefined) expect(figure).toBeUndefined()
      else expect(figure).toBeCloseTo(ap50, 12)
    }),
  )
})

test('the same labels give the same samples to two models, whatever the order of the images', () => {
  const before = [single('a', true), single('b', false), single('c', false)]
  const after = [single('c', false), single('b', true), single('a', true)]
  const first = bootstrapAp50(before, [cat], 200, seededRandom(7))
  const second = bootstrapAp50(after, [cat], 200, seededRandom(7))
  // The second model finds one object more and none less, so no sample can be worse; unpaired ones would be.
  expect(second.every((figure, at) => figure >= first[at])).toBe(true)
  expect(bootstrapAp50(before.toReversed(), [cat], 200, seededRandom(7))).toEqual(first)
})

test('a class that a sample holds no object of does not weigh in it', () => {
  const images: EvaluationImage[] = [
    single('a', true),
    {
      imageId: 'b' as ImageId,
      truth: [{ categoryId: dog, box: box(0), crowd: false }],
      detections: [],
    },
  ]
  // Two cats 1, two dogs 0, one of each 1/2.
  expect(new Set(bootstrapAp50(images, [cat, dog], 200, seededRandom(1)))).toEqual(
    new Set([0, 0.5, 1]),
  )
})

test('where there is nothing to find there is no figure and no interval', () => {
  const empty: EvaluationImage = { imageId: 'a' as ImageId, truth: [], detections: [] }
  expect(bootstrapAp50([empty], [cat], 10, seededRandom(1))).toEqual([])
  expect(percentileInterval([])).toBeUndefined()
})

test('the interval leaves out as much at either end', () => {
  const hundred = Array.from({ length: 101 }, (_, index) => 100 - index)
  expect(percentileInterval(hundred, 0.5)).toEqual({ low: 25, high: 75 })
  expect(percentileInterval([0, 1], 0.5)).toEqual({ low: 0.25, high: 0.75 })
})

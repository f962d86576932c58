import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import { evaluateDetections } from '../../../src/core/evaluation/evaluate'
import type { DetectedBox, EvaluationImage, TruthBox } from '../../../src/core/evaluation/types'
import type { Box } from '../../../src/core/geometry/box'

const cat = 'cat' as CategoryId
const dog = 'dog' as CategoryId
const box = (x: number, y: number, width: number, height: number): Box => ({ x, y, width, height })
const truth = (b: Box, more: Partial<TruthBox> = {}): TruthBox => ({
  categoryId: cat,
  box: b,
  crowd: false,
  ...more,
})
const found = (b: Box, score: number, categoryId = cat): DetectedBox => ({
  categoryId,
  box: b,
  score,
})
const image = (id: string, t: TruthBox[], d: DetectedBox[]): EvaluationImage => ({
  imageId: id as ImageId,
  truth: t,
  detections: d,
})

describe('evaluateDetections by hand', () => {
  const a = box(0, 0, 10, 10)
  const b = box(100, 0, 10, 10)

  it('averages the precision envelope over 101 recall points', () => {
    // Right, wrong, right: precision 1 up to recall 0.50 (51 points), 2/3 for the other 50.
    const { metrics } = evaluateDetections(
      [
        image(
          'i',
          [truth(a), truth(b)],
          [found(a, 0.9), found(box(200, 0, 10, 10), 0.8), found(b, 0.7)],
        ),
      ],
      [cat],
    )
    expect(metrics.ap).toBeCloseTo((51 + (50 * 2) / 3) / 101, 12)
    expect(metrics.ar1).toBe(0.5)
    expect(metrics.ar100).toBe(1)
  })

  it('lets an overlap of exactly the threshold match', () => {
    // 10 x 5 inside 10 x 10: IoU 0.5, so a match at the first of ten thresholds only.
    const { metrics } = evaluateDetections(
      [image('i', [truth(a)], [found(box(0, 0, 10, 5), 0.9)])],
      [cat],
    )
    expect(metrics.ap50).toBe(1)
    expect(metrics.ap75).toBe(0)
    expect(metrics.ap).toBeCloseTo(0.1, 12)
  })

  it('counts the second detection of one object as a false positive', () => {
    const { metrics } = evaluateDetections(
      [image('i', [truth(a), truth(b)], [found(a, 0.9), found(a, 0.8), found(b, 0.7)])],
      [cat],
    )
    expect(metrics.ap50).toBeCloseTo((51 + (50 * 2) / 3) / 101, 12)
  })

  it('ignores every detection inside a crowd region', () => {
    const crowd = truth(box(100, 0, 100, 100), { crowd: true })
    const inside = [found(box(110, 10, 20, 20), 0.99), found(box(150, 50, 20, 20), 0.98)]
    const result = evaluateDetections(
      [image('i', [truth(a), crowd], [...inside, found(a, 0.5)])],
      [cat],
    )
    expect(result.metrics.ap).toBe(1)
    expect(result.truthCount).toBe(1)
  })

  it('takes the area from the truth where it is given, else from the box', () => {
    const detections = [found(a, 0.9)]
    const byBox = evaluateDetections([image('i', [truth(a)], detections)], [cat]).metrics
    expect([byBox.apSmall, byBox.apLarge]).toEqual([1, undefined])
    const given = [truth(a, { area: 10_000 })]
    const byArea = evaluateDetections([image('i', given, detections)], [cat]).metrics
    expect([byArea.apSmall, byArea.apLarge]).toEqual([undefined, 1])
  })

  it('weighs categories equally and leaves out those without truth', () => {
    const result = evaluateDetections(
      [
        image(
          'i',
          [truth(a), truth(b), truth(box(0, 50, 9, 9), { categoryId: dog })],
          [found(a, 0.9), found(b, 0.8), found(a, 0.95, 'cow' as CategoryId)],
        ),
      ],
      [cat, dog, 'cow' as CategoryId],
    )
    expect(result.metrics.ap).toBe(0.5)
    expect(result.perCategory).toMatchObject([
      { categoryId: cat, ap: 1, ap50: 1, truthCount: 2 },
      { categoryId: dog, ap: 0, ap50: 0, truthCount: 1 },
      { categoryId: 'cow', ap: undefined, ap50: undefined, truthCount: 0 },
    ])
  })

  it('leaves out boxes of a category that is not listed', () => {
    const result = evaluateDetections(
      [image('i', [truth(a), truth(b, { categoryId: dog })], [found(a, 0.9), found(b, 0.95, dog)])],
      [cat],
    )
    expect(result.metrics.ap).toBe(1)
    expect(result.truthCount).toBe(1)
  })

  it('has no figures without images', () => {
    const { metrics, imageCount } = evaluateDetections([], [cat])
    expect(new Set(Object.values(metrics))).toEqual(new Set([undefined]))
    expect(imageCount).toBe(0)
  })

  it('refuses numbers that are not finite and names the image', () => {
    expect(() => evaluateDetections([image('x1', [], [found(a, NaN)])], [cat])).toThrow(
      /detection 0 of image x1/,
    )
    expect(() => evaluateDetections([image('x2', [truth(box(0, NaN, 1, 1))], [])], [cat])).toThrow(
      /truth box 0 of image x2/,
    )
  })
})

describe('evaluateDetections, whatever the input', () => {
  const anyCategory = fc.constantFrom(cat, dog)
  // Integer coordinates up to 64 and few scores: plenty of overlaps, exact matches and ties.
  const anyBox = fc.record({
    x: fc.integer({ min: 0, max: 64 }),
    y: fc.integer({ min: 0, max: 64 }),
    width: fc.integer({ min: 1, max: 64 }),
    height: fc.integer({ min: 1, max: 64 }),
  })
  const anyTruth = fc.record({
    categoryId: anyCategory,
    box: anyBox,
    crowd: fc.boolean(),
  })
  const anyImages = fc
    .array(
      fc.record({
        truth: fc.array(anyTruth, { maxLength: 6 }),
        detections: fc.array(
          fc.record({
            categoryId: anyCategory,
            box: anyBox,
            score: fc.integer({ min: 1, max: 9 }).map((n) => n / 10),
          }),
          { maxLength: 8 },
        ),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((list) => list.map((one, i) => ({ imageId: `image-${i}` as ImageId, ...one })))
  const categories = [cat, dog]

  it('does not depend on the order of the images', () => {
    const shuffledPair = anyImages.chain((images) =>
      fc.tuple(
        fc.constant(images),
        fc.shuffledSubarray(images, { minLength: images.length, maxLength: images.length }),
      ),
    )
    fc.assert(
      fc.property(shuffledPair, ([images, shuffled]) => {
        expect(evaluateDetections(shuffled, categories)).toEqual(
          evaluateDetections(images, categories),
        )
      }),
    )
  })

  it('never gains from a false positive, and does not lose by one ranked last', () => {
    fc.assert(
      fc.property(anyImages, fc.constantFrom(0.05, 0.35, 0.95), (images, score) => {
        const [first, ...rest] = images
        // Far away from every box of the generator.
        const extra = found(box(1000, 1000, 20, 20), score)
        const worse = [{ ...first, detections: [...first.detections, extra] }, ...rest]
        const before = evaluateDetections(images, categories).metrics
        const after = evaluateDetections(worse, categories).metrics
        for (const name of ['ap', 'ap50', 'ap75', 'apSmall', 'apMedium'] as const) {
          expect(after[name] === undefined).toBe(before[name] === undefined)
          expect(after[name] ?? 0).toBeLessThanOrEqual(before[name] ?? 0)
        }
        if (score === 0.05) expect(after.ap).toBe(before.ap)
      }),
    )
  })

  it('changes no area-free figure when everything is scaled', () => {
    // A power of two scales exactly, so the figures must be equal to the last bit.
    const scaled = (b: Box) => box(b.x * 8, b.y * 8, b.width * 8, b.height * 8)
    fc.assert(
      fc.property(anyImages, (images) => {
        const larger = images.map((one) => ({
          ...one,
          truth: one.truth.map((t) => ({ ...t, box: scaled(t.box) })),
          detections: one.detections.map((d) => ({ ...d, box: scaled(d.box) })),
        }))
        const { ap, ap50, ap75, ar1, ar10, ar100 } = evaluateDetections(images, categories).metrics
        expect(evaluateDetections(larger, categories).metrics).toMatchObject({
          ap,
          ap50,
          ap75,
          ar1,
          ar10,
          ar100,
        })
      }),
    )
  })

  it('gives a perfect score to the truth itself', () => {
    fc.assert(
      fc.property(anyImages, (images) => {
        const perfect = images.map((one) => {
          const counted = one.truth.filter((t) => !t.crowd)
          return {
            ...one,
            truth: counted,
            detections: counted.map((t) => ({ ...t, score: 0.9 })),
          }
        })
        const { metrics, truthCount } = evaluateDetections(perfect, categories)
        const expected = truthCount === 0 ? undefined : 1
        expect(metrics.ap).toBe(expected)
        expect(metrics.ar100).toBe(expected)
      }),
    )
  })
})

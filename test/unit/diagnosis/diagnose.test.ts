import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CategoryId, ImageId } from '../../../src/core/dataset/types'
import { compactDiagnosis } from '../../../src/core/diagnosis/compact'
import { diagnoseDetections } from '../../../src/core/diagnosis/diagnose'
import type { Diagnosis } from '../../../src/core/diagnosis/types'
import { evaluateDetections } from '../../../src/core/evaluation/evaluate'
import type { DetectedBox, EvaluationImage, TruthBox } from '../../../src/core/evaluation/types'
import type { Box } from '../../../src/core/geometry/box'
import { box, cat, dog, truth } from '../../helpers/boxes'

const found = (categoryId: CategoryId, b: Box, score: number): DetectedBox => ({
  categoryId,
  box: b,
  score,
})
const diagnose = (t: TruthBox[], d: DetectedBox[]): Diagnosis =>
  diagnoseDetections([{ imageId: 'i' as ImageId, truth: t, detections: d }], [cat, dog])
const counts = ({ errors }: Diagnosis) =>
  Object.fromEntries(errors.map(({ kind, count }) => [kind, count]))

describe('diagnoseDetections by hand', () => {
  // One error of each kind among three right detections.
  const objects = [
    ...[truth(cat, box(0)), truth(cat, box(100)), truth(cat, box(200)), truth(cat, box(600))],
    ...[truth(dog, box(300)), truth(dog, box(400))],
  ]
  const diagnosis = diagnose(objects, [
    found(cat, box(0), 0.9),
    found(cat, box(0), 0.8), // duplicate
    found(cat, box(100, 4), 0.7), // location: IoU 0.4
    found(cat, box(300), 0.6), // class: a dog
    found(cat, box(500), 0.5), // background
    found(cat, box(200), 0.4),
    found(dog, box(400), 0.3),
  ])

  it('operates at the score of the best F1: 3 of 7 right and 3 of 6 found at 0.3', () => {
    // F1 at 0.9: 2 / (1 + 6); at 0.4: 4 / (6 + 6); at 0.3: 6 / (7 + 6).
    expect(diagnosis.operatingScore).toBe(0.3)
  })

  it('counts one error of each kind', () => {
    expect(counts(diagnosis)).toEqual({
      class: 1,
      location: 1,
      duplicate: 1,
      background: 1,
      missed: 1,
    })
  })

  it('says what AP50 would gain without each kind', () => {
    // Cats: 26 recall points at precision 1, 25 at 2/6; dogs: 51 at 1. In 2 x 101 points, without
    // - class: 25 cat points at 2/5, 50 more dog points; duplicate, background: 25 cat points at 2/5
    // - location: the second cat at precision 2/3, the third at 3/6
    // - missed: three cats to find, so 34 points at 1 and 33 at 2/6
    const gains = Object.fromEntries(diagnosis.errors.map(({ kind, gain }) => [kind, gain]))
    const cats = 26 + 25 / 3
    expect(gains.class).toBeCloseTo((26 + 10 - cats + 50) / 202, 12)
    expect(gains.location).toBeCloseTo((26 + 25 * (2 / 3) + 25 * 0.5 - cats) / 202, 12)
    expect(gains.duplicate).toBeCloseTo((26 + 10 - cats) / 202, 12)
    expect(gains.background).toBeCloseTo((26 + 10 - cats) / 202, 12)
    expect(gains.missed).toBeCloseTo((34 + 11 - cats) / 202, 12)
  })

  it('confuses with another class, or with the background, each object once', () => {
    expect(diagnosis.confusion).toHaveLength(5)
    expect(diagnosis.confusion).toEqual(
      expect.arrayContaining([
        { truth: cat, predicted: cat, count: 2 },
        { truth: dog, predicted: dog, count: 1 },
        { truth: dog, predicted: cat, count: 1 },
        { truth: undefined, predicted: cat, count: 3 },
        { truth: cat, predicted: undefined, count: 2 },
      ]),
    )
  })

  it('draws precision over recall at IoU 0.5', () => {
    const [cats, dogs] = diagnosis.curves
    expect([cats.categoryId, dogs.categoryId]).toEqual([cat, dog])
    expect(cats.precision.slice(24, 28)).toEqual([1, 1, 1 / 3, 1 / 3])
    expect(cats.precision.slice(49, 53)).toEqual([1 / 3, 1 / 3, 0, 0])
    expect(dogs.precision.slice(49, 53)).toEqual([1, 1, 0, 0])
  })

  it('leaves out of counts and confusion what scores below the operating score', () => {
    const { operatingScore, ...rest } = diagnose(
      [truth(cat, box(0))],
      [found(cat, box(0), 0.9), found(cat, box(50), 0.2)],
    )
    expect(operatingScore).toBe(0.9)
    expect(rest.confusion).toEqual([{ truth: cat, predicted: cat, count: 1 }])
    expect(rest.errors.map(({ count }) => count)).toEqual([0, 0, 0, 0, 0])
    expect(rest.reliability?.bins.map(({ count }) => count)).toEqual([0, 0, 1, 0, 0, 0, 0, 0, 0, 1])
  })

  it('holds nothing against what lies in a crowd region', () => {
    const inCrowd = [found(cat, box(20), 0.9), found(cat, box(40), 0.8), found(cat, box(200), 0.7)]
    const result = diagnose([truth(cat, box(0, 100), true), truth(cat, box(200))], inCrowd)
    expect(result.confusion).toEqual([{ truth: cat, predicted: cat, count: 1 }])
    expect(result.errors.every(({ count, gain }) => count === 0 && gain === 0)).toBe(true)
  })

  it('blames the class for a badly located box of another class, and the object stays missed', () => {
    const near = found(cat, box(300, 4), 0.8)
    const result = diagnose(
      [truth(cat, box(0)), truth(dog, box(300))],
      [found(cat, box(0), 0.7), near],
    )
    expect(counts(result)).toMatchObject({ class: 1, background: 0, missed: 1 })
  })

  it('has no figures where nothing is to be found or nothing was detected', () => {
    const nothing = diagnose([], [])
    expect(nothing.operatingScore).toBeUndefined()
    expect(nothing.reliability).toBeUndefined()
    expect(nothing.errors.every(({ count, gain }) => count === 0 && gain === undefined)).toBe(true)
    expect(counts(diagnose([truth(cat, box(0))], []))).toMatchObject({ missed: 1 })
    expect(counts(diagnose([], [found(cat, box(0), 0.5)]))).toMatchObject({ background: 1 })
  })
})

describe('diagnoseDetections, whatever the input', () => {
  const anyBox = fc.record({
    x: fc.integer({ min: 0, max: 64 }),
    y: fc.integer({ min: 0, max: 64 }),
    width: fc.integer({ min: 1, max: 64 }),
    height: fc.integer({ min: 1, max: 64 }),
  })
  const anyCategory = fc.constantFrom(cat, dog)
  const anyTruth = fc.record({ categoryId: anyCategory, box: anyBox, crowd: fc.boolean() })
  const anyScore = fc.integer({ min: 1, max: 9 }).map((n) => n / 10)
  const anyImages: fc.Arbitrary<EvaluationImage[]> = fc
    .array(
      fc.record({
        truth: fc.array(anyTruth, { maxLength: 6 }),
        detections: fc.array(fc.record({ categoryId: anyCategory, box: anyBox, score: anyScore }), {
          maxLength: 8,
        }),
      }),
      { minLength: 1, maxLength: 5 },
    )
    .map((list) => list.map((one, i) => ({ imageId: `image-${i}` as ImageId, ...one })))
  const categories = [cat, dog]

  it("draws curves whose mean is the evaluation's AP50", () => {
    fc.assert(
      fc.property(anyImages, (images) => {
        const { curves } = diagnoseDetections(images, categories)
        const byCategory = new Map(curves.map((curve) => [curve.categoryId, curve.precision]))
        for (const { categoryId, ap50 } of evaluateDetections(images, categories).perCategory) {
          const precision = byCategory.get(categoryId)
          expect(precision === undefined).toBe(ap50 === undefined)
          const sum = precision?.reduce((total, value) => total + value, 0) ?? 0
          expect(sum / 101).toBeCloseTo(ap50 ?? 0, 12)
        }
      }),
    )
  })

  it('does not depend on the order of the images', () => {
    fc.assert(
      fc.property(anyImages, (images) => {
        expect(diagnoseDetections(images.toReversed(), categories)).toEqual(
          diagnoseDetections(images, categories),
        )
      }),
    )
  })

  it('finds or misses every object once, and accounts for every false positive', () => {
    fc.assert(
      fc.property(anyImages, (images) => {
        const { confusion, errors, operatingScore } = diagnoseDetections(images, categories)
        const sum = (cells: Diagnosis['confusion']) => cells.reduce((s, { count }) => s + count, 0)
        for (const id of categories) {
          const objects = images.flatMap((image) =>
            image.truth.filter(({ categoryId, crowd }) => categoryId === id && !crowd),
          )
          expect(sum(confusion.filter((cell) => cell.truth === id))).toBe(objects.length)
        }
        const wrong = sum(
          confusion.filter((c) => c.predicted !== undefined && c.predicted !== c.truth),
        )
        const falsePositives = errors.filter(({ kind }) => kind !== 'missed')
        expect(falsePositives.reduce((s, { count }) => s + count, 0)).toBe(wrong)
        const right = sum(confusion.filter((c) => c.predicted === c.truth))
        expect(right > 0).toBe(operatingScore !== undefined)
      }),
    )
  })

  it('gives gains that AP50 has room for', () => {
    fc.assert(
      fc.property(anyImages, (images) => {
        const ap50 = evaluateDetections(images, categories).metrics.ap50
        for (const { gain } of diagnoseDetections(images, categories).errors) {
          expect(gain === undefined).toBe(ap50 === undefined)
          expect(gain ?? 0).toBeGreaterThanOrEqual(0)
          expect((gain ?? 0) + (ap50 ?? 0)).toBeLessThanOrEqual(1 + 1e-12)
        }
      }),
    )
  })
})

describe('compactDiagnosis', () => {
  it('keeps the curves of the thirty classes with the most objects, to four decimals', () => {
    const ids = Array.from({ length: 32 }, (_, index) => `class-${index}` as CategoryId)
    const images = ids.map((categoryId, index): EvaluationImage => {
      const objects = Array.from({ length: index === 5 || index === 9 ? 1 : 3 }, (_, place) =>
        truth(categoryId, box(100 * place)),
      )
      const miss = found(categoryId, box(900), 0.9)
      return {
        imageId: `image-${index}` as ImageId,
        truth: objects,
        detections: [miss, miss, found(categoryId, box(0), 0.8)],
      }
    })
    const { curves, confusion } = diagnoseDetections(images, ids)
    const compact = compactDiagnosis(diagnoseDetections(images, ids))
    expect(curves).toHaveLength(32)
    expect(compact.curves.map(({ categoryId }) => categoryId)).toEqual(
      ids.filter((_, index) => index !== 5 && index !== 9),
    )
    expect(curves[0].precision[0]).toBe(1 / 3)
    expect(compact.curves[0].precision[0]).toBe(0.3333)
    expect(compact.confusion).toEqual(confusion)
  })
})

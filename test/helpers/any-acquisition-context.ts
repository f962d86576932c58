import fc from 'fast-check'
import type {
  AcquisitionContext,
  ImageEvidence,
  LabeledEvidence,
  ParameterValues,
  QueryStrategy,
} from '../../src/core/acquisition/types'
import type { CategoryId, ImageId } from '../../src/core/dataset/types'
import type { CommitteePeak, Detection } from '../../src/core/detection/types'
import type { Box } from '../../src/core/geometry/box'

const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  // Few values, so that ties, sure boxes and impossible ones are common.
  fc.constantFrom(0, 0.1, 0.5, 0.9, 1),
)

const box: fc.Arbitrary<Box> = fc.record({
  x: fc.integer({ min: 0, max: 20 }),
  y: fc.integer({ min: 0, max: 20 }),
  width: fc.integer({ min: 1, max: 20 }),
  height: fc.integer({ min: 1, max: 20 }),
})

/** Few values: equal vectors and zeros occur. */
function vector(length: number): fc.Arbitrary<Float32Array> {
  return fc
    .array(fc.integer({ min: -2, max: 2 }), { minLength: length, maxLength: length })
    .map((values) => Float32Array.from(values))
}

interface Shape {
  /** Those of the project. */
  readonly categories: readonly CategoryId[]
  /** Those of boxes: one more, as a class that was deleted. */
  readonly shown: readonly CategoryId[]
  readonly members: number
  /** Length of the feature vectors. */
  readonly length: number
}

function detectionOf({ categories, shown, members }: Shape): fc.Arbitrary<Detection> {
  const scores = fc.array(probability, { minLength: members, maxLength: members })
  return fc
    .record({
      box,
      index: fc.nat(shown.length - 1),
      memberScores: scores,
      others: fc.array(probability, {
        minLength: categories.length,
        maxLength: categories.length,
      }),
    })
    .map(({ index, memberScores, others, ...rest }) => {
      const score = memberScores.reduce((sum, p) => sum + p, 0) / members
      const classProbabilities = others.map((p, other) => (other === index ? score : p))
      return { ...rest, categoryId: shown[index], score, classProbabilities, memberScores }
    })
}

function detectionsOf(shape: Shape): fc.Arbitrary<Detection[]> {
  return fc
    .array(detectionOf(shape), { maxLength: 6 })
    .map((found) => found.sort((a, b) => b.score - a.score))
}

function peaksOf(shape: Shape): fc.Arbitrary<CommitteePeak[]> {
  return fc.array(
    detectionOf(shape).map(({ categoryId, memberScores }) => ({ categoryId, memberScores })),
    { maxLength: 6 },
  )
}

/** Everything an engine could say of an image, or only some of it, or nothing. */
function evidenceOf(imageId: ImageId, shape: Shape): fc.Arbitrary<ImageEvidence> {
  const maybe = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: undefined, freq: 4 })
  return fc
    .record({
      detections: maybe(detectionsOf(shape)),
      peaks: maybe(peaksOf(shape)),
      mirrored: maybe(detectionsOf(shape)),
      feature: maybe(vector(shape.length)),
      objectFeature: maybe(vector(shape.length)),
      table: maybe(fc.array(vector(shape.length), { minLength: 4, maxLength: 4 })),
      hasSupport: fc.boolean(),
    })
    .map(({ table, hasSupport, ...evidence }) => ({
      imageId,
      ...evidence,
      support: hasSupport ? evidence.detections?.map((_, index) => 1 + (index % 5)) : undefined,
      // Of a box always the same, wherever in the list it stands.
      boxFeatures:
        table && ((given) => given.map(({ box: { x, y } }) => table[(x + y) % table.length])),
    }))
}

function labeledOf(imageId: ImageId, shape: Shape): fc.Arbitrary<LabeledEvidence> {
  const object = fc.record({
    categoryId: fc.constantFrom(...shape.shown),
    box,
    crowd: fc.boolean(),
  })
  // Crowded enough, at times, for every class to have many objects.
  const truth = fc.oneof(
    { weight: 3, arbitrary: fc.array(object, { maxLength: 5 }) },
    { weight: 1, arbitrary: fc.array(object, { minLength: 60, maxLength: 90 }) },
  )
  const outOfFold = fc.option(
    detectionsOf(shape).map((detections) => ({
      detections,
      support: detections.map((_, index) => 1 + (index % 5)),
    })),
    { nil: undefined },
  )
  return fc
    .record({ evidence: evidenceOf(imageId, shape), truth, outOfFold })
    .map(({ evidence, ...rest }) => ({ ...evidence, ...rest }))
}

const names = ['a', 'b', 'c', 'd', 'e']
const [gone] = asCategories(['gone'])

function asCategories(ids: readonly string[]): readonly CategoryId[] {
  return ids.map((id) => id as CategoryId)
}

/** Pools of up to 12 images, some of them labelled, with one to five categories; boxes may be of another. */
export const anyContext: fc.Arbitrary<AcquisitionContext> = fc
  .record({
    ids: fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 12 }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    shape: fc
      .record({
        categories: fc
          .integer({ min: 1, max: 5 })
          .map((count) => asCategories(names.slice(0, count))),
        shown: fc.boolean(),
        members: fc.integer({ min: 1, max: 5 }),
        length: fc.integer({ min: 1, max: 4 }),
      })
      .map(({ shown, ...shape }) => ({
        ...shape,
        shown: shown ? [...shape.categories, gone] : shape.categories,
      })),
  })
  .chain(({ ids, share, shape }) => {
    const split = Math.floor(ids.length * share)
    return fc.record({
      unlabeled: fc.tuple(...ids.slice(split).map((id) => evidenceOf(id as ImageId, shape))),
      labeled: fc.tuple(...ids.slice(0, split).map((id) => labeledOf(id as ImageId, shape))),
      categories: fc.constant(shape.categories),
      cost: fc.record({
        secondsPerImage: fc.nat(10),
        secondsPerBox: fc.nat(10),
      }),
      rounds: fc.nat(5),
    })
  })

/** Values within the limits of a strategy's parameters; what is left out takes its default. */
export function anyParameters({ parameters }: QueryStrategy): fc.Arbitrary<ParameterValues> {
  const choices = parameters.map((parameter) => {
    const { id } = parameter
    const values: fc.Arbitrary<string | number> =
      parameter.kind === 'choice'
        ? fc.constantFrom(...parameter.options)
        : fc.constantFrom(parameter.min, parameter.defaultValue, parameter.max)
    return fc.option(
      values.map((value) => [id, value] as const),
      { nil: undefined },
    )
  })
  return fc
    .tuple(...choices)
    .map((chosen) => Object.fromEntries(chosen.filter((choice) => choice !== undefined)))
}

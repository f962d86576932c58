import * as v from 'valibot'
import type { AnnotationId, CategoryId, ImageId, ProjectId } from '../dataset/types'
import { figuresSchema } from '../experiment/files/figures-schema'
import { settingsSchema, stateSchema } from '../experiment/replay/experiment-schema'
import { defaultStoppingSettings } from '../experiment/stopping/stopping'
import { calibrationCheckSchema, diagnosisSchema } from './diagnosis-schema'
import type { Cell, CellId } from './types'

/** Cells as they are stored: what JSON leaves out, because it was undefined, is undefined again. */

const text = v.pipe(v.string(), v.nonEmpty('is empty'))
const id = <Id extends string>() =>
  v.pipe(
    text,
    v.transform((value) => value as Id),
  )
const finite = v.pipe(v.number(), v.finite('is not a finite number'))
const count = v.pipe(finite, v.integer('is not a whole number'), v.minValue(0, 'is below 0'))
const positive = v.pipe(count, v.minValue(1, 'is below 1'))
const amount = v.pipe(finite, v.minValue(0, 'is below 0'))
const share = v.pipe(amount, v.maxValue(1, 'is above 1'))
const maybe = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(schema, () => undefined)

const base = {
  id: id<CellId>(),
  projectId: id<ProjectId>(),
  position: finite,
}

const modelSettings = v.object({
  inputSize: v.pipe(positive, v.multipleOf(32, 'is not a multiple of 32')),
  committee: positive,
  steps: positive,
  hidden: positive,
  learningRate: amount,
  // Documents of versions that knew no other start or depth do not name them.
  start: v.optional(v.picklist(['scratch', 'warm']), 'scratch'),
  depth: v.optional(v.picklist(['head', 'decoder', 'full']), 'head'),
  views: v.optional(count, 0),
})

const roundSettings = v.object({
  strategyId: text,
  parameters: v.record(v.string(), v.union([v.string(), finite])),
  batchSize: positive,
  seed: finite,
})

const figure = maybe(share)

const metrics = {
  ap: figure,
  ap50: figure,
  ap75: figure,
  apSmall: figure,
  apMedium: figure,
  apLarge: figure,
  ar1: figure,
  ar10: figure,
  ar100: figure,
  arSmall: figure,
  arMedium: figure,
  arLarge: figure,
}

const evaluation = v.object({
  metrics: v.object(metrics),
  perCategory: v.array(v.object({ ...metrics, categoryId: id<CategoryId>(), truthCount: count })),
  imageCount: count,
  truthCount: count,
})

const roundOutput = v.object({
  // A diverged training records losses that are not finite; its round must still open.
  losses: v.array(v.object({ step: count, loss: v.union([v.number(), v.nan()]) })),
  trainSeconds: amount,
  backend: v.string(),
  model: modelSettings,
  weightsDigest: maybe(text),
  evaluation: maybe(evaluation),
  estimate: maybe(v.picklist(['test-split', 'out-of-fold'])),
  diagnosis: maybe(diagnosisSchema),
  calibration: maybe(calibrationCheckSchema),
  samples: maybe(v.object({ key: text, ap50: v.array(share) })),
  agreement: maybe(share),
  labeledImages: count,
  labeledBoxes: count,
  labelSeconds: amount,
  labelClicks: maybe(count),
  trainedOn: v.array(id<ImageId>()),
  fingerprint: text,
  finishedAt: finite,
})

const categoryCounts = v.array(
  v.object({ categoryId: id<CategoryId>(), count: amount, deviation: amount }),
)

const countOutput = v.object({
  threshold: share,
  images: v.array(v.object({ imageId: id<ImageId>(), counts: categoryCounts })),
  totals: categoryCounts,
  fingerprint: text,
  finishedAt: finite,
})

const stopping = v.object({
  budget: maybe(v.object({ unit: v.picklist(['images', 'boxes', 'seconds']), amount })),
  targetAp50: maybe(share),
  epsilon: share,
  leastGainPer100: maybe(amount),
})

const box = v.object({ x: finite, y: finite, width: amount, height: amount })

const suspect = {
  imageId: id<ImageId>(),
  suspicion: share,
  detection: v.object({ categoryId: id<CategoryId>(), box, score: share, confidence: share }),
  iou: share,
  revision: count,
  annotationId: maybe(id<AnnotationId>()),
}

const labelInQuestion = v.object({ truthIndex: count, categoryId: id<CategoryId>(), box })

const reviewOutput = v.object({
  items: v.array(
    v.variant('kind', [
      v.object({ ...suspect, kind: v.literal('overlooked') }),
      v.object({
        ...suspect,
        kind: v.literal('misplaced'),
        label: labelInQuestion,
        usualIou: share,
      }),
      v.object({
        ...suspect,
        kind: v.literal('swapped'),
        label: labelInQuestion,
        ownConfidence: share,
      }),
    ]),
  ),
  images: count,
  boxes: count,
  unjudged: count,
  fingerprint: text,
  finishedAt: finite,
})

const experimentOutput = v.object({
  state: stateSchema,
  figures: figuresSchema,
  poolImages: count,
  testImages: count,
  isTestDrawn: v.boolean(),
  seconds: amount,
  secondsPerStep: v.optional(amount),
  backend: v.string(),
  fingerprint: text,
  finishedAt: finite,
})

export const cellSchema = v.variant('kind', [
  v.object({ ...base, kind: v.literal('note'), markdown: v.string() }),
  v.object({ ...base, kind: v.literal('data') }),
  v.object({ ...base, kind: v.literal('model'), settings: modelSettings }),
  v.object({
    ...base,
    kind: v.literal('round'),
    index: count,
    settings: roundSettings,
    picks: v.array(v.object({ imageId: id<ImageId>(), score: finite, reason: v.string() })),
    output: maybe(roundOutput),
  }),
  v.object({
    ...base,
    kind: v.literal('curve'),
    xAxis: v.picklist(['images', 'boxes', 'seconds', 'clicks']),
    price: maybe(v.object({ perHour: amount, currency: v.string() })),
    // Curves of versions that gave no advice have none.
    stopping: v.optional(stopping, defaultStoppingSettings),
  }),
  v.object({
    ...base,
    kind: v.literal('count'),
    threshold: share,
    imageId: maybe(id<ImageId>()),
    output: maybe(countOutput),
  }),
  v.object({
    ...base,
    kind: v.literal('review'),
    dismissed: v.array(
      v.object({
        kind: v.picklist(['overlooked', 'misplaced', 'swapped']),
        imageId: id<ImageId>(),
        categoryId: id<CategoryId>(),
        box,
      }),
    ),
    output: maybe(reviewOutput),
  }),
  v.object({
    ...base,
    kind: v.literal('experiment'),
    labels: v.picklist(['own', 'oracle']),
    settings: settingsSchema,
    xAxis: v.picklist(['images', 'boxes', 'seconds']),
    asFraction: v.boolean(),
    isUnderWay: v.optional(v.boolean()),
    output: maybe(experimentOutput),
  }),
]) satisfies v.GenericSchema<unknown, Cell>

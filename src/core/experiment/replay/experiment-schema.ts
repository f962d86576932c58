import * as v from 'valibot'
import type { ImageId } from '../../dataset/types'
import type { ExperimentState } from './replay-types'

/** Experiments as they are stored: what JSON has as null, or leaves out, because it was undefined is undefined again. */

const text = v.pipe(v.string(), v.nonEmpty('is empty'))
const finite = v.pipe(v.number(), v.finite('is not a finite number'))
const count = v.pipe(finite, v.integer('is not a whole number'), v.minValue(0, 'is below 0'))
const positive = v.pipe(count, v.minValue(1, 'is below 1'))
const amount = v.pipe(finite, v.minValue(0, 'is below 0'))
const share = v.pipe(amount, v.maxValue(1, 'is above 1'))
const imageId = v.pipe(
  text,
  v.transform((value) => value as ImageId),
)
const maybe = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema, () => undefined)

export const settingsSchema = v.object({
  strategies: v.array(
    v.object({
      id: text,
      strategyId: text,
      parameters: v.record(v.string(), v.union([v.string(), finite])),
      seeds: v.optional(v.array(count)),
    }),
  ),
  seeds: v.array(count),
  initial: positive,
  batch: positive,
  rounds: positive,
  model: v.object({
    inputSize: positive,
    committee: positive,
    steps: positive,
    hidden: positive,
    learningRate: amount,
    start: v.picklist(['scratch', 'warm']),
    depth: v.picklist(['head', 'decoder', 'full']),
    views: count,
  }),
  stepsPerImage: amount,
  cost: v.object({ secondsPerImage: amount, secondsPerBox: amount }),
  targetFraction: share,
})

const fullPool = maybe(
  v.object({
    ap50: share,
    ap: share,
    interval: maybe(v.object({ low: share, high: share })),
  }),
)

const point = v.object({ images: count, boxes: count, seconds: amount, ap50: share, ap: share })

const version = v.optional(positive)

const imageKeys = v.optional(v.literal('content'))

export const stateSchema = v.object({
  data: text,
  dataDigest: text,
  imageKeys,
  settings: settingsSchema,
  fullPool,
  runs: v.array(
    v.object({
      strategy: text,
      version,
      seed: count,
      rounds: v.array(v.object({ picks: v.array(imageId), point: maybe(point) })),
    }),
  ),
}) satisfies v.GenericSchema<unknown, ExperimentState>

/** Of a result, what cannot be computed from the rest of it. */
export const resultSchema = v.object({
  data: text,
  dataDigest: text,
  imageKeys,
  settings: settingsSchema,
  fullPool,
  strategies: v.array(
    v.object({
      id: text,
      version,
      curves: v.array(v.object({ seed: count, points: v.array(point) })),
    }),
  ),
})

import * as v from 'valibot'
import type { CategoryId } from '../dataset/types'
import type { Reliability } from '../calibration/reliability'
import type { Diagnosis } from '../diagnosis/types'
import type { CalibrationCheck } from './types'

const share = v.pipe(v.number(), v.minValue(0, 'is below 0'), v.maxValue(1, 'is above 1'))
const count = v.pipe(
  v.number(),
  v.integer('is not a whole number'),
  v.minValue(0, 'is below 0'),
  v.finite('is not a finite number'),
)
const maybe = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.optional(schema, () => undefined)
const categoryId = v.pipe(
  v.string(),
  v.nonEmpty('is empty'),
  v.transform((value) => value as CategoryId),
)

const reliability = v.object({
  bins: v.array(
    v.object({
      from: share,
      to: share,
      count,
      meanScore: maybe(share),
      precision: maybe(share),
      meanIou: maybe(share),
    }),
  ),
  detectionError: maybe(share),
  localisationAwareError: maybe(share),
}) satisfies v.GenericSchema<unknown, Reliability>

export const diagnosisSchema = v.object({
  operatingScore: maybe(share),
  curves: v.array(v.object({ categoryId, precision: v.array(share) })),
  confusion: v.array(v.object({ truth: maybe(categoryId), predicted: maybe(categoryId), count })),
  errors: v.array(
    v.object({
      kind: v.picklist(['class', 'location', 'duplicate', 'background', 'missed']),
      count,
      gain: maybe(share),
    }),
  ),
  reliability: maybe(reliability),
}) satisfies v.GenericSchema<unknown, Diagnosis>

export const calibrationCheckSchema = v.object({
  images: count,
  before: reliability,
  after: reliability,
}) satisfies v.GenericSchema<unknown, CalibrationCheck>

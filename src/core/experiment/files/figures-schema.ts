import * as v from 'valibot'
import type { ExperimentFigures } from '../statistics/figures'

/** Figures as they are stored with their experiment. */

const finite = v.pipe(v.number(), v.finite('is not a finite number'))
const count = v.pipe(finite, v.integer('is not a whole number'), v.minValue(0, 'is below 0'))
const maybe = <Schema extends v.GenericSchema>(schema: Schema) => v.nullish(schema, () => undefined)

const interval = { low: maybe(finite), high: maybe(finite) }

const axis = v.object({
  aulc: maybe(v.object({ mean: finite, ...interval })),
  versusRandom: maybe(v.object({ delta: finite, ...interval, wins: count, n: count })),
  saving: maybe(
    v.object({
      target: finite,
      mean: maybe(finite),
      ...interval,
      notReached: count,
    }),
  ),
  band: v.array(v.object({ place: finite, mean: finite, ...interval })),
})

const penalties = v.object({
  strategies: v.array(v.string()),
  losses: v.array(v.array(maybe(finite))),
})

const onAxes = <Schema extends v.GenericSchema>(schema: Schema) =>
  v.object({ images: schema, boxes: schema, seconds: schema })

export const figuresSchema = v.object({
  version: maybe(count),
  strategies: v.array(v.object({ id: v.string(), axes: onAxes(axis) })),
  penalties: onAxes(penalties),
}) satisfies v.GenericSchema<unknown, ExperimentFigures>

import * as v from 'valibot'

/** Text that is a number; other text stays and fails the next check. */
const numberFromText = v.pipe(
  v.string(),
  v.transform((text) => (text.trim() === '' ? Number.NaN : Number(text))),
)

/** Finite; some exporters write numbers as text. */
export const numberSchema = v.pipe(v.union([v.number(), numberFromText]), v.finite())

/** COCO's ids are integers, but exporters write text too; compared as text. */
export const idSchema = v.union([v.pipe(v.number(), v.finite()), v.pipe(v.string(), v.nonEmpty())])

export const categorySchema = v.object({ id: idSchema, name: v.optional(v.unknown()) })

export const imageSchema = v.object({
  id: idSchema,
  file_name: v.pipe(v.string(), v.nonEmpty()),
  width: v.optional(v.unknown()),
  height: v.optional(v.unknown()),
})

export const annotationSchema = v.object({
  id: v.optional(v.unknown()),
  image_id: idSchema,
  category_id: idSchema,
  bbox: v.optional(v.unknown()),
  segmentation: v.optional(v.unknown()),
  area: v.optional(v.unknown()),
  iscrowd: v.optional(v.unknown()),
})

export type AnnotationRecord = v.InferOutput<typeof annotationSchema>

export const bboxSchema = v.tuple([numberSchema, numberSchema, numberSchema, numberSchema])

/** At least one polygon `[x1, y1, x2, y2, ...]` of three points. */
export const polygonsSchema = v.pipe(
  v.array(v.pipe(v.array(numberSchema), v.minLength(6))),
  v.minLength(1),
)

export const rleSchema = v.object({ counts: v.unknown(), size: v.unknown() })

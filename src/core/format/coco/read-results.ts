import * as v from 'valibot'
import type { CategoryId, ImageId } from '../../dataset/types'
import type { DetectedBox, EvaluationImage, TruthBox } from '../../evaluation/types'
import type { Box } from '../../geometry/box'
import { FormatError } from '../problem'
import { idSchema } from './schema'

/** A JSON file's text, and its name as people know it. */
export interface NamedText {
  readonly name: string
  readonly text: string
}

export interface EvaluationInput {
  /** In the order of the file's ids, which `imageId` keeps. */
  readonly images: readonly EvaluationImage[]
  readonly categories: readonly CategoryId[]
}

type Id = v.InferOutput<typeof idSchema>

const finite = v.pipe(v.number(), v.finite())
const bbox = v.tuple([finite, finite, finite, finite])

const truthSchema = v.object({
  images: v.array(v.object({ id: idSchema })),
  categories: v.array(v.object({ id: idSchema })),
  annotations: v.array(
    v.object({
      image_id: idSchema,
      category_id: idSchema,
      bbox,
      area: v.nullish(finite),
      iscrowd: v.nullish(v.union([v.literal(0), v.literal(1), v.boolean()])),
    }),
  ),
})

const resultsSchema = v.array(
  v.object({ image_id: idSchema, category_id: idSchema, bbox, score: finite }),
)

/**
 * Reads what a COCO evaluation takes: an instances file with images, categories and annotations, and a results file,
 * which is a list of `{image_id, category_id, bbox, score}`.
 * @throws FormatError naming the file, the record and what is wrong with it: not JSON, a field that is missing or not
 *   what it should be, an id twice, an image or category that the instances file does not have
 */
export function readResults(truth: NamedText, detections: NamedText): EvaluationInput {
  const { images, categories, annotations } = parse(truth, truthSchema)
  const results = parse(detections, resultsSchema)
  const categoryIds = new Set<Id>()
  for (const { id } of categories) addOnce(categoryIds, id, `${truth.name}: category`)

  const byImage = new Map<Id, { truth: TruthBox[]; detections: DetectedBox[] }>()
  const imageIds = new Set<Id>()
  for (const { id } of images) {
    addOnce(imageIds, id, `${truth.name}: image`)
    byImage.set(id, { truth: [], detections: [] })
  }
  const place = (where: string, imageId: Id, categoryId: Id) => {
    const image = byImage.get(imageId)
    if (image === undefined) throw unknownId(where, 'image', imageId, truth.name)
    if (!categoryIds.has(categoryId)) throw unknownId(where, 'category', categoryId, truth.name)
    return image
  }
  annotations.forEach(({ image_id, category_id, bbox: numbers, area, iscrowd }, index) => {
    place(`${truth.name}, annotations[${index}]`, image_id, category_id).truth.push({
      categoryId: String(category_id) as CategoryId,
      box: toBox(numbers),
      crowd: Boolean(iscrowd),
      ...(typeof area === 'number' && { area }),
    })
  })
  results.forEach(({ image_id, category_id, bbox: numbers, score }, index) => {
    place(`${detections.name}, [${index}]`, image_id, category_id).detections.push({
      categoryId: String(category_id) as CategoryId,
      box: toBox(numbers),
      score,
    })
  })
  // The evaluation orders images by id as text, the reference by number: padded, both are the same.
  const digits = String(byImage.size).length
  const ordered = [...byImage].sort(([a], [b]) => compareIds(a, b))
  return {
    images: ordered.map(([, boxes], index) => ({
      imageId: String(index).padStart(digits, '0') as ImageId,
      ...boxes,
    })),
    categories: [...categoryIds].map((id) => String(id) as CategoryId),
  }
}

function parse<Schema extends v.GenericSchema>(
  { name, text }: NamedText,
  schema: Schema,
): v.InferOutput<Schema> {
  let json: unknown
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new FormatError(`${name} is not valid JSON (${detail}). Write it again.`)
  }
  const parsed = v.safeParse(schema, json, { abortEarly: true })
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const expected =
    schema.type === 'array'
      ? 'a list of {image_id, category_id, bbox, score}'
      : 'an object with images, categories and annotations'
  const field = v.getDotPath(issue) ?? 'the whole'
  const fault =
    issue.received === 'undefined'
      ? 'is missing'
      : `should be ${issue.expected ?? issue.message}, not ${issue.received}`
  throw new FormatError(`${name} is not ${expected}: ${field} ${fault}.`)
}

function addOnce(ids: Set<Id>, id: Id, what: string): void {
  if (ids.has(id)) throw new FormatError(`${what} ${id} is there twice. Ids must differ.`)
  ids.add(id)
}

function unknownId(where: string, what: string, id: Id, truth: string): FormatError {
  return new FormatError(
    `${where} names ${what} ${id}, which ${truth} does not have. Both files must speak of the same data set.`,
  )
}

function compareIds(a: Id, b: Id): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  return String(a) < String(b) ? -1 : 1
}

function toBox([x, y, width, height]: readonly [number, number, number, number]): Box {
  return { x, y, width, height }
}

import * as v from 'valibot'
import type { Box } from '../../geometry/box'
import { clipBox } from '../../geometry/overlap'
import type { ProblemCollector } from '../problem'
import type { OpenImage } from './read-images'
import {
  annotationSchema,
  bboxSchema,
  numberSchema,
  polygonsSchema,
  rleSchema,
  type AnnotationRecord,
} from './schema'
import type { CocoBox } from './types'

/** Files round coordinates; a box may stick out by this many pixels before it is worth a remark. */
const ROUNDING = 1

type Reported<T> = { readonly value: T } | { readonly problem: string }

function boxOfPolygons(polygons: readonly (readonly number[])[]): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const polygon of polygons) {
    polygon.forEach((coordinate, index) => {
      if (index % 2 === 0) {
        left = Math.min(left, coordinate)
        right = Math.max(right, coordinate)
      } else {
        top = Math.min(top, coordinate)
        bottom = Math.max(bottom, coordinate)
      }
    })
  }
  return { x: left, y: top, width: right - left, height: bottom - top }
}

function readBox({ bbox, segmentation }: AnnotationRecord): Reported<Box> {
  const isMissing =
    bbox === undefined || bbox === null || (Array.isArray(bbox) && bbox.length === 0)
  if (!isMissing) {
    const parsed = v.safeParse(bboxSchema, bbox)
    if (!parsed.success) return { problem: 'bbox that is not four finite numbers; left out.' }
    const [x, y, width, height] = parsed.output
    return { value: { x, y, width, height } }
  }
  const polygons = v.safeParse(polygonsSchema, segmentation)
  if (polygons.success) return { value: boxOfPolygons(polygons.output) }
  return {
    problem: v.is(rleSchema, segmentation)
      ? 'run-length mask and no bbox; left out. Export with boxes.'
      : 'neither a bbox nor a polygon; left out.',
  }
}

function fitBox(box: Box, image: OpenImage): Reported<Box> {
  if (!(box.width > 0 && box.height > 0))
    return { problem: 'box without width or height; left out.' }
  if (image.width === undefined || image.height === undefined) return { value: box }
  const clipped = clipBox(box, image.width, image.height)
  return clipped === undefined
    ? { problem: 'box outside the image; left out.' }
    : { value: clipped }
}

function sticksOut(box: Box, clipped: Box): boolean {
  return (
    clipped.x - box.x > ROUNDING ||
    clipped.y - box.y > ROUNDING ||
    box.x + box.width - clipped.x - clipped.width > ROUNDING ||
    box.y + box.height - clipped.y - clipped.height > ROUNDING
  )
}

function withArea(box: CocoBox, area: unknown): CocoBox {
  const parsed = v.safeParse(numberSchema, area)
  const isOwn =
    !parsed.success || parsed.output <= 0 || parsed.output === box.box.width * box.box.height
  return isOwn ? box : { ...box, area: parsed.output }
}

/** An annotation whose image and category are known and whose box marks something. */
interface Placed {
  readonly image: OpenImage
  readonly category: number
  /** As the file has it. */
  readonly given: Box
  /** Clipped to the image; the very `given` when nothing was cut off. */
  readonly box: Box
}

/** Counts an object that is lost in its image's `leftOut`. */
function place(
  annotation: AnnotationRecord,
  categoryById: ReadonlyMap<string, number>,
  imageById: ReadonlyMap<string, OpenImage | undefined>,
): Reported<Placed> {
  const imageKey = String(annotation.image_id)
  const image = imageById.get(imageKey)
  if (image === undefined) {
    return {
      problem: imageById.has(imageKey)
        ? 'image id that two images share; left out.'
        : 'image id that is not listed; left out.',
    }
  }
  const category = categoryById.get(String(annotation.category_id))
  if (category === undefined) {
    image.leftOut++
    return { problem: 'category id that is not listed; left out.' }
  }
  const given = readBox(annotation)
  if ('problem' in given) {
    image.leftOut++
    return given
  }
  // An empty or outlying box marks no object, so the image stays complete without it.
  const fitted = fitBox(given.value, image)
  if ('problem' in fitted) return fitted
  return { value: { image, category, given: given.value, box: fitted.value } }
}

/** Puts every usable annotation into its image's `boxes`; reports the others, and those changed on the way. */
export function readAnnotations(
  records: readonly unknown[],
  categoryById: ReadonlyMap<string, number>,
  imageById: ReadonlyMap<string, OpenImage | undefined>,
  problems: ProblemCollector,
): void {
  const contentById = new Map<string, string>()
  records.forEach((record, position) => {
    const parsed = v.safeParse(annotationSchema, record)
    if (!parsed.success) {
      const message = 'no usable image_id or category_id; left out.'
      problems.add('error', 'annotation', `at position ${position}`, message)
      return
    }
    const annotation = parsed.output
    const { id } = annotation
    const hasId = typeof id === 'number' || typeof id === 'string'
    const label = hasId ? id : `at position ${position}`
    const placed = place(annotation, categoryById, imageById)
    if ('problem' in placed) {
      problems.add('error', 'annotation', label, placed.problem)
      return
    }
    const { image, category, given, box } = placed.value
    const warn = (message: string): void => problems.add('warning', 'annotation', label, message)
    if (hasId) {
      const content = JSON.stringify([String(annotation.image_id), category, given])
      const earlier = contentById.get(String(id))
      if (earlier === content) {
        warn('listed twice; used once.')
        return
      }
      if (earlier !== undefined) warn('same id as another annotation; all are used.')
      contentById.set(String(id), content)
    }
    if (sticksOut(given, box)) warn('box that reaches out of the image; cut at the border.')
    const crowd =
      annotation.iscrowd === 1 || annotation.iscrowd === true || annotation.iscrowd === '1'
    const item: CocoBox = { category, box, crowd }
    image.boxes.push(box === given ? withArea(item, annotation.area) : item)
  })
}

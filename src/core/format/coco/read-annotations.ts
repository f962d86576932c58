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

/** Puts every usable annotation into its image's `boxes`. */
export function readAnnotations(
  records: readonly unknown[],
  categoryById: ReadonlyMap<string, number>,
  imageById: ReadonlyMap<string, OpenImage | undefined>,
  problems: ProblemCollector,
): void {
  const recordById = new Map<string, string>()
  records.forEach((record, position) => {
    const parsed = v.safeParse(annotationSchema, record)
    if (!parsed.success) {
      problems.add(
        'error',
        'annotation',
        `at position ${position}`,
        'no usable image_id or category_id; left out.',
      )
      return
    }
    const annotation = parsed.output
    const { id } = annotation
    const hasId = typeof id === 'number' || typeof id === 'string'
    const label = hasId ? id : `at position ${position}`
    const reject = (message: string): void => problems.add('error', 'annotation', label, message)

    const imageKey = String(annotation.image_id)
    const image = imageById.get(imageKey)
    if (image === undefined) {
      reject(
        imageById.has(imageKey)
          ? 'image id that two images share; left out.'
          : 'image id that is not listed; left out.',
      )
      return
    }
    const category = categoryById.get(String(annotation.category_id))
    if (category === undefined) {
      image.leftOut++
      reject('category id that is not listed; left out.')
      return
    }
    const given = readBox(annotation)
    if ('problem' in given) {
      image.leftOut++
      reject(given.problem)
      return
    }
    // an empty or outlying box marks no object, so the image stays complete without it
    const fitted = fitBox(given.value, image)
    if ('problem' in fitted) {
      reject(fitted.problem)
      return
    }
    if (hasId) {
      const content = JSON.stringify([imageKey, category, given.value])
      const earlier = recordById.get(String(id))
      if (earlier === content) {
        problems.add('warning', 'annotation', label, 'listed twice; used once.')
        return
      }
      if (earlier !== undefined) {
        problems.add('warning', 'annotation', label, 'same id as another annotation; all are used.')
      }
      recordById.set(String(id), content)
    }
    const isCut = fitted.value !== given.value
    if (isCut && sticksOut(given.value, fitted.value)) {
      problems.add(
        'warning',
        'annotation',
        label,
        'box that reaches out of the image; cut at the border.',
      )
    }
    const crowd =
      annotation.iscrowd === 1 || annotation.iscrowd === true || annotation.iscrowd === '1'
    const box: CocoBox = { category, box: fitted.value, crowd }
    image.boxes.push(isCut ? box : withArea(box, annotation.area))
  })
}

import type { CategoryId } from '../dataset/types'
import { FOUND_IOU } from '../evaluation/found-objects'
import { overlaps } from '../evaluation/matching'
import { notFound, type JudgedCase } from './judged-case'
import type { ErrorKind } from './types'

/** IoU below which a detection has nothing to do with an object; TIDE's background threshold. */
const NEAR_IOU = 0.1

/** A detection that found nothing. */
export interface FalsePositive {
  /** Of the case's detections. */
  readonly place: number
  readonly kind: Exclude<ErrorKind, 'missed'>
  /** The object of the case's truth that it should have found; undefined where it should not be there. */
  readonly object: number | undefined
}

export interface CaseErrors {
  /** Best-scored first. */
  readonly falsePositives: readonly FalsePositive[]
  readonly missed: readonly CategoryId[]
}

/** Says of everything that is wrong in an image what kind of error it is. */
export function classifyErrors(judged: JudgedCase): CaseErrors {
  const { truth, detections, findings } = judged
  const objects = truth.flatMap((object, index) => (object.crowd ? [] : [index]))
  const wrong = findings.flatMap((finding, place) => (finding.kind === 'nothing' ? [place] : []))
  const iou = overlaps(
    wrong.map((place) => detections[place]),
    objects.map((index) => truth[index]),
  )
  const falsePositives = wrong.map((place, row): FalsePositive => {
    const { categoryId } = detections[place]
    const same = { iou: 0, object: -1 }
    const other = { iou: 0, object: -1 }
    objects.forEach((object, column) => {
      const closest = truth[object].categoryId === categoryId ? same : other
      const overlap = iou[row * objects.length + column]
      if (overlap > closest.iou) Object.assign(closest, { iou: overlap, object })
    })
    if (same.iou >= NEAR_IOU && same.iou < FOUND_IOU)
      return { place, kind: 'location', object: same.object }
    if (other.iou >= FOUND_IOU) return { place, kind: 'class', object: other.object }
    if (same.iou >= FOUND_IOU) return { place, kind: 'duplicate', object: undefined }
    const kind = other.iou >= NEAR_IOU ? 'class' : 'background'
    return { place, kind, object: undefined }
  })
  const blamed = new Set(falsePositives.map(({ object }) => object))
  const missed = notFound(judged).filter((index) => !blamed.has(index))
  return { falsePositives, missed: missed.map((index) => truth[index].categoryId) }
}

import type { CategoryId } from '../dataset/types'
import { FOUND_IOU } from '../evaluation/found-objects'
import { assignObjects, overlaps } from '../evaluation/matching'
import { notFound, type JudgedCase } from './judged-case'
import type { ConfusionCell } from './types'

/**
 * The confusion matrix with background. What the evaluation matches is on the diagonal; then each detection that is left,
 * best-scored first, takes the object of another category that it overlaps most, by IoU 0.5 or more, if nothing has found
 * it; what is left of both sides was confused with the background.
 */
export function confusionMatrix(cases: readonly JudgedCase[]): ConfusionCell[] {
  const rows = new Map<CategoryId | undefined, Map<CategoryId | undefined, number>>()
  const count = (truth: CategoryId | undefined, predicted: CategoryId | undefined) => {
    const row = rows.get(truth) ?? new Map<CategoryId | undefined, number>()
    rows.set(truth, row.set(predicted, (row.get(predicted) ?? 0) + 1))
  }
  for (const judged of cases) {
    const { truth, detections, findings } = judged
    for (const finding of findings) {
      if (finding.kind !== 'object') continue
      const { categoryId } = truth[finding.index]
      count(categoryId, categoryId)
    }
    const free = notFound(judged).map((index) => truth[index])
    const rest = detections.filter((_, place) => findings[place].kind === 'nothing')
    const all = free.map((_, index) => index)
    const objects = assignObjects(rest.length, free, overlaps(rest, free), [all], FOUND_IOU)
    rest.forEach(({ categoryId }, index) => {
      const object = objects[index]
      count(object === undefined ? undefined : free[object].categoryId, categoryId)
    })
    const taken = new Set(objects)
    free.forEach(({ categoryId }, index) => {
      if (!taken.has(index)) count(categoryId, undefined)
    })
  }
  return [...rows].flatMap(([truth, row]) =>
    [...row].map(([predicted, number]) => ({ truth, predicted, count: number })),
  )
}

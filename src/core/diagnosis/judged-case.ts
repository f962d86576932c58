import { sortedById } from '../dataset/image-order'
import type { CategoryId } from '../dataset/types'
import { findObjects, type Finding } from '../evaluation/found-objects'
import { MAX_DETECTIONS } from '../evaluation/parameters'
import type { DetectedBox, EvaluationImage, TruthBox } from '../evaluation/types'

/** An image with what its detections turned out to be. */
export interface JudgedCase {
  readonly truth: readonly TruthBox[]
  /** Score descending, at most `MAX_DETECTIONS` a category. */
  readonly detections: readonly DetectedBox[]
  /** Parallel to the detections. */
  readonly findings: readonly Finding[]
}

/** Judges images as `evaluateDetections` does, in the order of their ids; boxes of other categories are left out. */
export function judgeCases(
  images: readonly EvaluationImage[],
  categories: readonly CategoryId[],
): JudgedCase[] {
  const known = new Set(categories)
  return sortedById(images).map((image) => {
    const truth = image.truth.filter(({ categoryId }) => known.has(categoryId))
    const left = new Map(categories.map((id) => [id, MAX_DETECTIONS]))
    const detections = [...image.detections]
      .sort((a, b) => b.score - a.score)
      .filter(({ categoryId }) => {
        const room = left.get(categoryId) ?? 0
        left.set(categoryId, room - 1)
        return room > 0
      })
    return { truth, detections, findings: findObjects({ truth, detections }) }
  })
}

/** The same without detections below a score. What the others found does not depend on them. */
export function withScores(judged: JudgedCase, from: number): JudgedCase {
  const count = judged.detections.filter(({ score }) => score >= from).length
  return {
    truth: judged.truth,
    detections: judged.detections.slice(0, count),
    findings: judged.findings.slice(0, count),
  }
}

/** Objects that nothing found, as indices of the truth; crowd regions are not among them. */
export function notFound({ truth, findings }: JudgedCase): number[] {
  const found = new Set(findings.map((finding) => finding.kind === 'object' && finding.index))
  return truth.flatMap((object, index) => (object.crowd || found.has(index) ? [] : [index]))
}

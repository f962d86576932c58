import type { Diagnosis } from './types'

/** Classes whose curves are kept; a thousand would make a notebook too large to open quickly. */
const CURVES = 30

/**
 * A diagnosis to be kept in a document: the curves of the thirty categories with the most objects, to four decimals.
 */
export function compactDiagnosis(diagnosis: Diagnosis): Diagnosis {
  const objects = new Map<string, number>()
  for (const { truth, count } of diagnosis.confusion)
    if (truth !== undefined) objects.set(truth, (objects.get(truth) ?? 0) + count)
  const kept = new Set(
    diagnosis.curves
      .map(({ categoryId }) => categoryId)
      .sort((a, b) => (objects.get(b) ?? 0) - (objects.get(a) ?? 0))
      .slice(0, CURVES),
  )
  return {
    ...diagnosis,
    curves: diagnosis.curves
      .filter(({ categoryId }) => kept.has(categoryId))
      .map(({ categoryId, precision }) => ({
        categoryId,
        precision: precision.map((value) => Math.round(value * 1e4) / 1e4),
      })),
  }
}

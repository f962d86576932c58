import type { JudgedCase } from './judged-case'

/**
 * The score from which on detections are best taken for objects: that of the highest F1 (harmonic mean of precision and
 * recall) over all categories, the highest of several. Undefined where no detection is right.
 */
export function operatingScore(cases: readonly JudgedCase[]): number | undefined {
  const objects = cases.reduce((sum, { truth }) => sum + truth.filter((t) => !t.crowd).length, 0)
  const ranked = cases
    .flatMap(({ detections, findings }) =>
      detections.map(({ score }, place) => ({ score, kind: findings[place].kind })),
    )
    .filter(({ kind }) => kind !== 'crowd')
    .sort((a, b) => b.score - a.score)
  let right = 0
  let best: { readonly score: number; readonly f1: number } | undefined
  ranked.forEach(({ score, kind }, index) => {
    if (kind === 'object') right++
    // Detections of one score are taken together or not at all.
    if (ranked[index + 1]?.score === score) return
    const f1 = (2 * right) / (index + 1 + objects)
    if (f1 > (best?.f1 ?? 0)) best = { score, f1 }
  })
  return best?.score
}

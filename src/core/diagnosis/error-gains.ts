import type { CategoryId } from '../dataset/types'
import { classifyErrors, type CaseErrors } from './errors'
import { notFound, type JudgedCase } from './judged-case'
import { averagePrecision50, rankingOf, type RankedOutcome, type Ranking } from './ranking'
import type { ErrorKind } from './types'

/**
 * By how much AP50 would rise if an oracle mended every error of one kind, whatever its score (TIDE, Bolya et al. 2020):
 * badly located detections move onto their object and misclassified ones take its class, the best-scored one an object
 * that nothing has found, the others go; duplicates and detections of the background go; missed objects are no longer
 * asked for, nor a category of which nothing else is left. The gains of several kinds do not add up.
 * @returns undefined where there is no AP50
 */
export function errorGains(
  cases: readonly JudgedCase[],
  categories: readonly CategoryId[],
): (kind: ErrorKind) => number | undefined {
  const ranking = rankingOf(cases, categories)
  const before = averagePrecision50(ranking)
  const errors = cases.map(classifyErrors)
  return (kind) => {
    if (before === undefined) return undefined
    const mended =
      kind === 'missed'
        ? withoutMissed(ranking, errors)
        : { ...ranking, outcomes: cases.flatMap((one, i) => mendCase(one, errors[i], kind)) }
    // Nothing is left to find: then everything is found.
    const after = averagePrecision50(mended) ?? 1
    return Math.max(0, after - before)
  }
}

function withoutMissed({ outcomes, positives }: Ranking, errors: readonly CaseErrors[]): Ranking {
  const left = new Map(positives)
  for (const categoryId of errors.flatMap(({ missed }) => missed))
    left.set(categoryId, (left.get(categoryId) ?? 0) - 1)
  return { outcomes, positives: left }
}

/** What the detections of an image would be without errors of one kind. */
function mendCase(
  judged: JudgedCase,
  { falsePositives }: CaseErrors,
  kind: ErrorKind,
): RankedOutcome[] {
  const { truth, detections, findings } = judged
  const errors = new Map(falsePositives.map((error) => [error.place, error]))
  const free = new Set(notFound(judged))
  return detections.flatMap(({ categoryId, score }, place): RankedOutcome[] => {
    const finding = findings[place]
    if (finding.kind === 'crowd') return []
    const error = errors.get(place)
    if (error?.kind !== kind) return [{ categoryId, score, correct: finding.kind === 'object' }]
    if (error.object === undefined || !free.delete(error.object)) return []
    return [{ categoryId: truth[error.object].categoryId, score, correct: true }]
  })
}

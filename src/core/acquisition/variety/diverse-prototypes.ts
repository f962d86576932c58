import type { CategoryId, ImageId } from '../../dataset/types'
import { cosineSimilarity } from '../../numeric/cosine-similarity'

/** An image that may be picked. */
export interface PrototypeCandidate {
  readonly imageId: ImageId
  /** Without boxes an image is taken last. */
  readonly hasBoxes: boolean
  /** What each class looks like in it; without any it looks like no other image. */
  readonly prototypes: ReadonlyMap<CategoryId, Float32Array>
  /** Minority classes that it shows. */
  readonly minority: readonly CategoryId[]
}

export interface DiversePick {
  readonly imageId: ImageId
  /**
   * `diverse` obeys both rules; `room-kept` looks different but takes room that was kept for minority classes; `last`
   * looks like images picked before, or has no boxes.
   */
  readonly rank: 'diverse' | 'room-kept' | 'last'
  /** Minority classes in whose quota it was counted. */
  readonly quotaOf: readonly CategoryId[]
  /** The class that looks least like the images picked before; undefined without prototypes. */
  readonly newest: ClassNovelty | undefined
}

export interface ClassNovelty {
  readonly categoryId: CategoryId
  /** Largest cosine to a prototype of the class picked before; undefined for the first one of the class. */
  readonly similarity: number | undefined
}

/**
 * Diverse prototypes (Wu et al. 2022): goes through the candidates in the order given and passes over those whose classes
 * all have a cosine of at least `tau` to that class in a picked image, and those without a minority class whose quota
 * is open, once the rest of the batch is kept for such. A batch that stays short is filled in two more passes:
 * different images without such a class, then any.
 *
 * @param quotas images wanted of each minority class; together at most `batchSize`
 * @returns `batchSize` picks, fewer when there are fewer candidates
 */
export function pickDiverse(
  candidates: readonly PrototypeCandidate[],
  batchSize: number,
  tau: number,
  quotas: ReadonlyMap<CategoryId, number>,
): DiversePick[] {
  const open = new Map(quotas)
  const picked = new Set<PrototypeCandidate>()
  const picks: DiversePick[] = []
  const noveltyOf = noveltyTracker(picked)

  const openFor = ({ minority }: PrototypeCandidate) =>
    minority.filter((categoryId) => (open.get(categoryId) ?? 0) > 0)
  const isDifferent = (candidate: PrototypeCandidate) =>
    candidate.hasBoxes && !((noveltyOf(candidate)?.similarity ?? -1) >= tau)
  const hasRoom = (candidate: PrototypeCandidate) => {
    const kept = [...open.values()].reduce((sum, quota) => sum + quota, 0)
    return openFor(candidate).length > 0 || batchSize - picked.size > kept
  }
  const passes = [
    { rank: 'diverse', admits: (it: PrototypeCandidate) => hasRoom(it) && isDifferent(it) },
    { rank: 'room-kept', admits: isDifferent },
    { rank: 'last', admits: () => true },
  ] as const

  for (const { rank, admits } of passes) {
    for (const candidate of candidates) {
      if (picked.size >= batchSize) return picks
      if (picked.has(candidate) || !admits(candidate)) continue
      const { imageId } = candidate
      const quotaOf = openFor(candidate)
      picks.push({ imageId, rank, quotaOf, newest: noveltyOf(candidate) })
      for (const categoryId of quotaOf) open.set(categoryId, (open.get(categoryId) ?? 0) - 1)
      picked.add(candidate)
    }
  }
  return picks
}

/** Tells the class of a candidate that looks least like what is picked so far. */
function noveltyTracker(
  picked: ReadonlySet<PrototypeCandidate>,
): (candidate: PrototypeCandidate) => ClassNovelty | undefined {
  // Picks only grow: of a candidate asked about again only the new ones are compared.
  const known = new Map<
    PrototypeCandidate,
    { compared: number; closest: Map<CategoryId, number> }
  >()
  return (candidate) => {
    const state = known.get(candidate) ?? { compared: 0, closest: new Map<CategoryId, number>() }
    known.set(candidate, state)
    for (const other of [...picked].slice(state.compared)) {
      for (const [categoryId, prototype] of candidate.prototypes) {
        const theirs = other.prototypes.get(categoryId)
        if (theirs === undefined) continue
        const similarity = cosineSimilarity(prototype, theirs)
        state.closest.set(categoryId, Math.max(state.closest.get(categoryId) ?? -1, similarity))
      }
    }
    state.compared = picked.size
    return [...candidate.prototypes.keys()]
      .map((categoryId) => ({ categoryId, similarity: state.closest.get(categoryId) }))
      .reduce<ClassNovelty | undefined>(
        (newest, it) =>
          newest === undefined || (it.similarity ?? -2) < (newest.similarity ?? -2) ? it : newest,
        undefined,
      )
  }
}

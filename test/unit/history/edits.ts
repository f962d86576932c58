import type {
  Annotation,
  AnnotationId,
  CategoryId,
  ImageId,
  ProjectId,
} from '../../../src/core/dataset/types'
import { emptyDiff } from '../../../src/core/history/diff'
import type { AnnotationDiff } from '../../../src/core/history/types'
import type { RandomSource } from '../../../src/core/random/types'

export function annotation(id: string, x = 0): Annotation {
  return {
    id: id as AnnotationId,
    projectId: 'p' as ProjectId,
    imageId: 'i' as ImageId,
    categoryId: 'c' as CategoryId,
    box: { x, y: 1, width: 2, height: 3 },
    origin: 'drawn',
    crowd: false,
  }
}

/** For comparing states in which only the drawing order differs: what is removed and brought back goes last. */
export const byId = (annotations: readonly Annotation[]): Annotation[] =>
  annotations.toSorted((a, b) => (a.id < b.id ? -1 : 1))

export const adds = (...added: readonly Annotation[]): AnnotationDiff => ({ ...emptyDiff, added })

export const removes = (...removed: readonly Annotation[]): AnnotationDiff => ({
  ...emptyDiff,
  removed,
})

export const updates = (from: Annotation, to: Annotation): AnnotationDiff => ({
  ...emptyDiff,
  updated: [{ from, to }],
})

/**
 * A random edit that fits `annotations`: each is kept, moved or removed, and up to two of eight
 * ids that are free are added. Few ids and few positions, so that edits often cancel out.
 */
export function randomEdit(
  annotations: readonly Annotation[],
  random: RandomSource,
): AnnotationDiff {
  const present = new Set(annotations.map(({ id }) => id))
  const added: Annotation[] = []
  const updated: { from: Annotation; to: Annotation }[] = []
  const removed: Annotation[] = []
  for (const from of annotations) {
    const draw = random.integer(6)
    if (draw === 0) removed.push(from)
    if (draw === 1) updated.push({ from, to: annotation(from.id, random.integer(3)) })
  }
  const free = Array.from({ length: 8 }, (_, i) => annotation(`a${i}`, random.integer(3)))
  for (const candidate of random.shuffle(free).slice(0, random.integer(3))) {
    if (!present.has(candidate.id)) added.push(candidate)
  }
  return { added, updated, removed }
}

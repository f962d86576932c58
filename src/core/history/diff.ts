import type { Annotation, AnnotationId } from '../dataset/types'
import type { AnnotationDiff } from './types'

/** Changes nothing. */
export const emptyDiff: AnnotationDiff = { added: [], updated: [], removed: [] }

/** True for a diff that changes nothing. */
export function isEmptyDiff(diff: AnnotationDiff): boolean {
  return diff.added.length === 0 && diff.updated.length === 0 && diff.removed.length === 0
}

/** The diff that takes back what `diff` does. */
export function invertDiff(diff: AnnotationDiff): AnnotationDiff {
  return {
    added: diff.removed,
    updated: diff.updated.map(({ from, to }) => ({ from: to, to: from })),
    removed: diff.added,
  }
}

/**
 * The annotations after `diff`, as a new list in drawing order: updated ones keep their place, added ones go last. What
 * the list holds or lacks already is not added or removed twice, so that a change read back from storage may be applied
 * again.
 */
export function applyDiff(
  diff: AnnotationDiff,
  annotations: readonly Annotation[],
): readonly Annotation[] {
  const removed = new Set(diff.removed.map(({ id }) => id))
  const updated = new Map(diff.updated.map(({ to }) => [to.id, to]))
  const added = new Set(diff.added.map(({ id }) => id))
  return [
    ...annotations
      .filter(({ id }) => !removed.has(id) && !added.has(id))
      .map((annotation) => updated.get(annotation.id) ?? annotation),
    ...diff.added,
  ]
}

/**
 * One diff that does what `first` and then `second` do. What cancels out is left out: a box drawn
 * and deleted again, a box moved away and back.
 */
export function composeDiffs(first: AnnotationDiff, second: AnnotationDiff): AnnotationDiff {
  const changes = new Map<AnnotationId, Change>()
  for (const diff of [first, second]) {
    for (const [id, { before, after }] of changesOf(diff)) {
      const earlier = changes.get(id)
      changes.set(id, earlier === undefined ? { before, after } : { before: earlier.before, after })
    }
  }
  const added: Annotation[] = []
  const updated: { from: Annotation; to: Annotation }[] = []
  const removed: Annotation[] = []
  for (const { before, after } of changes.values()) {
    if (before === undefined) {
      if (after !== undefined) added.push(after)
    } else if (after === undefined) removed.push(before)
    else if (!equal(before, after)) updated.push({ from: before, to: after })
  }
  return { added, updated, removed }
}

/** One annotation before and after a diff; undefined = not there. */
interface Change {
  readonly before: Annotation | undefined
  readonly after: Annotation | undefined
}

function changesOf(diff: AnnotationDiff): (readonly [AnnotationId, Change])[] {
  return [
    ...diff.removed.map((before) => [before.id, { before, after: undefined }] as const),
    ...diff.updated.map(({ from, to }) => [from.id, { before: from, after: to }] as const),
    ...diff.added.map((after) => [after.id, { before: undefined, after }] as const),
  ]
}

function equal(a: Annotation, b: Annotation): boolean {
  return (
    a.id === b.id &&
    a.projectId === b.projectId &&
    a.imageId === b.imageId &&
    a.categoryId === b.categoryId &&
    a.origin === b.origin &&
    a.crowd === b.crowd &&
    a.box.x === b.box.x &&
    a.box.y === b.box.y &&
    a.box.width === b.box.width &&
    a.box.height === b.box.height
  )
}

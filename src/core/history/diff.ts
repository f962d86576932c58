import type { Annotation, AnnotationId } from '../dataset/types'
import type { AnnotationDiff, AnnotationMap } from './types'

export const emptyDiff: AnnotationDiff = { added: [], updated: [], removed: [] }

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
 * The annotations after `diff`, as a new map; `annotations` stays as it is. Updated ones keep their
 * place in the order of the map, added ones go last.
 *
 * @throws Error when the diff was not made for these annotations: it adds one that is there, or
 *   changes or removes one that is not. Applying it in part would lose work silently.
 */
export function applyDiff(diff: AnnotationDiff, annotations: AnnotationMap): AnnotationMap {
  const result = new Map(annotations)
  for (const { id } of diff.removed) {
    if (!result.delete(id)) throw mismatch('removes', id, 'is not there')
  }
  for (const { from, to } of diff.updated) {
    if (!result.has(from.id)) throw mismatch('changes', from.id, 'is not there')
    result.set(to.id, to)
  }
  for (const annotation of diff.added) {
    if (result.has(annotation.id)) throw mismatch('adds', annotation.id, 'is there already')
    result.set(annotation.id, annotation)
  }
  return result
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

function mismatch(does: string, id: AnnotationId, state: string): Error {
  return new Error(
    `This change ${does} the box ${id}, which ${state}: it was made for another state of the ` +
      'labels. Open the image again; its saved labels are untouched.',
  )
}

import type { Annotation } from '../dataset/types'

/** What one gesture changed; its inverse undoes it. */
export interface AnnotationDiff {
  readonly added: readonly Annotation[]
  readonly updated: readonly { readonly from: Annotation; readonly to: Annotation }[]
  readonly removed: readonly Annotation[]
}

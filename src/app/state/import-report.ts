/** What the boxes of an import become: labels, a hidden oracle that answers queries, or nothing. */
export type BoxesAs = 'labels' | 'oracle' | 'none'

/** What came of an import; shown until dismissed, file by file. */
export interface ImportReport {
  readonly imported: number
  /** Images that were in the project already, without labels, and have them now. */
  readonly attached: number
  readonly duplicates: readonly string[]
  readonly failures: readonly { readonly path: string; readonly message: string }[]
  /** Problems in the annotation file, and files that were not images. */
  readonly warnings: readonly { readonly path: string; readonly message: string }[]
  readonly boxes: number
  readonly boxesAs: BoxesAs
  readonly cancelled: boolean
}

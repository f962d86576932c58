import type { ImageRecord } from '../../core/dataset/types'
import type { LabelBook } from '../../app/state/label-book.svelte'

export type ImageFilter = 'all' | 'unlabeled' | 'labeled' | 'test'

export interface GridRow {
  /** Changes when the row's first image or its length does, so that rows are reused while scrolling only. */
  readonly key: string
  readonly items: readonly ImageRecord[]
}

/** The images that pass the filter and whose name contains `search`, ignoring case, in import order. */
export function filterImages(
  images: readonly ImageRecord[],
  labels: Pick<LabelBook, 'isDone'>,
  filter: ImageFilter,
  search: string,
): ImageRecord[] {
  const wanted = search.trim().toLowerCase()
  return images.filter(({ id, name, split }) => {
    if (wanted !== '' && !name.toLowerCase().includes(wanted)) return false
    if (filter === 'test') return split === 'test'
    if (filter === 'all') return true
    return labels.isDone(id) === (filter === 'labeled')
  })
}

/** Cuts the list into rows of `columns` images; the last may be shorter. */
export function gridRows(images: readonly ImageRecord[], columns: number): GridRow[] {
  const rows: GridRow[] = []
  for (let start = 0; start < images.length; start += columns) {
    const items = images.slice(start, start + columns)
    rows.push({ key: `${items[0]?.id ?? ''}:${items.length}`, items })
  }
  return rows
}

/** Where a key takes the focus in a grid of `count` tiles, or undefined when the key means nothing here. */
export function movedIndex(
  key: string,
  index: number,
  count: number,
  columns: number,
): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -4 * columns,
    PageDown: 4 * columns,
    Home: -count,
    End: count,
  }
  const step = steps[key]
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, index + step))
}

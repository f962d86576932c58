import type { ImageCollection } from '../media/collect'
import type { ProjectSession } from './project-session.svelte'

export type ImportSource = DataTransfer | readonly File[]
/** What the boxes of an import become: labels, a hidden oracle that answers queries, or nothing. */
export type BoxesAs = 'labels' | 'oracle' | 'none'

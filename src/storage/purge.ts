/** Erasing projects for good. */
import type { ProjectId, Timestamp } from '../core/dataset/types'
import type { Connection } from './database/database'
import { eraseRecords, type IndexedByProject } from './database/erase'
import { eraseFeatures } from './derived/features'
import { requestAll, write } from './database/transaction'

/** User data first: a cache write that began before the project was marked is over long before its store's turn. */
const ERASE_ORDER: readonly IndexedByProject[] = [
  'categories',
  'images',
  'blobs',
  'thumbnails',
  'annotations',
  'labels',
  'oracle',
  'cells',
  'heads',
  'checkpoints',
  'predictions',
]

/**
 * Erases every project binned before `before`, and finishes what an earlier, interrupted call left over. A project
 * is marked first and its own row goes last, so closing the tab half-way leaves nothing that cannot be found again.
 */
export async function purgeDeleted(connection: Connection, before: Timestamp): Promise<void> {
  for (const id of await markForPurge(connection, before)) {
    for (const store of ERASE_ORDER) await eraseRecords(connection, store, id)
    await eraseFeatures(connection, id)
    await eraseProjectRow(connection, id)
  }
}

function markForPurge(connection: Connection, before: Timestamp): Promise<ProjectId[]> {
  return write(connection, 'empty the bin', ['projects'], 'strict', async (tx) => {
    const projects = tx.objectStore('projects')
    const rows = (await projects.getAll()).filter(
      (row) => row.purging || (row.deletedAt !== undefined && row.deletedAt < before),
    )
    await requestAll(rows, (row) => projects.put({ ...row, purging: true }))
    return rows.map((row) => row.id)
  })
}

function eraseProjectRow(connection: Connection, id: ProjectId): Promise<void> {
  const stores = ['projects', 'projections', 'uiState', 'meta'] as const
  return write(connection, 'empty the bin', stores, 'strict', async (tx) => {
    const meta = tx.objectStore('meta')
    const last = await meta.get('last-project')
    if (last?.kind === 'last-project' && last.projectId === id) await meta.delete('last-project')
    await tx.objectStore('projections').delete(id)
    await tx.objectStore('uiState').delete(id)
    await tx.objectStore('projects').delete(id)
  })
}

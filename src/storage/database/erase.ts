/** Deleting many records of a project without one huge transaction. */
import type { ProjectId } from '../../core/dataset/types'
import type { Connection } from './database'
import { requestAll, write } from './transaction'

/** Records a transaction; keeps every transaction, and with it any wait of other writers, short. */
export const ERASE_BATCH = 500

/** Stores whose records name their project and carry the index `by-project`. */
export type IndexedByProject =
  | 'categories'
  | 'images'
  | 'blobs'
  | 'thumbnails'
  | 'annotations'
  | 'labels'
  | 'oracle'
  | 'cells'
  | 'heads'
  | 'checkpoints'
  | 'predictions'

/** Deletes all records of the project in one store, batch by batch. Interrupted, it can simply be run again. */
export async function eraseRecords(
  connection: Connection,
  storeName: IndexedByProject,
  projectId: ProjectId,
): Promise<void> {
  const eraseBatch = () =>
    write(connection, 'erase a project', [storeName], 'relaxed', async (tx) => {
      const store = tx.objectStore(storeName)
      const keys = await store.index('by-project').getAllKeys(projectId, ERASE_BATCH)
      await requestAll(keys, (key) => store.delete(key))
      return keys.length
    })
  while ((await eraseBatch()) === ERASE_BATCH);
}

/** Detections a round's head made: derived data. */
import type { ProjectId } from '../../core/dataset/types'
import type { ImageDetections } from '../../core/detection/types'
import type { CellId } from '../../core/notebook/types'
import type { Connection } from '../database/database'
import { read, requireProject, write } from '../database/transaction'

/** Images a record. Cloning one record of them is the longest the page is held up. */
const CHUNK_SIZE = 16

/** Replaces what the cell had, all or nothing. @throws NotFoundError when the project is gone */
export async function putPredictions(
  connection: Connection,
  projectId: ProjectId,
  cellId: CellId,
  detections: readonly ImageDetections[],
): Promise<void> {
  const action = 'cache the predictions'
  await requireProject(connection, action, projectId)
  await write(connection, action, ['predictions'], 'relaxed', async (tx) => {
    const store = tx.objectStore('predictions')
    await store.delete(chunksOf(cellId))
    for (let chunk = 0; chunk * CHUNK_SIZE < detections.length; chunk++) {
      const part = detections.slice(chunk * CHUNK_SIZE, (chunk + 1) * CHUNK_SIZE)
      // Waiting for each put lets the page draw a frame between two clones.
      await store.put({ cellId, chunk, projectId, detections: part })
    }
  })
}

/** In the order they were put; empty when there are none (any more). */
export function getPredictions(connection: Connection, cellId: CellId): Promise<ImageDetections[]> {
  return read(connection, 'read the predictions', async (db) => {
    const found: ImageDetections[] = []
    const { store } = db.transaction('predictions')
    for await (const cursor of store.iterate(chunksOf(cellId)))
      found.push(...cursor.value.detections)
    return found
  })
}

/** Key range of all prediction chunks of a cell: an array sorts after every number. */
export function chunksOf(cellId: CellId): IDBKeyRange {
  return IDBKeyRange.bound([cellId], [cellId, []])
}

/** Data that can be recomputed: written without forcing a flush, and given up when space is needed. */
import type { ProjectId } from '../../core/dataset/types'
import type { Connection } from '../database/database'
import { eraseRecords } from '../database/erase'
import { forgetAllFeatures } from './feature-budget'
import { eraseFeatures } from './features'
import { write } from '../database/transaction'

/**
 * Empties the caches of all projects to make room for user data. Projections stay: they are small, and the trained
 * heads, which are user data, only work with the projection they were trained on.
 */
export async function dropAllDerived(connection: Connection): Promise<void> {
  const stores = ['features', 'featureUse', 'predictions', 'meta'] as const
  await write(connection, 'free space by dropping caches', stores, 'relaxed', async (tx) => {
    await Promise.all([forgetAllFeatures(tx), tx.objectStore('predictions').clear()])
  })
}

/** Drops one project's features, predictions and projection. */
export async function clearDerived(connection: Connection, projectId: ProjectId): Promise<void> {
  await eraseFeatures(connection, projectId)
  await eraseRecords(connection, 'predictions', projectId)
  await write(connection, 'clear the cache', ['projections'], 'relaxed', (tx) =>
    tx.objectStore('projections').delete(projectId),
  )
}

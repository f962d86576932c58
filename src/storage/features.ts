/** Cached features: derived data, kept within a budget. */
import type { ImageId, ProjectId } from '../core/dataset/types'
import type { Connection } from './database'
import { ERASE_BATCH } from './erase'
import {
  FEATURE_STORES,
  forgetFeatures,
  readTotals,
  recordFeatures,
  recordUse,
  storedBytes,
} from './feature-budget'
import { read, requestAll, requireProject, write } from './transaction'
import type { Opaque } from './types'

/**
 * Caches the features of an image and evicts the least recently used ones beyond `budgetBytes`. Features larger
 * than the whole budget are not kept.
 *
 * @throws NotFoundError when the project is gone; QuotaError when the disk is full, which costs no user data
 */
export async function putFeatures(
  connection: Connection,
  budgetBytes: number,
  projectId: ProjectId,
  imageId: ImageId,
  features: Opaque,
): Promise<void> {
  const action = 'cache the features'
  await requireProject(connection, action, projectId)
  await write(connection, action, FEATURE_STORES, 'relaxed', async (tx) => {
    await tx.objectStore('features').put({ imageId, features })
    await recordFeatures(tx, projectId, imageId, storedBytes(features), budgetBytes)
  })
}

/** Features in the order asked for, `undefined` where there are none (any more). */
export async function getFeatures(
  connection: Connection,
  imageIds: readonly ImageId[],
): Promise<(Opaque | undefined)[]> {
  const rows = await read(connection, 'read the features', async (db) => {
    const { store } = db.transaction('features')
    return requestAll(imageIds, (imageId) => store.get(imageId))
  })
  const found = rows.flatMap((row) => (row === undefined ? [] : [row.imageId]))
  if (found.length > 0) await markUsed(connection, found)
  return rows.map((row) => row?.features)
}

/** Bytes of cached features, all projects. */
export function featureBytes(connection: Connection): Promise<number> {
  return read(connection, 'measure the cache', async (db) => {
    const { bytes } = await readTotals(db.transaction('meta').store)
    return bytes
  })
}

/** Drops all features of a project, in bounded batches. */
export async function eraseFeatures(connection: Connection, projectId: ProjectId): Promise<void> {
  const eraseBatch = () =>
    write(connection, 'clear the cache', FEATURE_STORES, 'relaxed', (tx) =>
      forgetFeatures(tx, projectId, ERASE_BATCH),
    )
  while ((await eraseBatch()) === ERASE_BATCH);
}

async function markUsed(connection: Connection, imageIds: readonly ImageId[]): Promise<void> {
  try {
    await write(connection, 'mark features as used', ['featureUse', 'meta'], 'relaxed', (tx) =>
      recordUse(tx, imageIds),
    )
  } catch {
    // A lost mark only makes eviction less exact; the features were read, and a full disk must not hide them.
  }
}

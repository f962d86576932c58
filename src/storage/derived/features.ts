/** Cached features: derived data, kept within a budget. */
import type { ImageId, ProjectId } from '../../core/dataset/types'
import type { Connection } from '../database/database'
import { ERASE_BATCH } from '../database/erase'
import {
  FEATURE_STORES,
  forgetAllFeatures,
  forgetFeatures,
  readBudget,
  readTotals,
  recordFeatures,
  recordUse,
  shrink,
  storedBytes,
} from './feature-budget'
import { read, requestAll, requireProject, write } from '../database/transaction'
import type { FeatureUsage, Opaque } from '../database/types'

/**
 * Caches the features of an image and evicts the least recently used ones beyond the budget. Features larger than the
 * whole budget are not kept, and nothing is evicted for them.
 *
 * @param defaultBudget bytes, while none was set on this machine
 * @throws NotFoundError when the project is gone; QuotaError when the disk is full, which costs no user data
 */
export async function putFeatures(
  connection: Connection,
  defaultBudget: number,
  projectId: ProjectId,
  imageId: ImageId,
  features: Opaque,
): Promise<void> {
  const action = 'cache the features'
  const bytes = storedBytes(features)
  await requireProject(connection, action, projectId)
  await write(connection, action, FEATURE_STORES, 'relaxed', async (tx) => {
    const budget = await readBudget(tx.objectStore('meta'), defaultBudget)
    if (bytes > budget) return
    await tx.objectStore('features').put({ imageId, features })
    await recordFeatures(tx, projectId, imageId, bytes, budget)
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

/** Images of a project that have features, of whatever projection; looking is not a use. */
export async function listCachedImages(
  connection: Connection,
  projectId: ProjectId,
): Promise<Set<ImageId>> {
  const ids = await read(connection, 'look through the cache', (db) =>
    db.getAllKeysFromIndex('featureUse', 'by-project', projectId),
  )
  return new Set(ids)
}

/** What the cache takes and may take, all projects together. */
export function featureUsage(connection: Connection, defaultBudget: number): Promise<FeatureUsage> {
  return read(connection, 'measure the cache', async (db) => {
    const tx = db.transaction(['meta', 'featureUse'])
    const meta = tx.objectStore('meta')
    const [budgetBytes, { bytes }, images] = await Promise.all([
      readBudget(meta, defaultBudget),
      readTotals(meta),
      tx.objectStore('featureUse').count(),
    ])
    return { bytes, images, budgetBytes }
  })
}

/** Sets the budget of this machine, for all its tabs, and evicts what no longer fits, least recently used first. */
export async function setFeatureBudget(connection: Connection, bytes: number): Promise<void> {
  const action = 'set the size of the cache'
  await write(connection, action, ['meta'], 'strict', async (tx) => {
    await tx.objectStore('meta').put({ kind: 'feature-budget', bytes })
  })
  const evictBatch = () =>
    write(connection, action, FEATURE_STORES, 'relaxed', (tx) => shrink(tx, bytes, ERASE_BATCH))
  while ((await evictBatch()) > 0);
}

/** Drops the features of all projects. */
export async function clearFeatures(connection: Connection): Promise<void> {
  await write(connection, 'clear the cache', FEATURE_STORES, 'relaxed', forgetAllFeatures)
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

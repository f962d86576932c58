/** How much the cached features may take, and which ones go first when they take more. */
import type { ImageId, ProjectId } from '../core/dataset/types'
import type { MetaRow } from './schema'
import { requestAll, type WriteTransaction } from './transaction'

export const DEFAULT_FEATURE_BUDGET = 2 ** 30

/** Stores the functions below need in their transaction. */
export const FEATURE_STORES = ['features', 'featureUse', 'meta'] as const

interface Totals {
  /** Sum over all cached features. */
  readonly bytes: number
  /** The last tick given out. */
  readonly tick: number
}

/** Approximate stored size. A view counts with its whole buffer, since that is what structured cloning stores. */
export function storedBytes(value: unknown): number {
  const seen = new Set<unknown>()
  const sizeOf = (item: unknown): number => {
    if (typeof item === 'string') return 2 * item.length
    if (typeof item !== 'object' || item === null) return 8
    if (ArrayBuffer.isView(item)) return sizeOf(item.buffer)
    if (seen.has(item)) return 0
    seen.add(item)
    if (item instanceof ArrayBuffer) return item.byteLength
    if (item instanceof Blob) return item.size
    return Object.entries(item).reduce((sum, [key, part]) => sum + 2 * key.length + sizeOf(part), 0)
  }
  return sizeOf(value)
}

/** The totals over all projects; zero before anything was cached. */
export async function readTotals(meta: {
  get(kind: 'feature-totals'): Promise<MetaRow | undefined>
}): Promise<Totals> {
  const row = await meta.get('feature-totals')
  return row?.kind === 'feature-totals' ? row : { bytes: 0, tick: 0 }
}

/** Records new features as the most recently used, then evicts the least recently used ones over the budget. */
export async function recordFeatures(
  transaction: WriteTransaction,
  projectId: ProjectId,
  imageId: ImageId,
  bytes: number,
  budgetBytes: number,
): Promise<void> {
  const meta = transaction.objectStore('meta')
  const uses = transaction.objectStore('featureUse')
  const totals = await readTotals(meta)
  const replaced = await uses.get(imageId)
  const tick = totals.tick + 1
  await uses.put({ imageId, projectId, bytes, tick })
  const used = totals.bytes + bytes - (replaced?.bytes ?? 0)
  const freed = await evict(transaction, used - budgetBytes)
  await meta.put({ kind: 'feature-totals', bytes: used - freed, tick })
}

/** Marks features as used now. Images whose features are gone are skipped. */
export async function recordUse(
  transaction: WriteTransaction,
  imageIds: readonly ImageId[],
): Promise<void> {
  const meta = transaction.objectStore('meta')
  const uses = transaction.objectStore('featureUse')
  const totals = await readTotals(meta)
  const tick = totals.tick + 1
  await requestAll(imageIds, async (imageId) => {
    const use = await uses.get(imageId)
    if (use !== undefined) await uses.put({ ...use, tick })
  })
  await meta.put({ kind: 'feature-totals', bytes: totals.bytes, tick })
}

/** Deletes up to `limit` features of a project; returns how many there were. */
export async function forgetFeatures(
  transaction: WriteTransaction,
  projectId: ProjectId,
  limit: number,
): Promise<number> {
  const meta = transaction.objectStore('meta')
  const uses = transaction.objectStore('featureUse')
  const totals = await readTotals(meta)
  const doomed = await uses.index('by-project').getAll(projectId, limit)
  if (doomed.length === 0) return 0
  const freed = await remove(transaction, doomed)
  await meta.put({ kind: 'feature-totals', bytes: totals.bytes - freed, tick: totals.tick })
  return doomed.length
}

/** Evicts least recently used features until at least `excess` bytes are free; returns how many bytes were freed. */
async function evict(transaction: WriteTransaction, excess: number): Promise<number> {
  if (excess <= 0) return 0
  const doomed: { readonly imageId: ImageId; readonly bytes: number }[] = []
  let bytes = 0
  let cursor = await transaction.objectStore('featureUse').index('by-tick').openCursor()
  while (cursor !== null && bytes < excess) {
    doomed.push(cursor.value)
    bytes += cursor.value.bytes
    cursor = await cursor.continue()
  }
  return remove(transaction, doomed)
}

async function remove(
  transaction: WriteTransaction,
  uses: readonly { readonly imageId: ImageId; readonly bytes: number }[],
): Promise<number> {
  const features = transaction.objectStore('features')
  const featureUse = transaction.objectStore('featureUse')
  await requestAll(uses, ({ imageId }) => features.delete(imageId))
  await requestAll(uses, ({ imageId }) => featureUse.delete(imageId))
  return uses.reduce((sum, use) => sum + use.bytes, 0)
}

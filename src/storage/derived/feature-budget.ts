/** How much the cached features may take, and which ones go first when they take more. */
import type { ImageId, ProjectId } from '../../core/dataset/types'
import type { MetaRow } from '../database/schema'
import { requestAll, type WriteTransaction } from '../database/transaction'

/**
 * 2 GB hold some 5,800 images at 416 px, or 960 labelled ones with their views; the browser's limit for a site is a large
 * part of the disk.
 */
export const DEFAULT_FEATURE_BUDGET = 2e9

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

/** What `meta` is read by. */
interface MetaReader {
  get(kind: MetaRow['kind']): Promise<MetaRow | undefined>
}

/** The totals over all projects; zero before anything was cached. */
export async function readTotals(meta: MetaReader): Promise<Totals> {
  const row = await meta.get('feature-totals')
  return row?.kind === 'feature-totals' ? row : { bytes: 0, tick: 0 }
}

/** The budget set on this machine, or `fallback` before one was. */
export async function readBudget(meta: MetaReader, fallback: number): Promise<number> {
  const row = await meta.get('feature-budget')
  return row?.kind === 'feature-budget' ? row.bytes : fallback
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
  const evicted = await evict(transaction, used - budgetBytes)
  await meta.put({ kind: 'feature-totals', bytes: used - evicted.bytes, tick })
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

/** Evicts up to `limit` least recently used features beyond the budget; returns how many. */
export async function shrink(
  transaction: WriteTransaction,
  budgetBytes: number,
  limit: number,
): Promise<number> {
  const meta = transaction.objectStore('meta')
  const { bytes, tick } = await readTotals(meta)
  const evicted = await evict(transaction, bytes - budgetBytes, limit)
  if (evicted.count > 0)
    await meta.put({ kind: 'feature-totals', bytes: bytes - evicted.bytes, tick })
  return evicted.count
}

/** Deletes all features of all projects. */
export async function forgetAllFeatures(transaction: WriteTransaction): Promise<void> {
  await Promise.all([
    transaction.objectStore('features').clear(),
    transaction.objectStore('featureUse').clear(),
    transaction.objectStore('meta').delete('feature-totals'),
  ])
}

/** Evicts least recently used features, `limit` at most, until at least `excess` bytes are free. */
async function evict(
  transaction: WriteTransaction,
  excess: number,
  limit = Infinity,
): Promise<{ readonly count: number; readonly bytes: number }> {
  if (excess <= 0) return { count: 0, bytes: 0 }
  const doomed: { readonly imageId: ImageId; readonly bytes: number }[] = []
  let bytes = 0
  let cursor = await transaction.objectStore('featureUse').index('by-tick').openCursor()
  while (cursor !== null && bytes < excess && doomed.length < limit) {
    doomed.push(cursor.value)
    bytes += cursor.value.bytes
    cursor = await cursor.continue()
  }
  await remove(transaction, doomed)
  return { count: doomed.length, bytes }
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

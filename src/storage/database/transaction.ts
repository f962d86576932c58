/** Transactions that happen whole or not at all, with errors people can act on. */
import type { IDBPTransaction } from 'idb'
import type { ProjectId } from '../../core/dataset/types'
import type { Connection } from './database'
import { NotFoundError, toStorageError } from './errors'
import type { MarginSchema, StoreName } from './schema'

type Durability = 'strict' | 'relaxed'
export type WriteTransaction = IDBPTransaction<MarginSchema, StoreName[], 'readwrite'>

/** Opens a read-write transaction; `strict` is reported complete only after the data was flushed to disk. */
export function beginWrite(
  connection: Connection,
  stores: readonly StoreName[],
  durability: Durability,
): WriteTransaction {
  return connection.db.transaction([...stores], 'readwrite', { durability })
}

/**
 * Runs `body` in one transaction and resolves after it committed. When `body` throws, everything it wrote is undone.
 * `body` may await requests of the transaction and nothing else.
 *
 * @throws StorageError
 */
export async function write<T>(
  connection: Connection,
  action: string,
  stores: readonly StoreName[],
  durability: Durability,
  body: (transaction: WriteTransaction) => Promise<T>,
): Promise<T> {
  try {
    const transaction = beginWrite(connection, stores, durability)
    let result: T
    try {
      result = await body(transaction)
    } catch (error) {
      throw await abort(transaction, error)
    }
    await transaction.done
    return result
  } catch (error) {
    throw toStorageError(error, { action, database: connection.name, closed: connection.closed })
  }
}

/**
 * Undoes the transaction and returns the error that explains the failure. Needed even for errors thrown before a
 * request was made (a value that cannot be cloned): IndexedDB would commit the requests made before it.
 */
async function abort(transaction: WriteTransaction, error: unknown): Promise<unknown> {
  const failed = transaction.done.catch((reason: unknown) => reason)
  try {
    transaction.abort()
  } catch {
    // Already aborted by the browser, which is why the body failed.
  }
  const reason = await failed
  const bodySawOnlyTheAbort = error instanceof DOMException && error.name === 'AbortError'
  return bodySawOnlyTheAbort ? (transaction.error ?? reason) : error
}

/** Runs reads and turns their errors into storage errors. */
export async function read<T>(
  connection: Connection,
  action: string,
  body: (db: Connection['db']) => Promise<T>,
): Promise<T> {
  try {
    return await body(connection.db)
  } catch (error) {
    throw toStorageError(error, { action, database: connection.name, closed: connection.closed })
  }
}

/** Requests made in one go; few enough not to hold up a frame of the page. */
const REQUEST_BATCH = 250

/**
 * Issues one request an item, a batch at a time, and returns the results in order. A throw half-way becomes the
 * rejection, and the requests already made do not surface as unhandled when the transaction is aborted.
 */
export async function requestAll<Item, Result>(
  items: Iterable<Item>,
  request: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  let pending: Promise<Result>[] = []
  const finish = async () => {
    results.push(...(await Promise.all(pending)))
    pending = []
  }
  for (const item of items) {
    const promise = request(item)
    promise.catch(() => {})
    pending.push(promise)
    if (pending.length === REQUEST_BATCH) await finish()
  }
  await finish()
  return results
}

/**
 * Must be called first in every transaction that adds records of a project, with `projects` in its scope: a project
 * that is being erased in another tab cannot grow new records behind the eraser.
 *
 * @throws NotFoundError
 */
export async function requireProjects(
  transaction: WriteTransaction,
  action: string,
  projectIds: Iterable<ProjectId>,
): Promise<void> {
  const projects = transaction.objectStore('projects')
  await requestAll(new Set(projectIds), async (id) => {
    const row = await projects.get(id)
    if (row === undefined || row.purging) throw new NotFoundError(action, `project "${id}"`)
  })
}

/**
 * The same check ahead of a write of derived data, outside its transaction: caching must not make labels wait for
 * the `projects` store. `purge.ts` erases caches last for that reason.
 *
 * @throws NotFoundError
 */
export async function requireProject(
  connection: Connection,
  action: string,
  projectId: ProjectId,
): Promise<void> {
  const row = await read(connection, action, (db) => db.get('projects', projectId))
  if (row === undefined || row.purging) throw new NotFoundError(action, `project "${projectId}"`)
}

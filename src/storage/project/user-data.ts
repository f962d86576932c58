/** Writing what the user made: flushed to disk, and never refused because a cache is full. */
import type { ProjectId } from '../../core/dataset/types'
import type { Connection } from '../database/database'
import { dropAllDerived } from '../derived/derived'
import { QuotaError } from '../database/errors'
import type { StoreName } from '../database/schema'
import { requireProjects, write, type WriteTransaction } from '../database/transaction'

export interface UserDataWrite {
  /** Completes 'Could not ...' in error messages. */
  readonly action: string
  /** Stores `body` uses; `projects` is added. */
  readonly stores: readonly StoreName[]
  /** Projects that must exist. */
  readonly projectIds: Iterable<ProjectId>
}

/**
 * Runs `body` in one strictly durable transaction. When the quota is hit, drops all features and predictions, which
 * can be recomputed, and tries once more; so `body` must be repeatable.
 *
 * @throws NotFoundError, QuotaError, StorageClosedError, StorageError
 */
export async function writeUserData<T>(
  connection: Connection,
  { action, stores, projectIds }: UserDataWrite,
  body: (transaction: WriteTransaction) => Promise<T>,
): Promise<T> {
  const scope: StoreName[] = ['projects', ...stores]
  const attempt = () =>
    write(connection, action, scope, 'strict', async (transaction) => {
      await requireProjects(transaction, action, projectIds)
      return body(transaction)
    })
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof QuotaError)) throw error
    await dropAllDerived(connection)
    return attempt()
  }
}

/** Opening the database: version, upgrade, and what happens when tabs of different versions meet. */
import { openDB, type IDBPDatabase } from 'idb'
import { StorageBlockedError, toStorageError } from './errors'
import { migrate, type Migration, type MigrationTransaction } from './migrations'
import type { MarginSchema } from './schema'

export interface Connection {
  readonly name: string
  readonly db: IDBPDatabase<MarginSchema>
  /** True once nothing can be read or written any more. */
  readonly closed: boolean
  /** Runs after another tab asked for a newer version; the connection is closed by then. */
  onVersionChange(listener: () => void): void
  /** Transactions under way still complete; new ones throw `StorageClosedError`. */
  close(): void
}

/**
 * Opens the database at version `migrations.length`, upgrading it step by step; a failing step leaves the old
 * version untouched.
 *
 * @param blockedAfterMs How long other tabs may take to finish their transactions and close. They are asked to
 *   close at once, so only a tab that cannot (an old release) is still there after that.
 * @throws StorageBlockedError, NewerDatabaseError, or StorageError when the browser has no usable IndexedDB.
 */
export async function openDatabase(
  name: string,
  migrations: readonly Migration[],
  blockedAfterMs: number,
): Promise<Connection> {
  const listeners: (() => void)[] = []
  let closed = false
  let migrationFailure: unknown
  let blockedTimer: ReturnType<typeof setTimeout> | undefined
  const context = { action: 'open the database', database: name, closed: false }

  let rejectBlocked: (error: Error) => void = () => {}
  const blocked = new Promise<never>((_resolve, reject) => {
    rejectBlocked = reject
  })
  const opening = openDB<MarginSchema>(name, migrations.length, {
    upgrade(database, oldVersion, _newVersion, transaction) {
      const steps = migrate(
        migrations,
        database as unknown as IDBPDatabase,
        oldVersion,
        transaction as unknown as MigrationTransaction,
      )
      steps.catch((error: unknown) => {
        migrationFailure = error
        transaction.abort()
      })
      // The failed open reports the abort; without this it would surface a second time as unhandled.
      transaction.done.catch(() => {})
    },
    blocked() {
      blockedTimer = setTimeout(() => rejectBlocked(new StorageBlockedError(name)), blockedAfterMs)
    },
    blocking(_currentVersion, _newVersion, event) {
      closed = true
      if (event.target instanceof IDBDatabase) event.target.close()
      for (const listener of listeners) listener()
    },
    terminated() {
      closed = true
    },
  })

  let db: IDBPDatabase<MarginSchema>
  try {
    db = await Promise.race([opening, blocked])
  } catch (error) {
    // A blocked open may still succeed later; nobody would be there to use or close it.
    opening.then(
      (late) => late.close(),
      () => {},
    )
    throw toStorageError(migrationFailure ?? error, context)
  } finally {
    clearTimeout(blockedTimer)
  }

  return {
    name,
    db,
    get closed() {
      return closed
    },
    onVersionChange(listener) {
      listeners.push(listener)
    },
    close() {
      closed = true
      db.close()
    },
  }
}

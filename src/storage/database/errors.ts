/** What can go wrong in the storage. Every message says what failed, where, and what to do about it. */

/** Base of all storage errors; thrown itself when nothing more specific is known. `cause` holds the browser's own error. */
export class StorageError extends Error {
  override name = 'StorageError'
}

/** The project already holds an image with these bytes. */
export class DuplicateImageError extends StorageError {
  override name = 'DuplicateImageError'
  constructor(
    readonly imageName: string,
    readonly sha256: string,
  ) {
    super(
      `Image "${imageName}" was not stored: the project already has an image with the same bytes (SHA-256 ${sha256}). Skip it, or delete the other one first.`,
    )
  }
}

/** The browser's storage limit for this site is reached; nothing of the failed step was written. */
export class QuotaError extends StorageError {
  override name = 'QuotaError'
  constructor(action: string, database: string, options?: ErrorOptions) {
    super(
      `Could not ${action}: the browser's storage for this site is full (database "${database}"). Nothing was half-written. Delete projects you no longer need or free disk space, then try again.`,
      options,
    )
  }
}

/** The connection is gone: closed by the app, by a newer version in another tab, or by the browser. */
export class StorageClosedError extends StorageError {
  override name = 'StorageClosedError'
  constructor(action: string, database: string, options?: ErrorOptions) {
    super(
      `Could not ${action}: the connection to database "${database}" is closed. Reload the page to open it again.`,
      options,
    )
  }
}

/** A record that a write refers to is not (or no longer) there. */
export class NotFoundError extends StorageError {
  override name = 'NotFoundError'
  constructor(action: string, what: string) {
    super(
      `Could not ${action}: ${what} does not exist in the database. It may have been deleted in another tab; reload the page.`,
    )
  }
}

/** Another tab keeps an older version of the database open, so this one cannot upgrade it. */
export class StorageBlockedError extends StorageError {
  override name = 'StorageBlockedError'
  constructor(database: string) {
    super(
      `Could not open database "${database}": another tab still uses an older version of it. Close the other tabs of this site, then reload.`,
    )
  }
}

/** The database was written by a newer release than the one running. */
export class NewerDatabaseError extends StorageError {
  override name = 'NewerDatabaseError'
  constructor(database: string, options?: ErrorOptions) {
    super(
      `Could not open database "${database}": it was written by a newer version of this app. Reload the page to get that version.`,
      options,
    )
  }
}

/** Where a browser error happened, for the message. */
export interface ErrorContext {
  /** Completes 'Could not ...', for example 'save the labels'. */
  readonly action: string
  readonly database: string
  readonly closed: boolean
}

/** Turns whatever IndexedDB threw into a `StorageError`; storage errors pass through unchanged. */
export function toStorageError(error: unknown, context: ErrorContext): StorageError {
  if (error instanceof StorageError) return error
  const { action, database } = context
  const name = error instanceof Error ? error.name : ''
  const options = { cause: error }
  // On a connection that is gone every call fails, under names that differ between browsers.
  if (context.closed && (name === 'InvalidStateError' || name === 'AbortError')) {
    return new StorageClosedError(action, database, options)
  }
  if (name === 'QuotaExceededError') return new QuotaError(action, database, options)
  if (name === 'VersionError') return new NewerDatabaseError(database, options)
  const detail = error instanceof Error ? `${name}: ${error.message}` : String(error)
  const advice =
    name === 'DataCloneError' || name === 'DataError'
      ? 'A value cannot be stored: pass plain data (a snapshot, no functions or proxies) with valid ids.'
      : 'Try again; if it keeps failing, reload the page and check the free disk space.'
  return new StorageError(
    `Could not ${action} (database "${database}"): ${detail} Nothing was half-written. ${advice}`,
    options,
  )
}

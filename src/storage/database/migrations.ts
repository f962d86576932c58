/**
 * The database's history: migration i turns version i into version i + 1. A migration that was released is never
 * edited; a change of the schema is a new one at the end.
 */
import type { IDBPDatabase, IDBPTransaction } from 'idb'

/** Untyped on purpose: a migration sees the stores of its own time, not today's schema. */
export type MigrationTransaction = IDBPTransaction<unknown, string[], 'versionchange'>

/** One step. It may await requests of `transaction` and nothing else, or the transaction would commit under it. */
export type Migration = (
  database: IDBPDatabase,
  transaction: MigrationTransaction,
) => void | Promise<void>

const createStores: Migration = (database) => {
  const create = (name: string, keyPath: string | string[], indexed = true) => {
    const store = database.createObjectStore(name, { keyPath })
    if (indexed) store.createIndex('by-project', 'projectId')
    return store
  }
  create('projects', 'id', false)
  create('categories', 'id')
  create('images', 'id').createIndex('by-hash', ['projectId', 'sha256'], { unique: true })
  create('blobs', 'imageId')
  create('thumbnails', 'imageId')
  create('annotations', 'id').createIndex('by-category', 'categoryId')
  create('labels', 'imageId').createIndex('by-status', ['projectId', 'status'])
  create('oracle', 'imageId')
  create('cells', 'id')
  create('heads', 'cellId')
  create('predictions', ['cellId', 'chunk'])
  create('features', 'imageId', false)
  create('featureUse', 'imageId').createIndex('by-tick', 'tick')
  create('projections', 'projectId', false)
  create('uiState', 'projectId', false)
  create('meta', 'kind', false)
}

/** Training that was interrupted goes on from here. */
const addCheckpoints: Migration = (database) => {
  database
    .createObjectStore('checkpoints', { keyPath: ['cellId', 'run'] })
    .createIndex('by-project', 'projectId')
}

export const MIGRATIONS: readonly Migration[] = [createStores, addCheckpoints]

/** Runs the steps from `oldVersion` (0 = no database yet) to the newest, in order. */
export async function migrate(
  migrations: readonly Migration[],
  database: IDBPDatabase,
  oldVersion: number,
  transaction: MigrationTransaction,
): Promise<void> {
  for (const step of migrations.slice(oldVersion)) await step(database, transaction)
}

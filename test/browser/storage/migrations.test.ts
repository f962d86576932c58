import { expect, test } from 'vitest'
import { openDatabase } from '../../../src/storage/database/database'
import {
  NewerDatabaseError,
  StorageBlockedError,
  StorageClosedError,
} from '../../../src/storage/database/errors'
import { MIGRATIONS, type Migration } from '../../../src/storage/database/migrations'
import { connect, dump, fillProject, newDatabaseName, open, project } from './fixtures'

/** Names, key paths and indexes of all stores. */
function structure(db: Awaited<ReturnType<typeof connect>>['db']) {
  const names = [...db.objectStoreNames]
  const tx = db.transaction(names)
  return Object.fromEntries(
    names.map((name) => {
      const store = tx.objectStore(name)
      const indexes = [...store.indexNames].map((index) => {
        // The union of all stores has no index name in common, as far as types go.
        const { keyPath, unique } = store.index(index) as unknown as IDBIndex
        return `${String(index)}: ${String(keyPath)}${unique ? ' unique' : ''}`
      })
      return [name, [String(store.keyPath), ...indexes]]
    }),
  )
}

test('version 1 is what was released', async () => {
  const { db } = await openDatabaseAt(newDatabaseName(), MIGRATIONS.slice(0, 1))
  const byProject = 'by-project: projectId'
  expect(structure(db)).toEqual({
    annotations: ['id', 'by-category: categoryId', byProject],
    blobs: ['imageId', byProject],
    categories: ['id', byProject],
    cells: ['id', byProject],
    featureUse: ['imageId', byProject, 'by-tick: tick'],
    features: ['imageId'],
    heads: ['cellId', byProject],
    images: ['id', 'by-hash: projectId,sha256 unique', byProject],
    labels: ['imageId', byProject, 'by-status: projectId,status'],
    meta: ['kind'],
    oracle: ['imageId', byProject],
    predictions: ['cellId,chunk', byProject],
    projections: ['projectId'],
    projects: ['id'],
    thumbnails: ['imageId', byProject],
    uiState: ['projectId'],
  })
  db.close()
})

test('version 2 adds the checkpoints of trainings and keeps what version 1 held', async () => {
  const name = newDatabaseName()
  const first = await openDatabaseAt(name, MIGRATIONS.slice(0, 1))
  const before = structure(first.db)
  const row = { cellId: 'round', projectId: 'a', head: { weights: new Float32Array([0.25]) } }
  await first.db.put('heads', row as never)
  first.close()

  const { db, close } = await openDatabaseAt(name, MIGRATIONS.slice(0, 2))
  expect(db.version).toBe(2)
  expect(structure(db)).toEqual({
    ...before,
    checkpoints: ['cellId,run', 'by-project: projectId'],
  })
  expect(await db.getAll('heads')).toEqual([row])
  close()
})

test.for(MIGRATIONS.map((_, version) => version))(
  'a database of version %i upgrades to the same structure as a new one',
  async (version) => {
    const name = newDatabaseName()
    if (version > 0) (await openDatabaseAt(name, MIGRATIONS.slice(0, version))).close()
    const upgraded = await connect(name)
    const fresh = await connect(newDatabaseName())
    expect(structure(upgraded.db)).toEqual(structure(fresh.db))
    expect(upgraded.db.version).toBe(MIGRATIONS.length)
  },
)

/** A history with a step that converts records, which today's real one does not have yet. */
const HISTORY: readonly Migration[] = [
  (database) => {
    database.createObjectStore('notes', { keyPath: 'id' })
  },
  async (_database, transaction) => {
    const notes = transaction.objectStore('notes')
    for await (const cursor of notes)
      await cursor.update({ ...cursor.value, length: cursor.value.text.length })
  },
  (database, transaction) => {
    transaction.objectStore('notes').createIndex('by-length', 'length')
    database.createObjectStore('extra')
  },
]

function openDatabaseAt(name: string, migrations: readonly Migration[]) {
  return openDatabase(name, migrations, 2000)
}

test.for([1, 2, 3])(
  'the steps after version %i run in order and convert what is there',
  async (version) => {
    const name = newDatabaseName()
    const old = await openDatabaseAt(name, HISTORY.slice(0, version))
    const row = version === 1 ? { id: 1, text: 'four' } : { id: 1, text: 'four', length: 4 }
    const writing = old.db.transaction('notes' as never, 'readwrite') as unknown as {
      store: { put(value: object): Promise<unknown> }
      done: Promise<void>
    }
    await writing.store.put(row)
    await writing.done
    old.close()

    const { db } = await openDatabaseAt(name, HISTORY)
    expect(db.version).toBe(3)
    expect(structure(db)).toEqual({ extra: ['null'], notes: ['id', 'by-length: length'] })
    expect(await db.getAll('notes' as never)).toEqual([{ id: 1, text: 'four', length: 4 }])
    close()
  },
)

test('a failing step leaves the database as it was and reports its own error', async () => {
  const name = newDatabaseName()
  await fillProject(await open(name), 'a')
  const before = await dump(name)
  const failing: Migration = async (database, transaction) => {
    database.createObjectStore('half-done')
    await transaction.objectStore('labels').clear()
    throw new Error('step 2 cannot convert this')
  }
  const opening = openDatabaseAt(name, [...MIGRATIONS, failing])
  await expect(opening).rejects.toThrow('step 2 cannot convert this')
  expect(await dump(name)).toEqual(before)
})

const addStore: Migration = (database) => {
  database.createObjectStore('later')
}

test('a newer tab makes this connection close and tell its listeners', async () => {
  const name = newDatabaseName()
  const storage = await open(name)
  let told = 0
  storage.onVersionChange(() => {
    told++
  })
  const saved = storage.putProject(project('a'))
  const newer = await openDatabaseAt(name, [...MIGRATIONS, addStore])
  await saved
  expect(told).toBe(1)
  await expect(storage.listProjects()).rejects.toThrow(StorageClosedError)
  expect((await newer.db.getAll('projects')).map((row) => row.id)).toEqual(['a'])
  newer.close()
})

test('a database written by a newer release is not touched', async () => {
  const name = newDatabaseName()
  const newer = await openDatabaseAt(name, [...MIGRATIONS, addStore])
  newer.close()
  await expect(open(name)).rejects.toThrow(NewerDatabaseError)
  await expect(open(name)).rejects.toThrow(
    `"${name}": it was written by a newer version of this app`,
  )
})

test('a tab that does not close is reported, with what to do about it', async () => {
  const name = newDatabaseName()
  const stubborn = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(name, 1)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new Error('The database did not open', { cause: request.error }))
  })
  const opening = openDatabase(name, [...MIGRATIONS, addStore], 50)
  await expect(opening).rejects.toThrow(StorageBlockedError)
  await expect(opening).rejects.toThrow('Close the other tabs')
  stubborn.close()
})

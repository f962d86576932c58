import { expect, test } from 'vitest'
import { NotFoundError } from '../../../src/storage/database/errors'
import {
  category,
  connect,
  dump,
  fillProject,
  label,
  newDatabaseName,
  newImage,
  note,
  open,
  project,
  projectId,
} from './fixtures'

test('summaries count images and done labels, last changed project first', async () => {
  const storage = await open(newDatabaseName())
  await storage.putProject(project('old', { updatedAt: 1 }))
  await storage.putProject(project('new', { updatedAt: 2 }))
  await storage.putImage(newImage('old', 'i1', { label: label('old', 'i1') }))
  await storage.putImage(
    newImage('old', 'i2', { label: label('old', 'i2', { status: 'in-progress' }) }),
  )
  await storage.putImage(newImage('old', 'i3'))
  expect(await storage.listProjects()).toEqual([
    {
      project: project('new', { updatedAt: 2 }),
      imageCount: 0,
      labeledCount: 0,
      deletedAt: undefined,
    },
    {
      project: project('old', { updatedAt: 1 }),
      imageCount: 3,
      labeledCount: 1,
      deletedAt: undefined,
    },
  ])
})

test('renaming replaces the project', async () => {
  const storage = await open(newDatabaseName())
  await storage.putProject(project('a'))
  await storage.putProject(project('a', { name: 'Cows', updatedAt: 5 }))
  expect(await storage.getProject(projectId('a'))).toEqual(
    project('a', { name: 'Cows', updatedAt: 5 }),
  )
})

test('a deleted project keeps everything but its features in the bin and comes back whole', async () => {
  const name = newDatabaseName()
  const storage = await open(name)
  await fillProject(storage, 'a')
  await storage.clearFeatures()
  const before = await dump(name)

  await storage.deleteProject(projectId('a'), 7000)
  expect(await storage.getProject(projectId('a'))).toBeUndefined()
  expect(await storage.getLastProject()).toBeUndefined()
  expect((await storage.listProjects()).map((summary) => summary.deletedAt)).toEqual([7000])
  await storage.putProject(project('a'))
  expect((await storage.listProjects()).map((summary) => summary.deletedAt)).toEqual([7000])

  await storage.restoreProject(projectId('a'))
  expect(await dump(name)).toEqual(before)
  expect(await storage.getLastProject()).toBe('a')
})

test('purging leaves no record of the project in any store and all of the others', async () => {
  const name = newDatabaseName()
  const storage = await open(name)
  await fillProject(storage, 'kept')
  const kept = await dump(name)
  await fillProject(storage, 'gone')
  await storage.deleteProject(projectId('gone'), 7000)

  await storage.purgeDeleted(7000)
  expect(await storage.listProjects()).toHaveLength(2)

  await storage.purgeDeleted(7001)
  const left = await dump(name)
  for (const [store, rows] of left) {
    if (store === 'meta') continue
    expect(rows, store).toEqual(kept.get(store))
  }
  // Only the counter of uses moved; the bytes are those of the project that stayed, and no project is 'last'.
  const totals = kept.get('meta')?.find((row) => Object(row).kind === 'feature-totals')
  expect(left.get('meta')).toEqual([{ ...Object(totals), tick: 6 }])
  await expect(storage.restoreProject(projectId('gone'))).rejects.toThrow(NotFoundError)
})

test('purging works through more records than one batch holds', async () => {
  const name = newDatabaseName()
  const storage = await open(name)
  await storage.putProject(project('a'))
  await storage.putCells(Array.from({ length: 1001 }, (_, n) => note('a', `cell-${n}`, n)))
  await storage.deleteProject(projectId('a'), 1)
  await storage.purgeDeleted(2)
  for (const [store, rows] of await dump(name)) expect(rows, store).toEqual([])
})

test('a purge that was interrupted is finished by the next one, and nothing can be added meanwhile', async () => {
  const name = newDatabaseName()
  const storage = await open(name)
  await fillProject(storage, 'a')
  const { db } = await connect(name)
  await db.put('projects', {
    id: projectId('a'),
    project: project('a'),
    deletedAt: 9000,
    purging: true,
  })

  expect(await storage.listProjects()).toEqual([])
  await expect(storage.putProject(project('a'))).rejects.toThrow(NotFoundError)
  await expect(storage.restoreProject(projectId('a'))).rejects.toThrow(NotFoundError)
  await expect(storage.putCategories([category('a', 'new', 2)])).rejects.toThrow(NotFoundError)
  await expect(storage.putProjection(projectId('a'), {})).rejects.toThrow(NotFoundError)

  await storage.purgeDeleted(0)
  for (const [store, rows] of await dump(name)) {
    expect(rows, store).toEqual(
      store === 'meta' ? [{ kind: 'feature-totals', bytes: 0, tick: 3 }] : [],
    )
  }
})

test('records of a project that does not exist are refused with its id', async () => {
  const storage = await open(newDatabaseName())
  await expect(storage.putCells([note('nowhere', 'n', 0)])).rejects.toThrow(
    'Could not save the notebook: project "nowhere" does not exist in the database.',
  )
  await expect(storage.putImage(newImage('nowhere', 'i'))).rejects.toThrow(NotFoundError)
  await expect(storage.deleteProject(projectId('nowhere'), 1)).rejects.toThrow(NotFoundError)
})

test('the last project can be forgotten', async () => {
  const storage = await open(newDatabaseName())
  await fillProject(storage, 'a')
  await storage.putLastProject(undefined)
  expect(await storage.getLastProject()).toBeUndefined()
})

test('cells come in document order and a deleted cell takes its head, checkpoints and predictions along', async () => {
  const name = newDatabaseName()
  const storage = await open(name)
  await fillProject(storage, 'a')
  await storage.putCells([note('a', 'last', 9), note('a', 'a-round', 0.5)])
  const cells = await storage.listCells(projectId('a'))
  expect(cells.map((cell) => cell.id)).toEqual(['a-round', 'a-note', 'last'])

  await storage.deleteCell(note('a', 'a-round', 0).id)
  const rows = await dump(name)
  expect(rows.get('cells')).toHaveLength(2)
  expect(rows.get('heads')).toEqual([])
  expect(rows.get('checkpoints')).toEqual([])
  expect(rows.get('predictions')).toEqual([])
})

import { expect, test } from 'vitest'
import {
  DuplicateImageError,
  NotFoundError,
  StorageError,
} from '../../../src/storage/database/errors'
import {
  annotation,
  connect,
  dump,
  imageId,
  imageRecord,
  label,
  newDatabaseName,
  newImage,
  open,
  oracle,
  project,
  projectId,
} from './fixtures'

test('image and thumbnail come back byte for byte with their types', async () => {
  const name = newDatabaseName()
  const storage = await open(name)
  await storage.putProject(project('a'))
  const bytes = Uint8Array.from({ length: 70_000 }, (_, n) => (n * 31 + (n >> 8)) % 256)
  const small = Uint8Array.from([0, 255, 13, 10, 0])
  await storage.putImage(
    newImage('a', 'i', {
      blob: new Blob([bytes], { type: 'image/png' }),
      thumbnail: new Blob([small], { type: 'image/webp' }),
    }),
  )
  storage.close()

  const again = await open(name)
  const blob = await again.getImageBlob(imageId('i'))
  const thumbnail = await again.getThumbnail(imageId('i'))
  expect(blob?.type).toBe('image/png')
  expect(thumbnail?.type).toBe('image/webp')
  expect(new Uint8Array((await blob?.arrayBuffer()) ?? [])).toEqual(bytes)
  expect(new Uint8Array((await thumbnail?.arrayBuffer()) ?? [])).toEqual(small)
  expect(await again.getImageBlob(imageId('missing'))).toBeUndefined()
  expect(await again.getThumbnail(imageId('missing'))).toBeUndefined()
})

test('the same bytes are refused within a project and welcome in another', async () => {
  const storage = await open(newDatabaseName())
  await storage.putProject(project('a'))
  await storage.putProject(project('b'))
  await storage.putImage(newImage('a', 'first', { record: { sha256: 'same' } }))
  const twin = storage.putImage(newImage('a', 'second', { record: { sha256: 'same' } }))
  await expect(twin).rejects.toThrow(DuplicateImageError)
  await expect(twin).rejects.toThrow('Image "second.jpg" was not stored')
  await storage.putImage(newImage('b', 'third', { record: { sha256: 'same' } }))
  expect((await storage.listImages(projectId('a'))).map((image) => image.id)).toEqual(['first'])
  expect((await storage.listImages(projectId('b'))).map((image) => image.id)).toEqual(['third'])
})

test('two connections importing the same bytes at once keep exactly one', async () => {
  const name = newDatabaseName()
  const [one, two] = [await open(name), await open(name)]
  await one.putProject(project('a'))
  const outcomes = await Promise.allSettled([
    one.putImage(newImage('a', 'from-one', { record: { sha256: 'same' } })),
    two.putImage(newImage('a', 'from-two', { record: { sha256: 'same' } })),
  ])
  expect(outcomes.map((outcome) => outcome.status).sort()).toEqual(['fulfilled', 'rejected'])
  expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toBeInstanceOf(
    DuplicateImageError,
  )
  expect(await two.listImages(projectId('a'))).toHaveLength(1)
  expect((await dump(name)).get('blobs')).toHaveLength(1)
})

test('the database itself refuses equal hashes, whatever code writes', async () => {
  const name = newDatabaseName()
  const { db } = await connect(name)
  await db.add('images', imageRecord('a', 'first', { sha256: 'same' }))
  const second = db.add('images', imageRecord('a', 'second', { sha256: 'same' }))
  await expect(second).rejects.toMatchObject({ name: 'ConstraintError' })
})

const whole = () => ({
  annotations: [annotation('a', 'i', 'box-1')],
  label: label('a', 'i'),
  oracle: oracle('a', 'i'),
})

test.for([
  {
    failing: 'a thumbnail that cannot be cloned',
    error: 'DataCloneError',
    changes: { ...whole(), thumbnail: (() => {}) as unknown as Blob },
  },
  {
    failing: 'an annotation with an invalid id',
    error: 'DataError',
    changes: {
      ...whole(),
      annotations: [
        annotation('a', 'i', 'box-1'),
        { ...annotation('a', 'i', 'x'), id: NaN as never },
      ],
    },
  },
  {
    failing: 'two annotations with one id',
    error: 'ConstraintError',
    changes: {
      ...whole(),
      annotations: [annotation('a', 'i', 'twice'), annotation('a', 'i', 'twice')],
    },
  },
  {
    failing: 'an oracle record that cannot be cloned',
    error: 'DataCloneError',
    changes: { ...whole(), oracle: { ...oracle('a', 'i'), extra: Symbol('no') } },
  },
])('$failing leaves nothing of the image behind', async ({ error, changes }) => {
  const name = newDatabaseName()
  const storage = await open(name)
  await storage.putProject(project('a'))
  const before = await dump(name)
  const failed = storage.putImage(newImage('a', 'i', changes))
  await expect(failed).rejects.toThrow(StorageError)
  await expect(failed).rejects.toThrow(
    `Could not store image "i.jpg" (database "${name}"): ${error}`,
  )
  expect(await dump(name)).toEqual(before)
  // The same image, whole this time, is not in the way of itself.
  await storage.putImage(newImage('a', 'i', whole()))
  expect(await storage.listImages(projectId('a'))).toHaveLength(1)
})

test('records change together or not at all, and only those of stored images', async () => {
  const storage = await open(newDatabaseName())
  await storage.putProject(project('a'))
  await storage.putImage(newImage('a', 'i1', { record: { order: 1 } }))
  await storage.putImage(newImage('a', 'i0', { record: { order: 0 } }))
  const test0 = imageRecord('a', 'i0', { order: 0, split: 'test' })
  const test1 = imageRecord('a', 'i1', { order: 1, split: 'test' })

  await expect(storage.putImageRecords([test0, imageRecord('a', 'missing')])).rejects.toThrow(
    NotFoundError,
  )
  expect((await storage.listImages(projectId('a'))).map((image) => image.split)).toEqual([
    'pool',
    'pool',
  ])
  const clash = storage.putImageRecords([test0, { ...test1, sha256: 'hash-i0' }])
  await expect(clash).rejects.toThrow(DuplicateImageError)
  expect((await storage.listImages(projectId('a'))).map((image) => image.split)).toEqual([
    'pool',
    'pool',
  ])

  await storage.putImageRecords([test1, test0])
  expect(await storage.listImages(projectId('a'))).toEqual([test0, test1])
})

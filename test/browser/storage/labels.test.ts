import { expect, test } from 'vitest'
import type { Annotation } from '../../../src/core/dataset/types'
import { StorageError } from '../../../src/storage/database/errors'
import { beginWrite } from '../../../src/storage/database/transaction'
import type { LabelChange, NewImage } from '../../../src/storage/database/types'
import {
  annotation,
  category,
  connect,
  dump,
  imageId,
  label,
  newDatabaseName,
  newImage,
  open,
  project,
  projectId,
} from './fixtures'

const byId = (a: Annotation, b: Annotation) => (a.id < b.id ? -1 : 1)

async function openWithImages(...images: NewImage[]) {
  const name = newDatabaseName()
  const storage = await open(name)
  await storage.putProject(project('a'))
  await storage.putCategories([category('a', 'cow', 0)])
  for (const image of images) await storage.putImage(image)
  return { name, storage }
}

test('one change adds, moves and removes boxes together with the label', async () => {
  const [kept, moved, removed] = ['kept', 'moved', 'removed'].map((id) => annotation('a', 'i', id))
  const { storage } = await openWithImages(
    newImage('a', 'i', { annotations: [kept, moved, removed], label: label('a', 'i') }),
  )
  const to = { ...moved, box: { x: 0, y: 0, width: 5, height: 5 } }
  const added = annotation('a', 'i', 'added')
  const next = label('a', 'i', { revision: 2, seconds: 20 })
  await storage.commitLabels([
    { diff: { added: [added], updated: [{ from: moved, to }], removed: [removed] }, label: next },
  ])
  expect((await storage.listAnnotations(projectId('a'))).sort(byId)).toEqual([added, kept, to])
  expect(await storage.listLabels(projectId('a'))).toEqual([next])
})

test('changes of one commit apply in order', async () => {
  const { storage } = await openWithImages(newImage('a', 'i'))
  const box = annotation('a', 'i', 'box')
  await storage.commitLabels([
    { diff: { added: [box], updated: [], removed: [] }, label: label('a', 'i', { revision: 1 }) },
    { diff: { added: [], updated: [], removed: [box] }, label: label('a', 'i', { revision: 2 }) },
  ])
  expect(await storage.listAnnotations(projectId('a'))).toEqual([])
  expect(await storage.listLabels(projectId('a'))).toEqual([label('a', 'i', { revision: 2 })])
})

test('a commit that fails in its last change leaves the earlier ones unwritten', async () => {
  const { name, storage } = await openWithImages(newImage('a', 'i'), newImage('a', 'j'))
  const before = await dump(name)
  const good: LabelChange = {
    diff: { added: [annotation('a', 'i', 'box')], updated: [], removed: [] },
    label: label('a', 'i'),
  }
  const bad = { ...good, label: { ...label('a', 'j'), note: () => {} } }
  await expect(storage.commitLabels([good, bad])).rejects.toThrow(StorageError)
  expect(await dump(name)).toEqual(before)
})

test('commits from two connections at once all arrive', async () => {
  const { name, storage } = await openWithImages(newImage('a', 'i'), newImage('a', 'j'))
  const other = await open(name)
  const commit = (target: typeof storage, image: string, n: number) =>
    target.commitLabels([
      {
        diff: { added: [annotation('a', image, `${image}-${n}`)], updated: [], removed: [] },
        label: label('a', image, { revision: n + 1 }),
      },
    ])
  const turns = Array.from({ length: 25 }, (_, n) => n)
  await Promise.all(turns.flatMap((n) => [commit(storage, 'i', n), commit(other, 'j', n)]))

  const annotations = await storage.listAnnotations(projectId('a'))
  expect(annotations.map((one) => one.id).sort()).toEqual(
    turns.flatMap((n) => [`i-${n}`, `j-${n}`]).sort(),
  )
  const labels = await other.listLabels(projectId('a'))
  expect(labels.map((one) => [one.imageId, one.revision])).toEqual([
    ['i', 25],
    ['j', 25],
  ])
})

test('what one connection was told is saved, another one sees', async () => {
  const { name, storage } = await openWithImages(newImage('a', 'i'))
  const other = await open(name)
  const box = annotation('a', 'i', 'box')
  await storage.commitLabels([
    { diff: { added: [box], updated: [], removed: [] }, label: label('a', 'i') },
  ])
  expect(await other.listAnnotations(projectId('a'))).toEqual([box])
})

test('user data asks the browser for strict durability, caches do not', async () => {
  const connection = await connect(newDatabaseName())
  const durability = (kind: 'strict' | 'relaxed') =>
    beginWrite(connection, ['labels'], kind).durability
  expect(durability('strict')).toBe('strict')
  expect(durability('relaxed')).toBe('relaxed')
})

test('deleting a category removes its boxes, marks the labels that lost one and closes the order', async () => {
  const { storage } = await openWithImages(
    newImage('a', 'i', {
      annotations: [
        annotation('a', 'i', '1', 'cow'),
        annotation('a', 'i', '2', 'cow'),
        annotation('a', 'i', '3', 'dog'),
      ],
      label: label('a', 'i', { revision: 4 }),
    }),
    newImage('a', 'j', {
      annotations: [annotation('a', 'j', '4', 'dog')],
      label: label('a', 'j', { revision: 7 }),
    }),
  )
  const [cow, dog, pig] = ['cow', 'dog', 'pig'].map((id, order) => category('a', id, order))
  await storage.putCategories([pig, cow, dog])

  await storage.deleteCategory(cow)
  expect(await storage.listCategories(projectId('a'))).toEqual([
    { ...dog, order: 0 },
    { ...pig, order: 1 },
  ])
  const annotations = await storage.listAnnotations(projectId('a'))
  expect(annotations.map((one) => one.id)).toEqual(['3', '4'])
  expect(await storage.listLabels(projectId('a'))).toEqual([
    label('a', 'i', { revision: 5 }),
    label('a', 'j', { revision: 7 }),
  ])
})

test('20,000 annotations are written in one commit and read back in one call', async () => {
  const { storage } = await openWithImages(newImage('a', 'i'))
  const added = Array.from({ length: 20_000 }, (_, n) => annotation('a', 'i', `box-${n}`))
  await storage.commitLabels([
    { diff: { added, updated: [], removed: [] }, label: label('a', 'i') },
  ])
  const listed = await storage.listAnnotations(projectId('a'))
  expect(listed).toHaveLength(20_000)
  expect(listed.sort(byId)).toEqual(added.sort(byId))
})

test('the oracle answers only for images that have a record', async () => {
  const { storage } = await openWithImages(newImage('a', 'i'))
  expect(await storage.getOracle([imageId('i')])).toEqual([])
  expect(await storage.listOracleIds(projectId('a'))).toEqual(new Set())
})

test('the images that the oracle knows are those of the project', async () => {
  const { storage } = await openWithImages(newImage('a', 'i'), newImage('a', 'j'))
  await storage.putOracle({ imageId: imageId('j'), projectId: projectId('a'), boxes: [] })
  expect(await storage.listOracleIds(projectId('a'))).toEqual(new Set([imageId('j')]))
  expect(await storage.listOracleIds(projectId('b'))).toEqual(new Set())
})

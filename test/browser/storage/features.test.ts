import { expect, test } from 'vitest'
import { storedBytes } from '../../../src/storage/derived/feature-budget'
import {
  cellId,
  connect,
  detections,
  dump,
  imageId,
  newDatabaseName,
  open,
  project,
  projectId,
} from './fixtures'

const ids = (...names: string[]) => names.map(imageId)
const features = (fill: number) => new Int8Array(1000).fill(fill)

async function openWith(budget: number) {
  const name = newDatabaseName()
  const storage = await open(name, { featureBudgetBytes: budget })
  await storage.putProject(project('a'))
  await storage.putProject(project('b'))
  const put = (image: string, owner = 'a') =>
    storage.putFeatures(projectId(owner), imageId(image), features(image.length))
  /** Names of the images that still have features; looks at the store, so that looking is not a use. */
  const cached = async () => {
    const { db } = await connect(name)
    return db.getAllKeys('features')
  }
  return { name, storage, put, cached }
}

test('stored size counts a buffer once and whole', () => {
  const buffer = new ArrayBuffer(100)
  expect(storedBytes(new Int8Array(buffer))).toBe(100)
  expect(storedBytes(new Int8Array(buffer, 10, 5))).toBe(100)
  // Two keys of one letter, two bytes each.
  expect(storedBytes({ a: new Int8Array(buffer), b: new Uint8Array(buffer) })).toBe(104)
  expect(storedBytes([new Blob(['12345']), 'ab', 1])).toBe(2 + 5 + 2 + 4 + 2 + 8)
})

test('bytes are counted over all projects, replaced ones once', async () => {
  const { storage, put } = await openWith(10_000)
  expect((await storage.featureUsage()).bytes).toBe(0)
  await put('i1')
  await put('i2', 'b')
  await put('i1')
  expect((await storage.featureUsage()).bytes).toBe(2000)
})

test('the least recently used features go when the budget is exceeded', async () => {
  const { storage, put, cached } = await openWith(3000)
  for (const image of ['i1', 'i2', 'i3']) await put(image)
  expect(await storage.getFeatures(ids('i1', 'none'))).toEqual([features(2), undefined])
  await put('i4')
  expect(await cached()).toEqual(['i1', 'i3', 'i4'])
  await put('i5')
  expect(await cached()).toEqual(['i1', 'i4', 'i5'])
  expect((await storage.featureUsage()).bytes).toBe(3000)
  expect(await storage.getFeatures(ids('i2'))).toEqual([undefined])
})

test('one put evicts as many as it needs; more than the whole budget is not kept', async () => {
  const { storage, put, cached } = await openWith(3000)
  for (const image of ['i1', 'i2', 'i3']) await put(image)
  await storage.putFeatures(projectId('a'), imageId('wide'), new Int8Array(1500))
  expect(await cached()).toEqual(['i3', 'wide'])
  expect((await storage.featureUsage()).bytes).toBe(2500)
  await storage.putFeatures(projectId('a'), imageId('huge'), new Int8Array(3001))
  expect(await cached()).toEqual(['i3', 'wide'])
  expect((await storage.featureUsage()).bytes).toBe(2500)
})

test('a lower budget evicts at once, least recently used first, and holds for every tab', async () => {
  const { name, storage, put, cached } = await openWith(5000)
  const other = await open(name, { featureBudgetBytes: 5000 })
  for (const image of ['i1', 'i2', 'i3', 'i4']) await put(image)
  await storage.getFeatures(ids('i1'))
  await storage.setFeatureBudget(2999)
  expect(await cached()).toEqual(['i1', 'i4'])
  expect(await storage.featureUsage()).toEqual({ bytes: 2000, images: 2, budgetBytes: 2999 })
  await other.putFeatures(projectId('b'), imageId('j1'), features(1))
  expect(await cached()).toEqual(['i1', 'j1'])
  expect(await storage.listCachedImages(projectId('a'))).toEqual(new Set(ids('i1')))
  const again = await open(name, { featureBudgetBytes: 5000 })
  expect((await again.featureUsage()).budgetBytes).toBe(2999)
})

test('lowering the budget evicts more than one batch', async () => {
  const { storage, cached } = await openWith(10_000_000)
  const many = Array.from({ length: 1203 }, (_, n) => imageId(`n${String(n).padStart(4, '0')}`))
  for (const image of many) await storage.putFeatures(projectId('a'), image, new Int8Array(10))
  await storage.setFeatureBudget(25)
  expect(await cached()).toEqual(many.slice(-2))
  expect((await storage.featureUsage()).bytes).toBe(20)
})

test('a budget of 0 caches nothing, and raising it caches again', async () => {
  const { storage, put, cached } = await openWith(5000)
  await put('i1')
  await storage.setFeatureBudget(0)
  await put('i2')
  expect(await cached()).toEqual([])
  expect(await storage.featureUsage()).toEqual({ bytes: 0, images: 0, budgetBytes: 0 })
  await storage.setFeatureBudget(1000)
  await put('i3')
  expect(await cached()).toEqual(['i3'])
})

test('clearing empties the cache of all projects and nothing else', async () => {
  const { name, storage, put, cached } = await openWith(5000)
  await storage.setFeatureBudget(4000)
  await put('i1')
  await put('j1', 'b')
  const before = await dump(name)
  await storage.clearFeatures()
  expect(await cached()).toEqual([])
  expect(await storage.featureUsage()).toEqual({ bytes: 0, images: 0, budgetBytes: 4000 })
  const after = await dump(name)
  for (const [store, rows] of after)
    if (!['features', 'featureUse', 'meta'].includes(store)) expect(rows).toEqual(before.get(store))
})

test('deleting a project frees its features at once; restoring it needs none', async () => {
  const { storage, put, cached } = await openWith(5000)
  await put('i1')
  await put('j1', 'b')
  await storage.deleteProject(projectId('a'), 1)
  expect(await cached()).toEqual(['j1'])
  expect((await storage.featureUsage()).bytes).toBe(1000)
  await storage.restoreProject(projectId('a'))
  expect(await storage.getFeatures(ids('i1'))).toEqual([undefined])
})

test('uses and bytes survive reopening', async () => {
  const { name, storage, put, cached } = await openWith(3000)
  for (const image of ['i1', 'i2', 'i3']) await put(image)
  await storage.getFeatures(ids('i1'))
  storage.close()
  const again = await open(name, { featureBudgetBytes: 3000 })
  await again.putFeatures(projectId('a'), imageId('i4'), features(4))
  expect(await cached()).toEqual(['i1', 'i3', 'i4'])
})

test('two connections share one budget', async () => {
  const { name, storage, cached } = await openWith(10_000)
  const other = await open(name, { featureBudgetBytes: 10_000 })
  const turns = Array.from({ length: 10 }, (_, n) => n)
  await Promise.all(
    turns.flatMap((n) => [
      storage.putFeatures(projectId('a'), imageId(`x${n}`), features(n)),
      other.putFeatures(projectId('b'), imageId(`y${n}`), features(n)),
    ]),
  )
  expect(await cached()).toHaveLength(10)
  expect((await storage.featureUsage()).bytes).toBe(10_000)
})

test('clearing drops the derived data of one project and keeps its heads', async () => {
  const { name, storage, put, cached } = await openWith(10_000)
  await put('i1')
  await put('i2', 'b')
  for (const owner of ['a', 'b']) {
    await storage.putPredictions(projectId(owner), cellId(`round-${owner}`), [detections('i1')])
    await storage.putProjection(projectId(owner), { id: owner })
    await storage.putHead(projectId(owner), cellId(`round-${owner}`), { id: owner })
  }
  await storage.clearDerived(projectId('a'))
  expect(await cached()).toEqual(['i2'])
  expect((await storage.featureUsage()).bytes).toBe(1000)
  expect(await storage.getPredictions(cellId('round-a'))).toEqual([])
  expect(await storage.getPredictions(cellId('round-b'))).toEqual([detections('i1')])
  expect(await storage.getProjection(projectId('a'))).toBeUndefined()
  expect(await storage.getProjection(projectId('b'))).toEqual({ id: 'b' })
  expect(await storage.getHead(cellId('round-a'))).toEqual({ id: 'a' })
  expect((await dump(name)).get('featureUse')).toHaveLength(1)
})

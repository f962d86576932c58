import { expect, test } from 'vitest'
import { StorageClosedError } from '../../../src/storage/database/errors'
import {
  cellId,
  dump,
  fillProject,
  imageId,
  newDatabaseName,
  open,
  project,
  projectId,
} from './fixtures'

test('everything reads back equal after closing and opening again', async () => {
  const name = newDatabaseName()
  const first = await open(name)
  await fillProject(first, 'a')
  const readAll = async (storage: typeof first) => ({
    projects: await storage.listProjects(),
    project: await storage.getProject(projectId('a')),
    categories: await storage.listCategories(projectId('a')),
    images: await storage.listImages(projectId('a')),
    hashes: await storage.listHashes(projectId('a')),
    annotations: await storage.listAnnotations(projectId('a')),
    labels: await storage.listLabels(projectId('a')),
    oracle: await storage.getOracle([
      imageId('a-image-2'),
      imageId('missing'),
      imageId('a-image-0'),
    ]),
    cells: await storage.listCells(projectId('a')),
    head: await storage.getHead(cellId('a-round')),
    predictions: await storage.getPredictions(cellId('a-round')),
    features: await storage.getFeatures([imageId('a-image-1'), imageId('missing')]),
    featureBytes: (await storage.featureUsage()).bytes,
    projection: await storage.getProjection(projectId('a')),
    uiState: await storage.getUiState(projectId('a')),
    lastProject: await storage.getLastProject(),
  })
  const before = await readAll(first)
  first.close()
  const after = await readAll(await open(name))

  expect(after).toEqual(before)
  expect(after.images.map((image) => image.id)).toEqual(['a-image-0', 'a-image-1', 'a-image-2'])
  expect(after.hashes).toEqual(new Set(['hash-a-image-0', 'hash-a-image-1', 'hash-a-image-2']))
  expect(after.oracle.map((record) => record.imageId)).toEqual(['a-image-2', 'a-image-0'])
  expect(after.head).toEqual({ weights: new Float32Array([0.25, -1]) })
  expect(after.predictions.map((one) => one.imageId)).toEqual(['a-image-0', 'a-image-1'])
  expect(after.features).toEqual([{ codes: new Int8Array([1, -2, 3]), scale: 0.5 }, undefined])
  expect(after.lastProject).toBe('a')
})

test('the fixture fills every store, so that the tests on whole databases miss none', async () => {
  const name = newDatabaseName()
  await fillProject(await open(name), 'a')
  for (const [store, rows] of await dump(name)) expect(rows, store).not.toEqual([])
})

test('a write under way when the connection closes is still completed', async () => {
  const name = newDatabaseName()
  const storage = await open(name)
  const saved = storage.putProject(project('a'))
  storage.close()
  await saved
  expect(await (await open(name)).getProject(projectId('a'))).toEqual(project('a'))
})

test('reading and writing after close say what to do', async () => {
  const name = newDatabaseName()
  const storage = await open(name)
  storage.close()
  const advice = `connection to database "${name}" is closed. Reload the page`
  for (const call of [() => storage.listProjects(), () => storage.putProject(project('a'))]) {
    await expect(call()).rejects.toThrow(StorageClosedError)
    await expect(call()).rejects.toThrow(advice)
  }
})

test('predictions of many images keep their order and are replaced as a whole', async () => {
  const storage = await open(newDatabaseName())
  await storage.putProject(project('a'))
  const round = cellId('round')
  const many = Array.from({ length: 1000 }, (_, n) => ({
    imageId: imageId(`image-${n}`),
    detections: [],
  }))
  await storage.putPredictions(projectId('a'), round, many)
  expect(await storage.getPredictions(round)).toEqual(many)
  await storage.putPredictions(projectId('a'), round, many.slice(0, 65))
  expect(await storage.getPredictions(round)).toEqual(many.slice(0, 65))
})

test('the space estimate counts stored bytes', async () => {
  const storage = await open(newDatabaseName())
  await fillProject(storage, 'a')
  const { usedBytes, quotaBytes } = await storage.estimateSpace()
  expect(usedBytes).toBeGreaterThan(0)
  expect(quotaBytes).toBeGreaterThan(usedBytes)
})

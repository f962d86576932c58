import { afterAll, beforeAll, expect, test } from 'vitest'
import { QuotaError } from '../../../src/storage/database/errors'
import type { MarginStorage } from '../../../src/storage/database/types'
import {
  annotation,
  dump,
  imageId,
  label,
  newDatabaseName,
  newImage,
  open,
  project,
  projectId,
} from './fixtures'

const MEBIBYTE = 2 ** 20
const QUOTA = 24 * MEBIBYTE

/** The part of the Storage Buckets API used here; the library of DOM types does not have it yet. */
interface StorageBuckets {
  open(name: string, options: { quota: number }): Promise<{ indexedDB: IDBFactory }>
  delete(name: string): Promise<void>
}
const buckets = (navigator as unknown as { storageBuckets: StorageBuckets }).storageBuckets
const original = Object.getOwnPropertyDescriptor(globalThis, 'indexedDB') ?? {}

// A bucket is a real IndexedDB with a small quota of its own, apart from all other databases of the test run.
beforeAll(async () => {
  const { indexedDB } = await buckets.open('small', { quota: QUOTA })
  Object.defineProperty(globalThis, 'indexedDB', { value: indexedDB, configurable: true })
})
afterAll(async () => {
  Object.defineProperty(globalThis, 'indexedDB', original)
  await buckets.delete('small')
})

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  )
}

const imageOf = (id: string, bytes: number) => newImage('a', id, { blob: new Blob([noise(bytes)]) })

/** Bytes no store can compress away. */
function noise(bytes: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes)
  for (let start = 0; start < bytes; start += 65_536) {
    crypto.getRandomValues(out.subarray(start, Math.min(bytes, start + 65_536)))
  }
  return out
}

/** Puts one thing after another until the quota refuses one; returns how many went in. */
async function fill(put: (n: number) => Promise<void>): Promise<number> {
  for (let n = 0; n < 100; n++) {
    const error = await failureOf(put(n))
    if (error instanceof QuotaError) return n
    if (error !== undefined) throw new Error('Not the quota', { cause: error })
  }
  throw new Error('The quota never ran out')
}

async function openProject(): Promise<{ name: string; storage: MarginStorage }> {
  const name = newDatabaseName()
  const storage = await open(name)
  await storage.putProject(project('a'))
  await storage.putImage(newImage('a', 'i', { annotations: [annotation('a', 'i', 'first')] }))
  return { name, storage }
}

/** Far more than the mebibyte that may be left when `fill` stops. */
const manyBoxes = () => ({
  diff: {
    added: Array.from({ length: 20_000 }, (_, n) => annotation('a', 'i', `box-${n}`)),
    updated: [],
    removed: [],
  },
  label: label('a', 'i'),
})

test('an image that does not fit is refused whole, and the message says what to do', async () => {
  const { name, storage } = await openProject()
  const before = await dump(name)
  const error = await failureOf(storage.putImage(imageOf('big', 2 * QUOTA)))
  expect(error).toBeInstanceOf(QuotaError)
  expect(String(error)).toContain(
    'Could not store image "big.jpg": the browser\'s storage for this site is full',
  )
  expect(await dump(name)).toEqual(before)
})

test('labels are saved on a full disk by giving up the features, never the user data', async () => {
  const { storage } = await openProject()
  await storage.putProjection(projectId('a'), { id: 'needed by heads' })
  const put = await fill((n) =>
    storage.putFeatures(projectId('a'), imageId(`f${n}`), { codes: noise(MEBIBYTE) }),
  )
  expect(put).toBeGreaterThan(0)
  expect((await storage.featureUsage()).bytes).toBeGreaterThanOrEqual(put * MEBIBYTE)

  await storage.commitLabels([manyBoxes()])
  expect(await storage.listAnnotations(projectId('a'))).toHaveLength(20_001)
  expect(await storage.listLabels(projectId('a'))).toEqual([label('a', 'i')])
  expect(await (await storage.getImageBlob(imageId('i')))?.text()).toBe('bytes of i')
  expect(await storage.getProjection(projectId('a'))).toEqual({ id: 'needed by heads' })
  expect((await storage.featureUsage()).bytes).toBe(0)
  expect(await storage.getFeatures([imageId('f0')])).toEqual([undefined])
})

test('labels that do not fit even without caches are refused, the ones before are kept', async () => {
  const { storage } = await openProject()
  expect(await fill((n) => storage.putImage(imageOf(`image-${n}`, MEBIBYTE)))).toBeGreaterThan(0)
  expect(await failureOf(storage.commitLabels([manyBoxes()]))).toBeInstanceOf(QuotaError)
  expect(await storage.listAnnotations(projectId('a'))).toEqual([annotation('a', 'i', 'first')])
  expect(await storage.listLabels(projectId('a'))).toEqual([])
})

import { describe, expect, it } from 'vitest'
import type { ImageFindings } from '../../../../src/core/acquisition/evidence/findings'
import type { ImageId } from '../../../../src/core/dataset/types'
import { EvidenceStore } from '../../../../src/engine/query/evidence-store'

const ids = ['a', 'b', 'c', 'd'].map((id) => id as ImageId)
const [a, b, c, d] = ids

/** 1,000 numbers of 4 bytes. */
const found: ImageFindings = { feature: new Float32Array(1000), answered: new Set(['features']) }

/** Room for two of them, not for three. */
const room = 10_000

const kept = (store: EvidenceStore, model = 'm') =>
  ids.filter((imageId) => store.get(model, imageId) !== undefined)

function filled(...imageIds: readonly ImageId[]): EvidenceStore {
  const store = new EvidenceStore(room)
  for (const imageId of imageIds) store.add('m', imageId, found)
  return store
}

describe('EvidenceStore', () => {
  it('drops what was used least recently beyond its limit; reading is a use', () => {
    expect(kept(filled(a, b, c))).toEqual([b, c])
    const store = filled(a, b)
    store.get('m', a)
    store.add('m', c, found)
    expect(kept(store)).toEqual([a, c])
    expect(store.bytes).toBeLessThanOrEqual(room)
  })

  it('keeps what a query gathers in parts until it has read it', () => {
    const store = filled(a)
    store.hold([a, b])
    store.hold([c])
    for (const imageId of [b, c, d]) store.add('m', imageId, found)
    // The last one is no part of the query.
    expect(kept(store)).toEqual([a, b, c])
    store.release()
    expect(kept(store)).toEqual([b, c])
  })

  it('holds images that were asked for before another model was', () => {
    const store = filled(a)
    store.hold(ids)
    for (const imageId of ids) store.add('n', imageId, found)
    expect(kept(store)).toEqual([])
    expect(kept(store, 'n')).toEqual(ids)
  })

  it('counts an image once, however often something is added to it', () => {
    const store = new EvidenceStore(room)
    store.add('m', a, found)
    const { bytes } = store
    expect(bytes).toBeGreaterThanOrEqual(4000)
    store.add('m', a, found)
    expect(store.bytes).toBe(bytes)
    store.add('m', a, { support: [1, 2], answered: new Set(['support']) })
    expect(store.bytes).toBe(bytes + 16)
    expect(store.get('m', a)?.answered).toEqual(new Set(['features', 'support']))
    store.clear()
    expect(store.bytes).toBe(0)
  })

  it('counts detections with their numbers', () => {
    const detection = {
      box: { x: 0, y: 0, width: 9, height: 9 },
      categoryId: 'thing' as never,
      score: 0.5,
      classProbabilities: [0.5, 0.1],
      memberScores: [0.5],
    }
    const bytesOf = (count: number): number => {
      const store = new EvidenceStore(room)
      store.addDetections('m', { imageId: a, detections: Array(count).fill(detection) })
      return store.bytes
    }
    expect(bytesOf(2) - bytesOf(1)).toBe(bytesOf(1) - bytesOf(0))
    expect(bytesOf(1) - bytesOf(0)).toBeGreaterThan(3 * 8)
  })
})

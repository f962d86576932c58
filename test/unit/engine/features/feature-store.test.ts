import { describe, expect, it } from 'vitest'
import type { ImageId } from '../../../../src/core/dataset/types'
import { FeatureStore } from '../../../../src/engine/features/feature-store'
import type { FeatureMap } from '../../../../src/engine/features/protocol'

const ids = (...names: string[]) => names as ImageId[]

function map(imageId: string, bytes = 100, projectionId = 'p'): FeatureMap {
  return {
    imageId: imageId as ImageId,
    projectionId,
    rows: 1,
    columns: 1,
    channels: bytes,
    stride: 8,
    levels: [{ coarseness: 1, channels: 1 }],
    codes: new Int8Array(bytes),
    scale: 1,
    imageWidth: 8,
    imageHeight: 8,
  }
}

/** Which of a, b, c, d, e are there; looking is not a use. */
const present = (store: FeatureStore): string =>
  ids('a', 'b', 'c', 'd', 'e')
    .filter((id) => store.has(id, 'p'))
    .join('')

describe('FeatureStore', () => {
  it('drops the least recently used maps beyond its limit', () => {
    const store = new FeatureStore(300)
    for (const id of ['a', 'b', 'c']) store.set(map(id))
    expect(present(store)).toBe('abc')
    store.get(ids('a')[0])
    store.set(map('d'))
    expect(present(store)).toBe('acd')
    store.set(map('e', 200))
    expect(present(store)).toBe('de')
    expect(store.bytes).toBe(300)
  })

  it('counts a map that is set again once, and the last one wins', () => {
    const store = new FeatureStore(300)
    store.set(map('a', 50))
    store.set(map('a', 120, 'other'))
    expect(store.bytes).toBe(120)
    expect(store.has(ids('a')[0], 'p')).toBe(false)
    expect(store.get(ids('a')[0]).projectionId).toBe('other')
  })

  it('must keep what is held beyond the limit, and let it go with the next hold', () => {
    const store = new FeatureStore(200)
    store.set(map('a'))
    store.hold(ids('a', 'b', 'c', 'd'))
    for (const id of ['b', 'c', 'd']) store.set(map(id))
    expect(present(store)).toBe('abcd')
    expect(store.bytes).toBe(400)
    store.set(map('e'))
    expect(present(store)).toBe('abcd')
    store.hold(ids('b', 'e'))
    expect(present(store)).toBe('bd')
    store.set(map('e'))
    expect(present(store)).toBe('be')
  })

  it('holds nothing after it was cleared', () => {
    const store = new FeatureStore(100)
    store.hold(ids('a', 'b'))
    store.set(map('a'))
    store.clear()
    expect(store.bytes).toBe(0)
    for (const id of ['a', 'b']) store.set(map(id))
    expect(present(store)).toBe('b')
  })

  it('must say which image has no features', () => {
    expect(() => new FeatureStore().get(ids('x')[0])).toThrow('Image x has no features')
  })
})

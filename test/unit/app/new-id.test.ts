import { describe, expect, it } from 'vitest'
import { createIdSource } from '../../../src/app/state/new-id'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

describe('createIdSource', () => {
  it('makes version 7 UUIDs that begin with the time', () => {
    const newId = createIdSource(
      () => 0x0123456789ab,
      (bytes) => bytes.fill(0xff),
    )
    expect(newId()).toBe('01234567-89ab-7000-bfff-ffffffffffff')
    expect(newId()).toBe('01234567-89ab-7001-bfff-ffffffffffff')
  })

  it('makes ids that sort in the order they were made, whatever the clock does', () => {
    const times = [5, 5, 4, 9, 3]
    let calls = 0
    const newId = createIdSource(
      () => times[Math.floor(calls++ / 5000)] ?? 0,
      (bytes) => bytes.fill(calls % 251),
    )
    const ids = Array.from({ length: 25_000 }, newId)
    expect(ids.every((id) => uuid.test(id))).toBe(true)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.toSorted()).toEqual(ids)
  })
})

import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../../src/core/notebook/fingerprint'

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, reversed(item)]),
  )
}

const anyJson = fc.jsonValue().map((value) => value as Json)

describe('fingerprint', () => {
  it('is 16 hex digits, the same for ever', () => {
    // Pinned: another number here would mark every stored output stale.
    expect(fingerprint({ a: [1, 'x', null, true], b: {} })).toBe('8a2fd45269331ee8')
    expect(fingerprint(null)).toMatch(/^[0-9a-f]{16}$/)
  })

  it('ignores the order of keys, and undefined as JSON does', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(fingerprint(reversed(value))).toBe(fingerprint(value))
        expect(fingerprint(JSON.parse(JSON.stringify(value)))).toBe(fingerprint(value))
      }),
    )
    expect(fingerprint({ a: 1, b: undefined })).toBe(fingerprint({ a: 1 }))
  })

  it('differs for different values', () => {
    const small = fc.jsonValue({ maxDepth: 1 })
    fc.assert(
      fc.property(fc.tuple(small, small), ([a, b]) => {
        // Through JSON, because -0 and 0 are the same there.
        const same = isDeepStrictEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)))
        expect(fingerprint(a) === fingerprint(b)).toBe(same)
      }),
    )
    const values: unknown[] = [
      null,
      false,
      0,
      1,
      '',
      '0',
      'null',
      [],
      [[]],
      {},
      [{}],
      [0, 1],
      [1, 0],
      ['0,1'],
      ['0', '1'],
      { a: 1 },
      { a: '1' },
      { b: 1 },
      { a: { b: 1 } },
      { a: null },
    ]
    expect(new Set(values.map(fingerprint)).size).toBe(values.length)
  })

  it('has no collision among a hundred thousand near neighbours', () => {
    const seen = new Set<string>()
    for (let i = 0; i < 100_000; i++) seen.add(fingerprint([{ imageId: 'image', revision: i }]))
    expect(seen.size).toBe(100_000)
  })

  it.each([
    ['a map', { a: new Map() }, /\$\.a is \[object Map\]/],
    ['NaN', [1, NaN], /\$\.1 is NaN/],
    ['infinity', Infinity, /\$ is Infinity/],
    ['undefined in a list', [undefined], /\$\.0 is of type undefined/],
    ['a function', { f: () => 0 }, /\$\.f is of type function/],
    ['a typed array', new Float32Array(1), /Float32Array/],
  ])('refuses %s and says where', (_, value, message) => {
    expect(() => fingerprint(value)).toThrow(message)
  })
})

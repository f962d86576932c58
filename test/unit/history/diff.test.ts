import { describe, expect, it } from 'vitest'
import {
  applyDiff,
  composeDiffs,
  emptyDiff,
  invertDiff,
  isEmptyDiff,
} from '../../../src/core/history/diff'
import { seededRandom } from '../../../src/core/random/seeded'
import { adds, annotation, mapOf, randomEdit, removes, updates } from './edits'

const a = annotation('a')
const moved = annotation('a', 9)
const b = annotation('b')

describe('applyDiff', () => {
  it('adds, updates in place and removes, and leaves its argument alone', () => {
    const before = mapOf(a, b)
    const after = applyDiff(
      { added: [annotation('c')], updated: [{ from: a, to: moved }], removed: [b] },
      before,
    )
    expect([...after.values()]).toEqual([moved, annotation('c')])
    expect([...before.values()]).toEqual([a, b])
  })

  it('can replace a box by one of the same id', () => {
    expect(applyDiff({ added: [moved], updated: [], removed: [a] }, mapOf(a))).toEqual(mapOf(moved))
  })

  it('refuses a diff made for other annotations', () => {
    expect(() => applyDiff(adds(a), mapOf(a))).toThrow(/adds the box a, which is there already/)
    expect(() => applyDiff(removes(a), mapOf(b))).toThrow(/removes the box a, which is not there/)
    expect(() => applyDiff(updates(a, moved), mapOf(b))).toThrow(/changes the box a/)
  })
})

describe('composeDiffs', () => {
  it.each([
    ['draw, then move', adds(a), updates(a, moved), adds(moved)],
    ['draw, then delete', adds(a), removes(a), emptyDiff],
    ['move, then move back', updates(a, moved), updates(moved, a), emptyDiff],
    ['move, then delete', updates(a, moved), removes(moved), removes(a)],
    ['delete, then draw the same', removes(a), adds(a), emptyDiff],
    ['delete, then draw another under its id', removes(a), adds(moved), updates(a, moved)],
    ['draw two', adds(a), adds(b), adds(a, b)],
    ['nothing, then draw', emptyDiff, adds(a), adds(a)],
  ])('%s', (_, first, second, expected) => {
    expect(composeDiffs(first, second)).toEqual(expected)
  })

  it('squashes two moves into one', () => {
    const further = annotation('a', 20)
    expect(composeDiffs(updates(a, moved), updates(moved, further))).toEqual(updates(a, further))
  })

  it('tells a change of any field from none', () => {
    for (const changed of [
      { ...a, crowd: true },
      { ...a, origin: 'proposal' as const },
      { ...a, categoryId: 'd' as typeof a.categoryId },
      { ...a, box: { ...a.box, y: 5 } },
      { ...a, box: { ...a.box, width: 5 } },
      { ...a, box: { ...a.box, height: 5 } },
    ]) {
      expect(composeDiffs(emptyDiff, updates(a, changed))).toEqual(updates(a, changed))
    }
  })
})

describe('diffs over random edits', () => {
  it.each([1, 2, 3, 4, 5])('invert and compose as they should, seed %i', (seed) => {
    const random = seededRandom(seed)
    let state = mapOf(annotation('a0'), annotation('a1', 2))
    for (let i = 0; i < 200; i++) {
      const first = randomEdit(state, random)
      const middle = applyDiff(first, state)
      const second = randomEdit(middle, random)
      const end = applyDiff(second, middle)
      const both = composeDiffs(first, second)
      expect(applyDiff(both, state)).toEqual(end)
      expect(applyDiff(invertDiff(both), end)).toEqual(state)
      expect(applyDiff(invertDiff(first), middle)).toEqual(state)
      expect(isEmptyDiff(composeDiffs(both, invertDiff(both)))).toBe(true)
      state = end
    }
  })
})

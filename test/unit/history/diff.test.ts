import { describe, expect, it } from 'vitest'
import type { Annotation } from '../../../src/core/dataset/types'
import {
  applyDiff,
  composeDiffs,
  emptyDiff,
  invertDiff,
  isEmptyDiff,
} from '../../../src/core/history/diff'
import { seededRandom } from '../../../src/core/random/seeded'
import { adds, annotation, byId, randomEdit, removes, updates } from './edits'

const a = annotation('a')
const moved = annotation('a', 9)
const b = annotation('b')

describe('applyDiff', () => {
  const c = annotation('c')

  it('adds last, updates in place and removes, and leaves its argument alone', () => {
    const before = [a, b]
    const diff = { added: [c], updated: [{ from: a, to: moved }], removed: [b] }
    expect(applyDiff(diff, before)).toEqual([moved, c])
    expect(before).toEqual([a, b])
  })

  it('can replace a box by one of the same id', () => {
    expect(applyDiff({ added: [moved], updated: [], removed: [a] }, [a, b])).toEqual([b, moved])
  })

  it('changes nothing more when applied again', () => {
    const diff = { added: [c], updated: [{ from: a, to: moved }], removed: [b] }
    const once = applyDiff(diff, [a, b])
    expect(applyDiff(diff, once)).toEqual(once)
  })

  it('passes over an update and a removal of what is not there', () => {
    expect(applyDiff({ added: [], updated: [{ from: a, to: moved }], removed: [c] }, [b])).toEqual([
      b,
    ])
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
    let state: readonly Annotation[] = [annotation('a0'), annotation('a1', 2)]
    for (let i = 0; i < 200; i++) {
      const first = randomEdit(state, random)
      const middle = applyDiff(first, state)
      const second = randomEdit(middle, random)
      const end = applyDiff(second, middle)
      const both = composeDiffs(first, second)
      expect(byId(applyDiff(both, state))).toEqual(byId(end))
      expect(byId(applyDiff(invertDiff(both), end))).toEqual(byId(state))
      expect(byId(applyDiff(invertDiff(first), middle))).toEqual(byId(state))
      expect(isEmptyDiff(composeDiffs(both, invertDiff(both)))).toBe(true)
      state = end
    }
  })
})

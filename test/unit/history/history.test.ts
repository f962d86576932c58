import { describe, expect, it } from 'vitest'
import type { Annotation } from '../../../src/core/dataset/types'
import { applyDiff, emptyDiff } from '../../../src/core/history/diff'
import { AnnotationHistory } from '../../../src/core/history/history'
import { seededRandom } from '../../../src/core/random/seeded'
import { adds, annotation, byId, randomEdit, removes, updates } from './edits'

const a = annotation('a')
const moved = annotation('a', 9)
const b = annotation('b')

describe('AnnotationHistory', () => {
  it('undoes and redoes one gesture at a time', () => {
    const history = new AnnotationHistory()
    history.mark('draw box')
    history.record(adds(a))
    history.mark('move box')
    history.record(updates(a, moved))
    expect(history.undoName).toBe('move box')
    expect(history.undo()).toEqual(updates(moved, a))
    expect([history.undoName, history.redoName]).toEqual(['draw box', 'move box'])
    expect(history.undo()).toEqual(removes(a))
    expect([history.canUndo, history.canRedo]).toEqual([false, true])
    expect(history.redo()).toEqual(adds(a))
    expect(history.redo()).toEqual(updates(a, moved))
    expect([history.canUndo, history.canRedo]).toEqual([true, false])
  })

  it('has nothing to undo or redo at first', () => {
    const history = new AnnotationHistory()
    expect([history.canUndo, history.canRedo]).toEqual([false, false])
    expect([history.undo(), history.redo()]).toEqual([undefined, undefined])
    expect([history.undoName, history.redoName]).toEqual([undefined, undefined])
  })

  it('makes one step of everything between two marks', () => {
    const history = new AnnotationHistory()
    history.mark('draw box')
    history.record(adds(a))
    history.record(updates(a, moved))
    history.record(adds(b))
    expect(history.undo()).toEqual(removes(moved, b))
    expect(history.canUndo).toBe(false)
  })

  it('leaves no step of a gesture that changed nothing in the end', () => {
    const history = new AnnotationHistory()
    history.mark('draw box')
    history.record(adds(a))
    history.mark('move box')
    history.record(updates(a, moved))
    history.record(updates(moved, a))
    history.mark('click')
    history.record(emptyDiff)
    expect(history.undoName).toBe('draw box')
    // The gesture is still under way: going on with it makes its step again, not part of another.
    history.mark('move box')
    history.record(updates(a, moved))
    history.record(updates(moved, a))
    history.record(updates(a, moved))
    expect(history.undo()).toEqual(updates(moved, a))
    expect(history.undoName).toBe('draw box')
  })

  it('forgets what could be redone once something new is recorded', () => {
    const history = new AnnotationHistory()
    history.mark('draw box')
    history.record(adds(a))
    history.undo()
    history.mark('draw box')
    history.record(adds(b))
    expect(history.canRedo).toBe(false)
    expect(history.undo()).toEqual(removes(b))
  })

  it('keeps what could be redone when nothing is recorded', () => {
    const history = new AnnotationHistory()
    history.record(adds(a))
    history.undo()
    history.mark('click')
    history.record(emptyDiff)
    expect(history.redo()).toEqual(adds(a))
  })

  it('never squashes into a step that was there before an undo or redo', () => {
    const history = new AnnotationHistory()
    history.mark('one')
    history.record(adds(a))
    history.mark('two')
    history.record(adds(b))
    history.undo()
    history.record(adds(annotation('c')))
    expect(history.undo()).toEqual(removes(annotation('c')))
    expect(history.undo()).toEqual(removes(a))
    history.redo()
    history.record(updates(a, moved))
    expect(history.undo()).toEqual(updates(moved, a))
  })

  it('keeps the newest steps up to its limit', () => {
    const history = new AnnotationHistory(2)
    for (const id of ['a', 'b', 'c']) {
      history.mark(id)
      history.record(adds(annotation(id)))
    }
    expect(history.undo()).toEqual(removes(annotation('c')))
    expect(history.undo()).toEqual(removes(annotation('b')))
    expect(history.canUndo).toBe(false)
  })

  it.each([0, -1, 2.5, NaN])('refuses the limit %d', (limit) => {
    expect(() => new AnnotationHistory(limit)).toThrow(RangeError)
  })

  it('forgets everything when cleared', () => {
    const history = new AnnotationHistory()
    history.record(adds(a))
    history.record(adds(b))
    history.undo()
    history.clear()
    expect([history.canUndo, history.canRedo]).toEqual([false, false])
  })
})

describe('any sequence of edits', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('undone gives the start, redone the end, seed %i', (seed) => {
    const random = seededRandom(seed)
    const history = new AnnotationHistory(10_000)
    const start: readonly Annotation[] = [annotation('a0'), annotation('a1', 2)]
    let state = start
    const follow = (diff: ReturnType<AnnotationHistory['undo']>) => {
      if (diff !== undefined) state = applyDiff(diff, state)
    }
    for (let i = 0; i < 300; i++) {
      const draw = random.integer(10)
      if (draw === 0) follow(history.undo())
      else if (draw === 1) follow(history.redo())
      else if (draw < 5) history.mark(`gesture ${i}`)
      else {
        const edit = randomEdit(state, random)
        state = applyDiff(edit, state)
        history.record(edit)
      }
    }
    while (history.canRedo) follow(history.redo())
    const end = byId(state)
    const states = [end]
    while (history.canUndo) {
      follow(history.undo())
      states.push(byId(state))
    }
    expect(byId(state)).toEqual(start)
    // Every step changes something, and redoing walks through the very same states.
    expect(states.length).toBeGreaterThan(20)
    for (const expected of states.reverse().slice(1)) {
      follow(history.redo())
      expect(byId(state)).toEqual(expected)
    }
    expect(history.canRedo).toBe(false)
    expect(byId(state)).toEqual(end)
  })
})

import { composeDiffs, invertDiff, isEmptyDiff } from './diff'
import type { AnnotationDiff } from './types'

interface Step {
  readonly name: string
  readonly diff: AnnotationDiff
}

/**
 * Undo and redo as steps of inverse diffs. A step is one gesture: everything recorded between two
 * calls of `mark`, however long it takes. Undoing ends the gesture too.
 *
 * Holds diffs only. The caller applies what `undo` and `redo` return to the annotations, and does
 * not record that again.
 */
export class AnnotationHistory {
  readonly #limit: number
  #undo: Step[] = []
  #redo: Step[] = []
  /** Whether the last step of `#undo` still takes in what is recorded. */
  #open = false
  #name = ''

  /**
   * @param limit most steps kept; the oldest are forgotten first.
   * @throws RangeError when `limit` is not a positive integer.
   */
  constructor(limit = 500) {
    if (!Number.isSafeInteger(limit) || limit <= 0) {
      throw new RangeError(`AnnotationHistory: the limit is ${limit}; give a positive integer.`)
    }
    this.#limit = limit
  }

  get canUndo(): boolean {
    return this.#undo.length > 0
  }

  get canRedo(): boolean {
    return this.#redo.length > 0
  }

  /** Name of the step that `undo` would take back. */
  get undoName(): string | undefined {
    return this.#undo.at(-1)?.name
  }

  /** Name of the step that `redo` would repeat. */
  get redoName(): string | undefined {
    return this.#redo.at(-1)?.name
  }

  /** Ends the gesture under way; what is recorded from now on is a new step of this name. */
  mark(name: string): void {
    this.#open = false
    this.#name = name
  }

  /**
   * Takes in a change that has been made. Whatever could be redone is forgotten. A gesture that
   * has changed nothing in the end leaves no step.
   */
  record(diff: AnnotationDiff): void {
    if (isEmptyDiff(diff)) return
    this.#redo = []
    const current = this.#open ? this.#undo.pop() : undefined
    const whole = current === undefined ? diff : composeDiffs(current.diff, diff)
    this.#open = !isEmptyDiff(whole)
    if (this.#open) this.#undo.push({ name: this.#name, diff: whole })
    if (this.#undo.length > this.#limit) this.#undo.shift()
  }

  /** What takes the last step back, for the caller to apply; undefined when there is none. */
  undo(): AnnotationDiff | undefined {
    this.#open = false
    const step = this.#undo.pop()
    if (step === undefined) return undefined
    this.#redo.push(step)
    return invertDiff(step.diff)
  }

  /** What repeats the step undone last, for the caller to apply; undefined when there is none. */
  redo(): AnnotationDiff | undefined {
    const step = this.#redo.pop()
    if (step === undefined) return undefined
    this.#undo.push(step)
    return step.diff
  }

  /** Forgets every step; for when the annotations were changed by something else. */
  clear(): void {
    this.#undo = []
    this.#redo = []
    this.#open = false
  }
}

import type { Annotation, ImageId } from '../../core/dataset/types'
import { emptyDiff } from '../../core/history/diff'
import { AnnotationHistory } from '../../core/history/history'
import type { AnnotationDiff } from '../../core/history/types'
import type { CommitOptions, LabelBook } from '../state/label-book.svelte'

/** A step that could not be written, kept so that nothing drawn is lost. */
export interface UnsavedStep {
  readonly imageId: ImageId
  readonly name: string
  readonly diff: AnnotationDiff
  readonly options: CommitOptions
  readonly message: string
}

/** Writes labelling steps, one gesture each, keeps their undo history by image, and holds what failed for another try. */
export class LabelWriter {
  /** Oldest first. */
  unsaved = $state.raw<readonly UnsavedStep[]>([])
  readonly #labels: LabelBook
  readonly #histories = new Map<ImageId, AnnotationHistory>()
  /** Counts changes of the histories, which are not reactive themselves. */
  #historyVersion = $state(0)

  constructor(labels: LabelBook) {
    this.#labels = labels
  }

  /** The boxes of the image as they would be if what failed had been written. */
  unsavedBoxes(imageId: ImageId | undefined): readonly Annotation[] {
    const steps = this.unsaved.filter((step) => step.imageId === imageId)
    return steps.flatMap(({ diff }) => [...diff.added, ...diff.updated.map(({ to }) => to)])
  }

  canUndo(imageId: ImageId): boolean {
    return this.#historyVersion >= 0 && this.#history(imageId).canUndo
  }

  canRedo(imageId: ImageId): boolean {
    return this.#historyVersion >= 0 && this.#history(imageId).canRedo
  }

  /** Writes one step and makes it the newest undo step. Never throws: a failure is kept in `unsaved`. */
  async commit(
    imageId: ImageId,
    name: string,
    diff: AnnotationDiff,
    options: CommitOptions,
  ): Promise<void> {
    const history = this.#history(imageId)
    history.mark(name)
    history.record(diff)
    this.#historyVersion++
    await this.#write(imageId, name, diff, options)
  }

  /** Writes a change of state that undo does not take back. */
  async commitStatus(imageId: ImageId, name: string, options: CommitOptions): Promise<void> {
    await this.#write(imageId, name, emptyDiff, options)
  }

  async undo(imageId: ImageId, options: CommitOptions): Promise<void> {
    const diff = this.#history(imageId).undo()
    this.#historyVersion++
    if (diff !== undefined) await this.#write(imageId, 'undo', diff, options)
  }

  async redo(imageId: ImageId, options: CommitOptions): Promise<void> {
    const diff = this.#history(imageId).redo()
    this.#historyVersion++
    if (diff !== undefined) await this.#write(imageId, 'redo', diff, options)
  }

  /** Writes what failed once more, oldest first; stops at the first that fails again. */
  async retry(): Promise<void> {
    const waiting = this.unsaved
    this.unsaved = []
    for (const [index, step] of waiting.entries()) {
      const failuresBefore = this.unsaved.length
      await this.#write(step.imageId, step.name, step.diff, step.options)
      if (this.unsaved.length > failuresBefore) {
        this.unsaved = [...this.unsaved, ...waiting.slice(index + 1)]
        return
      }
    }
  }

  /** Gives up what failed. */
  discard(): void {
    this.unsaved = []
  }

  #history(imageId: ImageId): AnnotationHistory {
    let history = this.#histories.get(imageId)
    if (history === undefined) {
      history = new AnnotationHistory()
      this.#histories.set(imageId, history)
    }
    return history
  }

  async #write(
    imageId: ImageId,
    name: string,
    diff: AnnotationDiff,
    options: CommitOptions,
  ): Promise<void> {
    try {
      await this.#labels.commit(imageId, diff, options)
    } catch (error) {
      // The step was taken back, so the steps in the history no longer lead to what is shown.
      this.#histories.delete(imageId)
      this.#historyVersion++
      const message = error instanceof Error ? error.message : String(error)
      this.unsaved = [...this.unsaved, { imageId, name, diff, options, message }]
    }
  }
}

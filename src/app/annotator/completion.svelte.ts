import type { Annotation, ImageRecord } from '../../core/dataset/types'
import type { AnnotatorQueue } from './queue.svelte'
import type { LabelWriter } from './label-writer.svelte'
import type { CommitOptions } from '../state/label-book.svelte'

/** The annotator, as far as ending the work on an image goes. */
interface OpenImage {
  readonly image: ImageRecord | undefined
  readonly annotations: readonly Annotation[]
  readonly isDone: boolean
  readonly queue: AnnotatorQueue
  readonly writer: LabelWriter
  select(target: undefined): void
  takeEffort(): CommitOptions
}

/** Ends the work on the open image and walks on through the queue. */
export class Completion {
  /**
   * What waits for an answer: somebody wants to finish an image without boxes (asked once whether nothing is there), or
   * says that nothing is on an image with boxes.
   */
  asking = $state<'empty' | 'boxes' | undefined>(undefined)
  /** The last image of the queue is done. */
  finished = $state(false)
  readonly #open: OpenImage

  constructor(open: OpenImage) {
    this.#open = open
  }

  /** Another image was opened. */
  reset(): void {
    this.asking = undefined
    this.finished = false
  }

  /** Marks the image done (asking first when it has no boxes) and goes on to the next open one of the queue. */
  async finishImage(): Promise<void> {
    const { image, annotations, isDone } = this.#open
    if (image === undefined) return
    if (annotations.length === 0 && !isDone && this.asking !== 'empty') {
      this.asking = 'empty'
      return
    }
    await this.#markDone(image)
  }

  /** Marks an image without boxes as an explicit negative and goes on; of one with boxes it says that it has some. */
  async nothingHere(): Promise<void> {
    const { image, annotations } = this.#open
    if (image === undefined) return
    if (annotations.length > 0) this.asking = 'boxes'
    else await this.#markDone(image)
  }

  /** Takes 'done' back. */
  async reopen(): Promise<void> {
    const { image, isDone, writer } = this.#open
    if (image === undefined || !isDone) return
    const options = { ...this.#open.takeEffort(), status: 'in-progress' as const }
    await writer.commitStatus(image.id, 'reopen', options)
  }

  /** Opens the next (1) or previous (-1) image of the queue; from the finished state, goes back to the image. */
  step(direction: 1 | -1): void {
    if (this.finished) this.finished = false
    else this.#open.queue.step(direction)
  }

  async #markDone(image: ImageRecord): Promise<void> {
    const { isDone, queue, writer } = this.#open
    this.asking = undefined
    const written = isDone
      ? undefined
      : writer.commitStatus(image.id, 'mark done', { ...this.#open.takeEffort(), status: 'done' })
    if (!queue.openNextUndone()) {
      this.#open.select(undefined)
      this.finished = true
    }
    await written
  }
}

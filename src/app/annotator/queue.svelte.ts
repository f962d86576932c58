import type { ImageId } from '../../core/dataset/types'
import type { ProjectSession } from '../project-session.svelte'

/** The images the annotator walks through, and where in them it is. */
export class AnnotatorQueue {
  readonly #session: ProjectSession
  /** Without images that no longer exist. */
  readonly ids = $derived.by(() =>
    this.#session.queue.filter((id) => this.#session.image(id) !== undefined),
  )
  /** Of the open image, 0-based; -1 when none is open. */
  readonly position = $derived.by(() => {
    const id = this.#session.openImageId
    return id === undefined ? -1 : this.ids.indexOf(id)
  })
  readonly doneCount = $derived.by(
    () => this.ids.filter((id) => this.#session.labels.isDone(id)).length,
  )

  constructor(session: ProjectSession) {
    this.#session = session
  }

  /** The image that `step(1)` opens. */
  get next(): ImageId | undefined {
    return this.position === -1 ? undefined : this.ids[this.position + 1]
  }

  /** Opens the next (1) or previous (-1) image; nothing happens at the end. */
  step(direction: 1 | -1): void {
    const id = this.position === -1 ? undefined : this.ids[this.position + direction]
    if (id !== undefined) this.#session.openImage(id, this.#session.queue)
  }

  /** Opens the first image after the open one that is not done, from the start again after the end; false if all are. */
  openNextUndone(): boolean {
    const at = Math.max(0, this.position)
    const order = [...this.ids.slice(at + 1), ...this.ids.slice(0, at)]
    const id = order.find((other) => !this.#session.labels.isDone(other))
    if (id !== undefined) this.#session.openImage(id, this.#session.queue)
    return id !== undefined
  }
}

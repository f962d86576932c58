import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { AnnotationId, ImageId } from '../../core/dataset/types'

/** What was decided about the model's proposals, by image and index, for as long as the annotator is open. */
export class ProposalDecisions {
  readonly #rejected = new SvelteMap<ImageId, SvelteSet<number>>()
  /** Which box a proposal became: when the box is taken back the proposal is open again. */
  readonly #accepted = new SvelteMap<ImageId, SvelteMap<number, AnnotationId>>()

  /** Rejections since the last box step, which undo takes back first; newest last. */
  readonly #steps = new SvelteMap<ImageId, readonly (readonly number[])[]>()

  reject(imageId: ImageId, indexes: readonly number[]): void {
    this.#steps.set(imageId, [...(this.#steps.get(imageId) ?? []), indexes])
    const rejected = this.#rejected.get(imageId) ?? new SvelteSet<number>()
    for (const index of indexes) rejected.add(index)
    this.#rejected.set(imageId, rejected)
  }

  /** Opens every rejected proposal of the image again. */
  restore(imageId: ImageId): void {
    this.#rejected.delete(imageId)
    this.#steps.delete(imageId)
  }

  canUndo(imageId: ImageId): boolean {
    return (this.#steps.get(imageId)?.length ?? 0) > 0
  }

  /** Takes the newest rejection back. */
  undo(imageId: ImageId): void {
    const steps = this.#steps.get(imageId) ?? []
    for (const index of steps.at(-1) ?? []) this.#rejected.get(imageId)?.delete(index)
    this.#steps.set(imageId, steps.slice(0, -1))
  }

  /** A box step was made: the rejections before it stay, until `restore`. */
  closeSteps(imageId: ImageId): void {
    this.#steps.delete(imageId)
  }

  rejectedCount(imageId: ImageId): number {
    return this.#rejected.get(imageId)?.size ?? 0
  }

  accept(imageId: ImageId, index: number, becomes: AnnotationId): void {
    const accepted = this.#accepted.get(imageId) ?? new SvelteMap<number, AnnotationId>()
    accepted.set(index, becomes)
    this.#accepted.set(imageId, accepted)
  }

  /** The proposals that need no decision: rejected, or accepted and still among the boxes `present`. */
  settled(imageId: ImageId, present: ReadonlySet<AnnotationId>): ReadonlySet<number> {
    const settled = new Set(this.#rejected.get(imageId))
    for (const [index, id] of this.#accepted.get(imageId) ?? [])
      if (present.has(id)) settled.add(index)
    return settled
  }
}

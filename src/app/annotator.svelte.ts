import { SvelteMap, SvelteSet } from 'svelte/reactivity'
import type { Annotation, AnnotationId, CategoryId, ImageId, ImageRecord } from '../core/dataset/types'
import type { Box } from '../core/geometry/box'
import type { AnnotationDiff } from '../core/history/types'
import { ActiveClock } from './annotator-clock'
import { clampBox, defaultBox, type Handle, type Point, resizeBox, type Size, translateBox } from './annotator-geometry'
import { openProposals, type Proposal } from './annotator-proposals'
import { LabelWriter, noChange } from './annotator-writer.svelte'
import type { CommitOptions } from './label-book.svelte'
import type { ProjectSession } from './project-session.svelte'

/** A box of the open image, or a proposal by its index. */
export type Target =
  | { readonly kind: 'annotation'; readonly id: AnnotationId }
  | { readonly kind: 'proposal'; readonly index: number }

/** A box under way: a new one, or a changed one that is shown instead of its annotation. */
export interface Draft {
  readonly id: AnnotationId | undefined
  readonly box: Box
}

const emptyImage: Size = { width: 1, height: 1 }

/** What the annotator works on: the open image, its boxes and proposals, the selection, the gesture under way. */
export class AnnotatorState {
  readonly session: ProjectSession
  readonly writer: LabelWriter
  selection = $state.raw<Target | undefined>(undefined)
  hover = $state.raw<Target | undefined>(undefined)
  draft = $state.raw<Draft | undefined>(undefined)
  /** A drawn box that waits for the project's first category. */
  homeless = $state.raw<Box | undefined>(undefined)
  /** Score from which proposals are shown, 0..1. */
  threshold = $state(0.3)
  /** Boxes and proposals are out of the way for a look at the image. */
  boxesHidden = $state(false)
  /** Somebody wants to finish an image without boxes: asked once whether nothing is there. */
  askingEmpty = $state(false)
  /** The last image of the queue is done. */
  finished = $state(false)
  #activeCategoryId = $state.raw<CategoryId | undefined>(undefined)
  readonly #rejected = new SvelteMap<ImageId, SvelteSet<number>>()
  /** Which box a proposal became, to bring the proposal back when the box is taken back. */
  readonly #accepted = new SvelteMap<ImageId, SvelteMap<number, AnnotationId>>()
  readonly #clock: ActiveClock
  readonly #seconds = new Map<ImageId, number>()
  #timedImage: ImageId | undefined

  readonly image = $derived.by((): ImageRecord | undefined => this.session.image(this.session.openImageId))
  readonly size = $derived<Size>(this.image ?? emptyImage)
  readonly annotations = $derived<readonly Annotation[]>(this.image === undefined ? [] : this.session.labels.of(this.image.id))
  readonly isDone = $derived(this.image !== undefined && this.session.labels.isDone(this.image.id))
  readonly isTest = $derived(this.image?.split === 'test')
  readonly proposals = $derived.by(() => this.#openProposals())
  readonly rejectedCount = $derived(this.image === undefined ? 0 : (this.#rejected.get(this.image.id)?.size ?? 0))
  readonly activeCategoryId = $derived(
    this.session.labels.category(this.#activeCategoryId ?? ('' as CategoryId))?.id ?? this.session.categories[0]?.id,
  )
  readonly selectedAnnotation = $derived.by(() => {
    const selection = this.selection
    return selection?.kind === 'annotation' ? this.annotations.find(({ id }) => id === selection.id) : undefined
  })
  readonly selectedProposal = $derived.by(() => this.#proposal(this.selection))
  readonly canUndo = $derived(this.image !== undefined && this.writer.canUndo(this.image.id))
  readonly canRedo = $derived(this.image !== undefined && this.writer.canRedo(this.image.id))
  /** The queue without images that no longer exist. */
  readonly queue = $derived(this.session.queue.filter((id) => this.session.image(id) !== undefined))
  readonly position = $derived(this.image === undefined ? -1 : this.queue.indexOf(this.image.id))
  readonly doneInQueue = $derived(this.queue.filter((id) => this.session.labels.isDone(id)).length)
  /** Why the newest round asks for this image. */
  readonly reason = $derived(this.session.latestRound?.picks.find(({ imageId }) => imageId === this.image?.id)?.reason)

  constructor(session: ProjectSession) {
    this.session = session
    this.writer = new LabelWriter(session.labels)
    this.#clock = new ActiveClock(session.services.now())
    this.#timedImage = session.openImageId
  }

  /** Call when another image was opened: what belonged to the last one is put away. */
  imageChanged(): void {
    const now = this.session.services.now()
    this.#keepSeconds(now)
    this.#timedImage = this.session.openImageId
    this.selection = undefined
    this.hover = undefined
    this.draft = undefined
    this.homeless = undefined
    this.askingEmpty = false
    this.finished = false
  }

  // -- Time

  noteInput(): void {
    this.#clock.input(this.session.services.now())
  }

  noteVisibility(visible: boolean): void {
    this.#clock.setVisible(visible, this.session.services.now())
  }

  // -- Selection

  select(target: Target | undefined): void {
    this.selection = target
  }

  /** Selects the next (1) or previous (-1) box or proposal; false when there is none in that direction. */
  cycle(step: 1 | -1): boolean {
    const targets: Target[] = [
      ...this.annotations.map(({ id }) => ({ kind: 'annotation', id }) as const),
      ...this.proposals.map(({ index }) => ({ kind: 'proposal', index }) as const),
    ]
    const at = targets.findIndex((target) => sameTarget(target, this.selection))
    const next = at === -1 ? (step === 1 ? 0 : targets.length - 1) : at + step
    const target = targets[next]
    if (target === undefined) return false
    this.selection = target
    return true
  }

  /** Makes the category the one to draw with, and gives it to the selected box; a selected proposal is accepted as it. */
  async chooseCategory(id: CategoryId): Promise<void> {
    this.#activeCategoryId = id
    const annotation = this.selectedAnnotation
    const proposal = this.selectedProposal
    if (annotation !== undefined && annotation.categoryId !== id) {
      await this.#commit('set category', { ...noChange, updated: [{ from: annotation, to: { ...annotation, categoryId: id } }] })
    } else if (proposal !== undefined) {
      await this.accept([{ ...proposal, categoryId: id }])
    }
  }

  /** Adds a category and draws with it from now on; a box that waited for it is kept. @throws as `addCategory`. */
  async addCategory(name: string): Promise<void> {
    const category = await this.session.labels.addCategory(name)
    const waiting = this.homeless
    this.homeless = undefined
    if (waiting === undefined) return this.chooseCategory(category.id)
    this.#activeCategoryId = category.id
    await this.addBox(waiting)
  }

  // -- Boxes

  /** Adds a box of the active category and selects it. */
  async addBox(box: Box, name = 'draw box'): Promise<void> {
    const image = this.image
    if (image === undefined) return
    const categoryId = this.activeCategoryId
    if (categoryId === undefined) {
      this.homeless = clampBox(box, image)
      return
    }
    const annotation = this.#newAnnotation(image, box, categoryId, 'drawn')
    const written = this.#commit(name, { ...noChange, added: [annotation] })
    this.selection = { kind: 'annotation', id: annotation.id }
    await written
  }

  addDefaultBox(centre: Point): Promise<void> {
    return this.addBox(defaultBox(centre, this.size))
  }

  /** Gives a box a new place and size; nothing happens when both are as before. */
  async changeBox(id: AnnotationId, box: Box, name: string): Promise<void> {
    const from = this.annotations.find((annotation) => annotation.id === id)
    if (from === undefined || sameBox(from.box, box)) return
    await this.#commit(name, { ...noChange, updated: [{ from, to: { ...from, box } }] })
  }

  async nudge(dx: number, dy: number): Promise<void> {
    const annotation = this.selectedAnnotation
    if (annotation === undefined) return
    await this.changeBox(annotation.id, translateBox(annotation.box, dx, dy, this.size), 'move box')
  }

  /** Moves the right and bottom edges. */
  async grow(dx: number, dy: number): Promise<void> {
    const annotation = this.selectedAnnotation
    if (annotation === undefined) return
    // At the far edge of the image or at the smallest size an edge stays; it must not turn the box over.
    const width = Math.max(0, annotation.box.width + dx)
    const height = Math.max(0, annotation.box.height + dy)
    const handle: Handle = 'se'
    const box = resizeBox(annotation.box, handle, width - annotation.box.width, height - annotation.box.height, this.size)
    await this.changeBox(annotation.id, box, 'resize box')
  }

  async duplicate(): Promise<void> {
    const image = this.image
    const source = this.selectedAnnotation
    if (image === undefined || source === undefined) return
    const offset = Math.max(4, Math.round(Math.min(source.box.width, source.box.height) / 4))
    const box = translateBox(source.box, offset, offset, image)
    const annotation = this.#newAnnotation(image, box, source.categoryId, 'drawn')
    const written = this.#commit('duplicate box', { ...noChange, added: [annotation] })
    this.selection = { kind: 'annotation', id: annotation.id }
    await written
  }

  /** Deletes the selected box, or rejects the selected proposal. */
  async removeSelected(): Promise<void> {
    const proposal = this.selectedProposal
    if (proposal !== undefined) return this.reject([proposal])
    const annotation = this.selectedAnnotation
    if (annotation === undefined) return
    this.selection = undefined
    await this.#commit('delete box', { ...noChange, removed: [annotation] })
  }

  async undo(): Promise<void> {
    if (this.image !== undefined && this.canUndo) await this.writer.undo(this.image.id, this.#takeSeconds())
  }

  async redo(): Promise<void> {
    if (this.image !== undefined && this.canRedo) await this.writer.redo(this.image.id, this.#takeSeconds())
  }

  // -- Proposals

  /** The proposal that accept and reject are about: the selected one, else the one under the pointer. */
  get proposalAtHand(): Proposal | undefined {
    return this.selectedProposal ?? this.#proposal(this.hover)
  }

  /** Turns proposals into boxes, all of them in one step. */
  async accept(proposals: readonly Proposal[]): Promise<void> {
    const image = this.image
    if (image === undefined || proposals.length === 0) return
    const follower = this.#after(proposals)
    const accepted = this.#accepted.get(image.id) ?? new SvelteMap<number, AnnotationId>()
    const added = proposals.map((proposal) => {
      const annotation = this.#newAnnotation(image, proposal.box, proposal.categoryId, 'proposal')
      accepted.set(proposal.index, annotation.id)
      return annotation
    })
    this.#accepted.set(image.id, accepted)
    const written = this.#commit(proposals.length === 1 ? 'accept proposal' : 'accept proposals', { ...noChange, added })
    if (this.selection?.kind === 'proposal') this.selection = follower
    await written
  }

  /** Takes proposals out of sight; `restoreRejected` brings them back. */
  reject(proposals: readonly Proposal[]): void {
    const image = this.image
    if (image === undefined || proposals.length === 0) return
    const follower = this.#after(proposals)
    const rejected = this.#rejected.get(image.id) ?? new SvelteSet<number>()
    for (const { index } of proposals) rejected.add(index)
    this.#rejected.set(image.id, rejected)
    if (this.selection?.kind === 'proposal') this.selection = follower
  }

  restoreRejected(): void {
    if (this.image !== undefined) this.#rejected.delete(this.image.id)
  }

  // -- Done and navigation

  /** Marks the image done (asking first when it has no boxes) and goes on to the next open one of the queue. */
  async finishImage(): Promise<void> {
    if (this.image === undefined) return
    if (this.annotations.length === 0 && !this.isDone && !this.askingEmpty) {
      this.askingEmpty = true
      return
    }
    await this.#markDone()
  }

  /** Marks an image without boxes as an explicit negative and goes on. */
  async nothingHere(): Promise<void> {
    if (this.image !== undefined && this.annotations.length === 0) await this.#markDone()
  }

  /** Takes 'done' back. */
  async reopen(): Promise<void> {
    if (this.image !== undefined && this.isDone) {
      await this.writer.commitStatus(this.image.id, 'reopen', { ...this.#takeSeconds(), status: 'in-progress' })
    }
  }

  /** Opens the next (1) or previous (-1) image of the queue; false at its end. */
  step(direction: 1 | -1): boolean {
    if (this.finished) {
      this.finished = false
      return true
    }
    const id = this.queue[this.position + direction]
    if (this.position === -1 || id === undefined) return false
    this.session.openImage(id, this.session.queue)
    return true
  }

  async #markDone(): Promise<void> {
    const image = this.image
    if (image === undefined) return
    this.askingEmpty = false
    const written = this.isDone
      ? undefined
      : this.writer.commitStatus(image.id, 'mark done', { ...this.#takeSeconds(), status: 'done' })
    const next = this.#nextOpen(image.id)
    if (next === undefined) {
      this.selection = undefined
      this.finished = true
    } else this.session.openImage(next, this.session.queue)
    await written
  }

  /** The first image after this one that is not done, from the start again after the end. */
  #nextOpen(id: ImageId): ImageId | undefined {
    const at = this.queue.indexOf(id)
    const order = [...this.queue.slice(at + 1), ...this.queue.slice(0, Math.max(0, at))]
    return order.find((other) => !this.session.labels.isDone(other))
  }

  #commit(name: string, diff: AnnotationDiff): Promise<void> {
    this.askingEmpty = false
    return this.image === undefined ? Promise.resolve() : this.writer.commit(this.image.id, name, diff, this.#takeSeconds())
  }

  #takeSeconds(): CommitOptions {
    const id = this.image?.id
    this.#keepSeconds(this.session.services.now())
    if (id === undefined) return {}
    const addSeconds = this.#seconds.get(id) ?? 0
    this.#seconds.delete(id)
    return { addSeconds }
  }

  /** Books the clock's seconds on the image they were spent on, until its next step is written. */
  #keepSeconds(now: number): void {
    const seconds = this.#clock.take(now)
    const id = this.#timedImage
    if (id !== undefined) this.#seconds.set(id, (this.#seconds.get(id) ?? 0) + seconds)
  }

  #newAnnotation(image: ImageRecord, box: Box, categoryId: CategoryId, origin: Annotation['origin']): Annotation {
    return {
      id: this.session.services.newId<AnnotationId>(),
      projectId: image.projectId,
      imageId: image.id,
      categoryId,
      box: clampBox(box, image),
      origin,
      crowd: false,
    }
  }

  #openProposals(): readonly Proposal[] {
    const image = this.image
    // On the test split the model must not suggest the truth it will be measured by.
    if (image === undefined || image.split === 'test' || this.isDone) return []
    const present = new Set(this.annotations.map(({ id }) => id))
    const settled = new Set(this.#rejected.get(image.id))
    for (const [index, id] of this.#accepted.get(image.id) ?? []) if (present.has(id)) settled.add(index)
    const categories = new Set(this.session.categories.map(({ id }) => id))
    return openProposals(this.session.detections.get(image.id), this.annotations, categories, settled, this.threshold)
  }

  #proposal(target: Target | undefined): Proposal | undefined {
    return target?.kind === 'proposal' ? this.proposals.find(({ index }) => index === target.index) : undefined
  }

  /** What is selected once these proposals are gone: the next one, so that deciding goes on without a pointer. */
  #after(proposals: readonly Proposal[]): Target | undefined {
    const gone = new Set(proposals.map(({ index }) => index))
    const last = this.proposals.findLastIndex(({ index }) => gone.has(index))
    const next = this.proposals.slice(last + 1).find(({ index }) => !gone.has(index)) ?? this.proposals.find(({ index }) => !gone.has(index))
    return next === undefined ? undefined : { kind: 'proposal', index: next.index }
  }
}

export function sameTarget(a: Target | undefined, b: Target | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  if (a.kind === 'annotation') return b.kind === 'annotation' && a.id === b.id
  return b.kind === 'proposal' && a.index === b.index
}

function sameBox(a: Box, b: Box): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height
}

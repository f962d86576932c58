import type {
  Annotation,
  AnnotationId,
  CategoryId,
  ImageId,
  ImageRecord,
} from '../../core/dataset/types'
import type { Box } from '../../core/geometry/box'
import { emptyDiff } from '../../core/history/diff'
import type { AnnotationDiff } from '../../core/history/types'
import { newAnnotation } from './annotation'
import { LabelTimer } from './clock'
import { Completion } from './completion.svelte'
import { ProposalDecisions } from './decisions.svelte'
import {
  clampBox,
  defaultBox,
  growBox,
  sameBox,
  type Point,
  type Size,
  translateBox,
} from './geometry'
import { openProposals, predictedCandidates, type Proposal } from './proposals'
import { AnnotatorQueue } from './queue.svelte'
import { sameTarget, type Target, targetAfter } from './target'
import { LabelWriter } from './label-writer.svelte'
import type { CommitOptions } from '../state/label-book.svelte'
import type { ProjectSession } from '../project-session.svelte'
import { ZeroShot } from './zero-shot.svelte'

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
  readonly queue: AnnotatorQueue
  readonly zeroShot: ZeroShot
  readonly completion = new Completion(this)
  selection = $state.raw<Target | undefined>(undefined)
  hover = $state.raw<Target | undefined>(undefined)
  draft = $state.raw<Draft | undefined>(undefined)
  /** A drawn box that waits for the project's first category. */
  homeless = $state.raw<Box | undefined>(undefined)
  /** Score from which a trained model's proposals are shown, 0..1. */
  threshold = $state(0.3)
  /** Boxes and proposals are out of the way for a look at the image. */
  boxesHidden = $state(false)
  #chosenCategoryId = $state.raw<CategoryId | undefined>(undefined)
  readonly #decisions = new ProposalDecisions()
  readonly #timer: LabelTimer
  /** Decisions on proposals that no step has booked yet. */
  readonly #unbookedClicks = new Map<ImageId, number>()

  readonly image = $derived.by((): ImageRecord | undefined =>
    this.session.image(this.session.openImageId),
  )
  readonly size = $derived.by((): Size => this.image ?? emptyImage)
  readonly annotations = $derived.by((): readonly Annotation[] =>
    this.image === undefined ? [] : this.session.labels.of(this.image.id),
  )
  readonly isDone = $derived.by(
    () => this.image !== undefined && this.session.labels.isDone(this.image.id),
  )
  readonly isTest = $derived(this.image?.split === 'test')
  readonly proposals = $derived.by(() => this.#openProposals())
  readonly rejectedCount = $derived(
    this.image === undefined ? 0 : this.#decisions.rejectedCount(this.image.id),
  )
  /** The class to draw with: the one chosen, else the project's first. */
  readonly activeCategoryId = $derived.by(() => {
    const { categories } = this.session
    return (categories.find(({ id }) => id === this.#chosenCategoryId) ?? categories[0])?.id
  })
  readonly selectedAnnotation = $derived.by(() => {
    const selection = this.selection
    return selection?.kind === 'annotation'
      ? this.annotations.find(({ id }) => id === selection.id)
      : undefined
  })
  readonly selectedProposal = $derived.by(() => this.#proposal(this.selection))
  readonly canUndo = $derived.by(() => {
    const id = this.image?.id
    return id !== undefined && (this.#decisions.canUndo(id) || this.writer.canUndo(id))
  })
  readonly canRedo = $derived.by(
    () => this.image !== undefined && this.writer.canRedo(this.image.id),
  )
  /** Why the newest round asks for this image. */
  readonly reason = $derived.by(
    () => this.session.latestRound?.picks.find(({ imageId }) => imageId === this.image?.id)?.reason,
  )

  constructor(session: ProjectSession) {
    this.session = session
    this.writer = new LabelWriter(session.labels)
    this.queue = new AnnotatorQueue(session)
    this.zeroShot = new ZeroShot(session)
    this.#timer = new LabelTimer(session.openImageId, session.services.now())
  }

  /** Call when another image was opened: what belonged to the last one is put away. */
  turnTo(imageId: ImageId | undefined): void {
    this.#timer.turnTo(imageId, this.session.services.now())
    this.selection = undefined
    this.hover = undefined
    this.draft = undefined
    this.homeless = undefined
    this.completion.reset()
  }

  // -- Effort

  noteInput(): void {
    this.#timer.input(this.session.services.now())
  }

  /** What a step took, to be booked with it: working time since the last one, its own gesture, and those on proposals before. */
  takeEffort(): CommitOptions {
    if (this.image === undefined) return {}
    const { id } = this.image
    const addClicks = 1 + (this.#unbookedClicks.get(id) ?? 0)
    this.#unbookedClicks.delete(id)
    const addSeconds = this.#timer.take(id, this.session.services.now())
    return { addSeconds, secondsSource: 'measured', addClicks }
  }

  /** A gesture that writes nothing by itself is booked with the next step on its image. */
  #noteClick(imageId: ImageId): void {
    this.#unbookedClicks.set(imageId, 1 + (this.#unbookedClicks.get(imageId) ?? 0))
  }

  noteVisibility(visible: boolean): void {
    this.#timer.setVisible(visible, this.session.services.now())
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
    this.#chosenCategoryId = id
    const annotation = this.selectedAnnotation
    const proposal = this.selectedProposal
    if (annotation !== undefined && annotation.categoryId !== id) {
      await this.#commit('set category', {
        ...emptyDiff,
        updated: [{ from: annotation, to: { ...annotation, categoryId: id } }],
      })
    } else if (proposal !== undefined) {
      await this.accept([{ ...proposal, kind: 'category', categoryId: id }])
    }
  }

  /** Adds a category and draws with it from now on; a box that waited for it is kept. @throws as `addCategory`. */
  async addCategory(name: string): Promise<void> {
    const category = await this.session.labels.addCategory(name)
    const waiting = this.homeless
    this.homeless = undefined
    // The box's own write is not waited for: it shows at once, and its failure is kept by the writer.
    if (waiting === undefined) void this.chooseCategory(category.id)
    else {
      this.#chosenCategoryId = category.id
      void this.addBox(waiting)
    }
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
    const written = this.#commit(name, { ...emptyDiff, added: [annotation] })
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
    await this.#commit(name, { ...emptyDiff, updated: [{ from, to: { ...from, box } }] })
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
    const box = growBox(annotation.box, dx, dy, this.size)
    await this.changeBox(annotation.id, box, 'resize box')
  }

  async duplicate(): Promise<void> {
    const image = this.image
    const source = this.selectedAnnotation
    if (image === undefined || source === undefined) return
    const offset = Math.max(4, Math.round(Math.min(source.box.width, source.box.height) / 4))
    const box = translateBox(source.box, offset, offset, image)
    const annotation = this.#newAnnotation(image, box, source.categoryId, 'drawn')
    const written = this.#commit('duplicate box', { ...emptyDiff, added: [annotation] })
    this.selection = { kind: 'annotation', id: annotation.id }
    await written
  }

  /** Deletes the selected box, or rejects the selected proposal. */
  async removeSelected(): Promise<void> {
    const proposal = this.selectedProposal
    if (proposal !== undefined) {
      this.reject([proposal])
      return
    }
    const annotation = this.selectedAnnotation
    if (annotation === undefined) return
    this.selection = undefined
    await this.#commit('delete box', { ...emptyDiff, removed: [annotation] })
  }

  async undo(): Promise<void> {
    const id = this.image?.id
    if (id === undefined || !this.canUndo) return
    if (this.#decisions.canUndo(id)) {
      this.#decisions.undo(id)
      this.#noteClick(id)
    } else await this.writer.undo(id, this.takeEffort())
  }

  async redo(): Promise<void> {
    const id = this.image?.id
    if (id === undefined || !this.canRedo) return
    this.#decisions.closeSteps(id)
    await this.writer.redo(id, this.takeEffort())
  }

  // -- Proposals

  /** The proposal that accept and reject are about: the selected one, else the one under the pointer. */
  get proposalAtHand(): Proposal | undefined {
    return this.selectedProposal ?? this.#proposal(this.hover)
  }

  /** Turns proposals into boxes, all of them in one step; one without a category gets the active one. */
  async accept(proposals: readonly Proposal[]): Promise<void> {
    const image = this.image
    const [first] = proposals
    if (image === undefined || first === undefined) return
    const active = this.activeCategoryId
    if (active === undefined) {
      this.homeless = first.box
      return
    }
    const follower = targetAfter(this.proposals, proposals)
    const added = proposals.map((proposal) => {
      const categoryId = proposal.kind === 'category' ? proposal.categoryId : active
      const annotation = this.#newAnnotation(image, proposal.box, categoryId, 'proposal')
      this.#decisions.accept(image.id, proposal.index, annotation.id)
      return annotation
    })
    const written = this.#commit(proposals.length === 1 ? 'accept proposal' : 'accept proposals', {
      ...emptyDiff,
      added,
    })
    if (this.selection?.kind === 'proposal') this.selection = follower
    await written
  }

  /** Takes proposals out of sight; undo and `restoreRejected` bring them back. */
  reject(proposals: readonly Proposal[]): void {
    const image = this.image
    if (image === undefined || proposals.length === 0) return
    const follower = targetAfter(this.proposals, proposals)
    this.#noteClick(image.id)
    this.#decisions.reject(
      image.id,
      proposals.map(({ index }) => index),
    )
    if (this.selection?.kind === 'proposal') this.selection = follower
  }

  restoreRejected(): void {
    if (this.image === undefined) return
    this.#decisions.restore(this.image.id)
    this.#noteClick(this.image.id)
  }

  #commit(name: string, diff: AnnotationDiff): Promise<void> {
    this.completion.asking = undefined
    const id = this.image?.id
    if (id === undefined) return Promise.resolve()
    this.#decisions.closeSteps(id)
    return this.writer.commit(id, name, diff, this.takeEffort())
  }

  #newAnnotation(
    image: ImageRecord,
    box: Box,
    categoryId: CategoryId,
    origin: Annotation['origin'],
  ): Annotation {
    const id = this.session.services.newId<AnnotationId>()
    return newAnnotation(id, image, categoryId, box, origin)
  }

  #openProposals(): readonly Proposal[] {
    const image = this.image
    // On the test split the model must not suggest the truth it will be measured by.
    if (image === undefined || image.split === 'test' || this.isDone) return []
    const present = new Set(this.annotations.map(({ id }) => id))
    const settled = this.#decisions.settled(image.id, present)
    const categories = new Set(this.session.categories.map(({ id }) => id))
    const predicted = this.session.detections.get(image.id)
    return openProposals(
      predicted ? predictedCandidates(predicted) : this.zeroShot.of(image),
      this.annotations,
      categories,
      settled,
      predicted ? this.threshold : this.zeroShot.threshold,
    )
  }

  #proposal(target: Target | undefined): Proposal | undefined {
    return target?.kind === 'proposal'
      ? this.proposals.find(({ index }) => index === target.index)
      : undefined
  }
}

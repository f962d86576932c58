import { SvelteMap } from 'svelte/reactivity'
import { addEffort, type StepEffort } from '../../core/dataset/label-effort'
import type {
  Annotation,
  Category,
  CategoryId,
  ImageId,
  ImageLabel,
  ProjectId,
} from '../../core/dataset/types'
import { applyDiff } from '../../core/history/diff'
import type { AnnotationDiff } from '../../core/history/types'
import type { LabelChange } from '../../storage/database/types'
import { newCategory } from './new-category'
import type { Services } from './services'
import type { Writer } from './writer.svelte'

const none: readonly Annotation[] = []

export interface CommitOptions extends StepEffort {
  /** New status of the image; unchanged (or 'in-progress' when new) if left out. */
  readonly status?: ImageLabel['status']
}

/**
 * Categories, boxes and label states of the open project. Changes show at once, are written with strict durability,
 * and are taken back if the write fails.
 */
export class LabelBook {
  categories = $state.raw<readonly Category[]>([])
  /** Writes that are not on disk yet; 0 = everything is saved. */
  pendingWrites = $state(0)
  // What is shown: what is on disk, with the waiting changes applied.
  readonly #annotations = new SvelteMap<ImageId, readonly Annotation[]>()
  readonly #labels = new SvelteMap<ImageId, ImageLabel>()
  readonly #savedAnnotations = new Map<ImageId, readonly Annotation[]>()
  readonly #savedLabels = new Map<ImageId, ImageLabel>()
  /** Changes whose write has not ended, oldest first. */
  #waiting: readonly LabelChange[] = []
  /** Changes written since `#read` began, which it may have missed. */
  #written: LabelChange[] = []
  #turn: Promise<unknown> = Promise.resolve()
  readonly #projectId: ProjectId
  readonly #services: Services
  readonly #writer: Writer

  constructor(projectId: ProjectId, services: Services, writer: Writer) {
    this.#projectId = projectId
    this.#services = services
    this.#writer = writer
  }

  /** Reads everything from storage; changes that are being written meanwhile stay visible. */
  load(): Promise<void> {
    return this.#inTurn(() => this.#read())
  }

  /** The boxes of an image, in drawing order. */
  of(imageId: ImageId): readonly Annotation[] {
    return this.#annotations.get(imageId) ?? none
  }

  /** The label state of an image; undefined before somebody began to label it. */
  label(imageId: ImageId): ImageLabel | undefined {
    return this.#labels.get(imageId)
  }

  isDone(imageId: ImageId): boolean {
    return this.#labels.get(imageId)?.status === 'done'
  }

  /** Every label state of the project. */
  all(): readonly ImageLabel[] {
    return [...this.#labels.values()]
  }

  category(id: CategoryId): Category | undefined {
    return this.categories.find((category) => category.id === id)
  }

  /**
   * Applies one gesture to one image and writes it; resolves once it is on disk.
   * @throws the storage error, after the change has been taken back.
   */
  async commit(imageId: ImageId, diff: AnnotationDiff, options: CommitOptions = {}): Promise<void> {
    await this.commitMany([{ imageId, diff, options }])
  }

  /** Several images in one transaction: all of them or none. @throws as `commit` */
  async commitMany(
    entries: readonly {
      readonly imageId: ImageId
      readonly diff: AnnotationDiff
      readonly options: CommitOptions
    }[],
  ): Promise<void> {
    this.#writer.check()
    const changes: LabelChange[] = entries.map(({ imageId, diff, options }) => ({
      diff,
      label: this.#nextLabel(imageId, options),
    }))
    this.#waiting = [...this.#waiting, ...changes]
    for (const { label } of changes) this.#show(label.imageId)
    this.pendingWrites++
    try {
      await this.#services.storage.commitLabels(changes)
      for (const change of changes) this.#keep(change)
      this.#written.push(...changes)
      this.#endWrite(changes)
    } catch (error) {
      this.#endWrite(changes)
      // Only these changes are taken back: those made since on the same images have writes of their own.
      for (const { label } of changes) this.#show(label.imageId)
      throw error
    } finally {
      this.pendingWrites--
    }
  }

  /** Adds a category with the next free colour and key. @throws when the name is empty or taken. */
  addCategory(name: string): Promise<Category> {
    return this.#changeCategories(async () => {
      const trimmed = this.#checkedName(name)
      const category = newCategory(this.#services, this.#projectId, trimmed, this.categories)
      await this.#services.storage.putCategories([category])
      this.categories = [...this.categories, category]
      return category
    })
  }

  /** Adds a category for every name that is not taken yet; returns the category of each name, in order. */
  addCategories(names: readonly string[]): Promise<readonly CategoryId[]> {
    return this.#changeCategories(async () => {
      const byName = new Map(this.categories.map(({ name, id }) => [name, id]))
      const all = [...this.categories]
      for (const name of names) {
        if (byName.has(name)) continue
        const category = newCategory(this.#services, this.#projectId, name, all)
        byName.set(name, category.id)
        all.push(category)
      }
      const added = all.slice(this.categories.length)
      if (added.length > 0) await this.#services.storage.putCategories(added)
      this.categories = all
      return names.flatMap((name) => byName.get(name) ?? [])
    })
  }

  /** Changes name, colour or key; a key is taken away from the category that had it. */
  updateCategory(
    id: CategoryId,
    change: Partial<Pick<Category, 'name' | 'color' | 'key'>>,
  ): Promise<void> {
    return this.#changeCategories(async () => {
      const checked =
        change.name === undefined ? change : { ...change, name: this.#checkedName(change.name, id) }
      const changed: Category[] = []
      for (const category of this.categories) {
        if (category.id === id) changed.push({ ...category, ...checked })
        else if (checked.key !== undefined && checked.key !== '' && category.key === checked.key) {
          changed.push({ ...category, key: '' })
        }
      }
      await this.#services.storage.putCategories(changed)
      this.categories = this.categories.map(
        (category) => changed.find(({ id: other }) => other === category.id) ?? category,
      )
    })
  }

  /** Deletes the category and every box of it (the view has asked for confirmation). */
  deleteCategory(id: CategoryId): Promise<void> {
    return this.#changeCategories(async () => {
      const category = this.category(id)
      if (category === undefined) return
      await this.#services.storage.deleteCategory(category)
      await this.#read()
    })
  }

  /** How many boxes a category has in the whole project. */
  boxCount(id: CategoryId): number {
    let count = 0
    for (const list of this.#annotations.values()) {
      for (const annotation of list) if (annotation.categoryId === id) count++
    }
    return count
  }

  /** One change of the categories after the other: each is checked against what the ones before it made. */
  #changeCategories<T>(change: () => Promise<T>): Promise<T> {
    return this.#inTurn(() => {
      this.#writer.check()
      return change()
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #read(): Promise<void> {
    const { storage } = this.#services
    this.#written = []
    const [categories, annotations, labels] = await Promise.all([
      storage.listCategories(this.#projectId),
      storage.listAnnotations(this.#projectId),
      storage.listLabels(this.#projectId),
    ])
    this.categories = categories.toSorted((a, b) => a.order - b.order)
    this.#savedAnnotations.clear()
    for (const [imageId, list] of Map.groupBy(annotations, (annotation) => annotation.imageId))
      this.#savedAnnotations.set(imageId, list)
    this.#savedLabels.clear()
    for (const label of labels) this.#savedLabels.set(label.imageId, label)
    for (const change of this.#written) this.#keep(change)
    this.#showAll()
  }

  /** Takes a written change over into what is known to be on disk. */
  #keep({ diff, label }: LabelChange): void {
    const list = this.#savedAnnotations.get(label.imageId) ?? none
    this.#savedAnnotations.set(label.imageId, applyDiff(diff, list))
    this.#savedLabels.set(label.imageId, label)
  }

  #endWrite(changes: readonly LabelChange[]): void {
    const ended = new Set(changes)
    this.#waiting = this.#waiting.filter((change) => !ended.has(change))
  }

  #show(imageId: ImageId): void {
    const waiting = this.#waiting.filter(({ label }) => label.imageId === imageId)
    const saved = this.#savedAnnotations.get(imageId) ?? none
    this.#annotations.set(
      imageId,
      waiting.reduce((list, { diff }) => applyDiff(diff, list), saved),
    )
    const label = waiting.at(-1)?.label ?? this.#savedLabels.get(imageId)
    if (label === undefined) this.#labels.delete(imageId)
    else this.#labels.set(imageId, label)
  }

  #showAll(): void {
    const shown = new Set([
      ...this.#savedAnnotations.keys(),
      ...this.#savedLabels.keys(),
      ...this.#waiting.map(({ label }) => label.imageId),
    ])
    for (const imageId of [...this.#annotations.keys(), ...this.#labels.keys()]) {
      if (shown.has(imageId)) continue
      this.#annotations.delete(imageId)
      this.#labels.delete(imageId)
    }
    for (const imageId of shown) this.#show(imageId)
  }

  #nextLabel(imageId: ImageId, options: CommitOptions): ImageLabel {
    const previous = this.#labels.get(imageId)
    return {
      imageId,
      projectId: this.#projectId,
      status: options.status ?? previous?.status ?? 'in-progress',
      revision: (previous?.revision ?? 0) + 1,
      ...addEffort(previous, options),
      updatedAt: this.#services.now(),
    }
  }

  #checkedName(name: string, self?: CategoryId): string {
    const trimmed = name.trim()
    if (trimmed === '') throw new Error('A class needs a name.')
    if (this.categories.some((category) => category.id !== self && category.name === trimmed)) {
      throw new Error(`There is already a class called “${trimmed}”; choose another name.`)
    }
    return trimmed
  }
}

import { SvelteMap } from 'svelte/reactivity'
import type {
  Annotation,
  Category,
  CategoryId,
  ImageId,
  ImageLabel,
  ProjectId,
} from '../core/dataset/types'
import { categoryColor, categoryKey } from '../core/dataset/palette'
import type { AnnotationDiff } from '../core/history/types'
import type { LabelChange } from '../storage/types'
import type { Services } from './services'
import type { Writer } from './writer.svelte'

const none: readonly Annotation[] = []

export interface CommitOptions {
  /** New status of the image; unchanged (or 'in-progress' when new) if left out. */
  readonly status?: ImageLabel['status']
  /** Active labelling seconds to add. */
  readonly addSeconds?: number
  readonly secondsSource?: ImageLabel['secondsSource']
}

/**
 * Categories, boxes and label states of the open project. Changes show at once, are written with strict durability,
 * and are taken back if the write fails.
 */
export class LabelBook {
  categories = $state.raw<readonly Category[]>([])
  /** Writes that are not on disk yet; 0 = everything is saved. */
  pendingWrites = $state(0)
  readonly #annotations = new SvelteMap<ImageId, readonly Annotation[]>()
  readonly #labels = new SvelteMap<ImageId, ImageLabel>()
  readonly #projectId: ProjectId
  readonly #services: Services
  readonly #writer: Writer

  constructor(projectId: ProjectId, services: Services, writer: Writer) {
    this.#projectId = projectId
    this.#services = services
    this.#writer = writer
  }

  /** Reads everything from storage; call once after construction and again after an import. */
  async load(): Promise<void> {
    const { storage } = this.#services
    const [categories, annotations, labels] = await Promise.all([
      storage.listCategories(this.#projectId),
      storage.listAnnotations(this.#projectId),
      storage.listLabels(this.#projectId),
    ])
    this.categories = categories.toSorted((a, b) => a.order - b.order)
    const byImage = Map.groupBy(annotations, ({ imageId }) => imageId)
    this.#annotations.clear()
    for (const [imageId, list] of byImage) this.#annotations.set(imageId, list)
    this.#labels.clear()
    for (const label of labels) this.#labels.set(label.imageId, label)
  }

  /** The boxes of an image, in drawing order. */
  of(imageId: ImageId): readonly Annotation[] {
    return this.#annotations.get(imageId) ?? none
  }

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

  /** Several images in one transaction: all of them or none. */
  async commitMany(
    entries: readonly {
      readonly imageId: ImageId
      readonly diff: AnnotationDiff
      readonly options: CommitOptions
    }[],
  ): Promise<void> {
    this.#writer.check()
    const before = entries.map(({ imageId }) => ({
      imageId,
      annotations: this.of(imageId),
      label: this.label(imageId),
    }))
    const changes: LabelChange[] = entries.map(({ imageId, diff, options }) => ({
      diff,
      label: this.#nextLabel(imageId, options),
    }))
    for (const { diff, label } of changes) {
      this.#annotations.set(label.imageId, applyToList(this.of(label.imageId), diff))
      this.#labels.set(label.imageId, label)
    }
    this.pendingWrites++
    try {
      await this.#services.storage.commitLabels(changes)
    } catch (error) {
      for (const { imageId, annotations, label } of before) {
        this.#annotations.set(imageId, annotations)
        if (label === undefined) this.#labels.delete(imageId)
        else this.#labels.set(imageId, label)
      }
      throw error
    } finally {
      this.pendingWrites--
    }
  }

  /** Adds a category with the next free colour and key. @throws when the name is empty or taken. */
  async addCategory(name: string): Promise<Category> {
    this.#writer.check()
    const trimmed = this.#checkedName(name)
    const order = this.categories.length
    const category: Category = {
      id: this.#services.newId<CategoryId>(),
      projectId: this.#projectId,
      name: trimmed,
      color: categoryColor(order),
      key: categoryKey(order),
      order,
    }
    await this.#services.storage.putCategories([category])
    this.categories = [...this.categories, category]
    return category
  }

  /** Changes name, colour or key; a key is taken away from the category that had it. */
  async updateCategory(
    id: CategoryId,
    change: Partial<Pick<Category, 'name' | 'color' | 'key'>>,
  ): Promise<void> {
    this.#writer.check()
    if (change.name !== undefined) change = { ...change, name: this.#checkedName(change.name, id) }
    const changed: Category[] = []
    for (const category of this.categories) {
      if (category.id === id) changed.push({ ...category, ...change })
      else if (change.key !== undefined && change.key !== '' && category.key === change.key) {
        changed.push({ ...category, key: '' })
      }
    }
    await this.#services.storage.putCategories(changed)
    this.categories = this.categories.map(
      (category) => changed.find(({ id: other }) => other === category.id) ?? category,
    )
  }

  /** Deletes the category and every box of it (the view has asked for confirmation). */
  async deleteCategory(id: CategoryId): Promise<void> {
    this.#writer.check()
    const category = this.category(id)
    if (category === undefined) return
    await this.#services.storage.deleteCategory(category)
    await this.load()
  }

  /** How many boxes a category has in the whole project. */
  boxCount(id: CategoryId): number {
    let count = 0
    for (const list of this.#annotations.values()) {
      for (const annotation of list) if (annotation.categoryId === id) count++
    }
    return count
  }

  #nextLabel(imageId: ImageId, options: CommitOptions): ImageLabel {
    const previous = this.#labels.get(imageId)
    return {
      imageId,
      projectId: this.#projectId,
      status: options.status ?? previous?.status ?? 'in-progress',
      revision: (previous?.revision ?? 0) + 1,
      seconds: (previous?.seconds ?? 0) + (options.addSeconds ?? 0),
      secondsSource: options.secondsSource ?? previous?.secondsSource ?? 'measured',
      updatedAt: this.#services.now(),
    }
  }

  #checkedName(name: string, self?: CategoryId): string {
    const trimmed = name.trim()
    if (trimmed === '') throw new Error('A category needs a name.')
    if (this.categories.some((category) => category.id !== self && category.name === trimmed)) {
      throw new Error(`There is already a category called “${trimmed}”; choose another name.`)
    }
    return trimmed
  }
}

/** Keeps drawing order: updated boxes stay where they were, added ones go last. */
function applyToList(list: readonly Annotation[], diff: AnnotationDiff): readonly Annotation[] {
  const removed = new Set(diff.removed.map(({ id }) => id))
  const updated = new Map(diff.updated.map(({ to }) => [to.id, to]))
  return [
    ...list.filter(({ id }) => !removed.has(id)).map((item) => updated.get(item.id) ?? item),
    ...diff.added,
  ]
}

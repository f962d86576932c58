/** The annotator on the page, over a session and a database of the test's own. */
import { deleteDB } from 'idb'
import { mount, unmount } from 'svelte'
import { expect, vi } from 'vitest'
import { page } from 'vitest/browser'
import type { ProjectSession } from '../../../src/app/project-session.svelte'
import type { Annotation, ImageId } from '../../../src/core/dataset/types'
import { openStorage } from '../../../src/storage/open'
import type { MarginStorage } from '../../../src/storage/database/types'
import Annotator from '../../../src/ui/annotator/Annotator.svelte'
import '../../../src/ui/styles/base.css'
import '../../../src/ui/styles/tokens.css'
import { servicesOn } from '../services'
import { createSession, type GivenImage, picture } from './harness'
import type { Place } from './pointer'

const databaseName = 'annotator-test'

export const first = 'first' as ImageId
export const second = 'second' as ImageId

export class Screen {
  readonly storage: MarginStorage
  readonly session: ProjectSession
  #component: Record<string, unknown> | undefined

  private constructor(storage: MarginStorage, session: ProjectSession) {
    this.storage = storage
    this.session = session
  }

  /**
   * A project with these classes and images (two of 400 x 300 if left out), not shown yet.
   * `wrap` may put something between the session and the storage.
   */
  static async create(
    classes: readonly string[] = ['Cow', 'Sheep'],
    images?: readonly GivenImage[],
    wrap: (storage: MarginStorage) => MarginStorage = (storage) => storage,
  ): Promise<Screen> {
    await page.viewport(1200, 800)
    const storage = await openStorage(databaseName)
    const blob = await picture(400, 300)
    const given = images ?? [first, second].map((id) => ({ id, width: 400, height: 300, blob }))
    return new Screen(storage, await createSession(servicesOn(wrap(storage)), given, classes))
  }

  /** Opens the first image; the queue is all of them. */
  async show(): Promise<void> {
    const ids = this.session.images.map(({ id }) => id)
    const [open] = ids
    if (open === undefined) throw new Error('The session has no image to open.')
    this.session.openImage(open, ids)
    this.#component = mount(Annotator, { target: document.body, props: { session: this.session } })
    await this.imageShown()
  }

  /** Takes everything away, the database included. */
  async close(): Promise<void> {
    if (this.#component !== undefined) await unmount(this.#component)
    // Closing gives the project's lock back.
    await this.session.close()
    this.session.services.engine.close()
    this.storage.close()
    await deleteDB(databaseName)
  }

  async imageShown(): Promise<void> {
    await vi.waitFor(() => {
      expect(getComputedStyle(this.canvas).visibility).toBe('visible')
    })
  }

  async saved(): Promise<void> {
    await vi.waitFor(() => {
      expect(this.saveStatus).toBe('saved')
    })
  }

  get saveStatus(): string | undefined {
    return element('.indicator').dataset.status
  }

  get canvas(): HTMLCanvasElement {
    const canvas = element('.stage canvas')
    if (!(canvas instanceof HTMLCanvasElement)) throw new Error('The stage has no canvas.')
    return canvas
  }

  /** Where an image point is in the window, by the canvas as laid out; whole pixels, as a mouse has them. */
  at(x: number, y: number): Place {
    const { left, top } = this.canvas.getBoundingClientRect()
    return { x: Math.round(left + x * this.scale), y: Math.round(top + y * this.scale) }
  }

  /** The image point under a place of the window. */
  imagePoint({ x, y }: Place): Place {
    const { left, top } = this.canvas.getBoundingClientRect()
    return { x: (x - left) / this.scale, y: (y - top) / this.scale }
  }

  /** Window pixels an image pixel. */
  get scale(): number {
    const image = this.session.image(this.session.openImageId)
    if (image === undefined) throw new Error('No image is open.')
    return this.canvas.getBoundingClientRect().width / image.width
  }

  /** The boxes of the open image. */
  get boxes(): readonly Annotation[] {
    return this.session.labels.of(this.session.openImageId ?? first)
  }

  /** How many outlines of a kind there are on the stage. */
  count(kind: 'annotation' | 'proposal' | 'unsaved' | 'fresh'): number {
    return document.querySelectorAll(`.stage .${kind}`).length
  }
}

export function element(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector)
  if (found === null) throw new Error(`There is no ${selector}.`)
  return found
}

/** Compares with whole image pixels: a mouse is that exact at the tests' zoom. */
export function expectBox(
  annotation: Annotation | undefined,
  x: number,
  y: number,
  width: number,
  height: number,
): void {
  if (annotation === undefined) throw new Error('There is no such box.')
  const { box } = annotation
  expect(Math.abs(box.x - x)).toBeLessThan(0.6)
  expect(Math.abs(box.y - y)).toBeLessThan(0.6)
  expect(Math.abs(box.width - width)).toBeLessThan(1.2)
  expect(Math.abs(box.height - height)).toBeLessThan(1.2)
}

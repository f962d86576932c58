import type { ImageId } from '../core/dataset/types'
import type { FeatureMap } from './protocol'

/** Some 2,000 images at 416 px, an eighth of a small machine's memory. */
const defaultLimitBytes = 768e6

/**
 * Features held in the worker; one map an image, the last one set wins. Beyond its limit the least recently used ones
 * are dropped, except those of the images that are held.
 */
export class FeatureStore {
  /** In order of use, the last used last. */
  readonly #maps = new Map<ImageId, FeatureMap>()
  readonly #limitBytes: number
  #bytes = 0
  #held: ReadonlySet<ImageId> = new Set()

  constructor(limitBytes = defaultLimitBytes) {
    this.#limitBytes = limitBytes
  }

  /** Of all maps; may exceed the limit by those of the images that are held. */
  get bytes(): number {
    return this.#bytes
  }

  /** Keeps what there is and will be of these images, and of no others, whatever the limit says. */
  hold(imageIds: Iterable<ImageId>): void {
    this.#held = new Set(imageIds)
    this.#evict()
  }

  set(features: FeatureMap): void {
    this.#remove(features.imageId)
    this.#maps.set(features.imageId, features)
    this.#bytes += bytesOf(features)
    this.#evict()
  }

  clear(): void {
    this.#maps.clear()
    this.#held = new Set()
    this.#bytes = 0
  }

  /**
   * Looking is not a use.
   * @param views so many views of the image are needed beside it
   */
  has(imageId: ImageId, projectionId: string, views = 0): boolean {
    const features = this.#maps.get(imageId)
    return features?.projectionId === projectionId && (features.views?.length ?? 0) >= views
  }

  /** @throws Error when the image was not embedded, or its features were dropped since. */
  get(imageId: ImageId): FeatureMap {
    const features = this.#maps.get(imageId)
    if (features === undefined) {
      throw new Error(
        `Image ${imageId} has no features in the engine; embed it (or load its stored features) first.`,
      )
    }
    this.#maps.delete(imageId)
    this.#maps.set(imageId, features)
    return features
  }

  #remove(imageId: ImageId): void {
    const features = this.#maps.get(imageId)
    if (features !== undefined) this.#bytes -= bytesOf(features)
    this.#maps.delete(imageId)
  }

  #evict(): void {
    if (this.#bytes <= this.#limitBytes) return
    for (const imageId of this.#maps.keys()) {
      if (this.#bytes <= this.#limitBytes) return
      if (!this.#held.has(imageId)) this.#remove(imageId)
    }
  }
}

function bytesOf({ codes, views = [] }: FeatureMap): number {
  return views.reduce((sum, view) => sum + view.codes.byteLength, codes.byteLength)
}

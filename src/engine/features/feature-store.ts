import type { ImageId } from '../../core/dataset/types'
import { ByteLimitedCache } from './byte-limited-cache'
import type { FeatureMap } from './protocol'

/** Some 2,000 images at 416 px, an eighth of a small machine's memory. */
const defaultLimitBytes = 768e6

/**
 * Features held in the worker; one map an image, the last one set wins. Beyond its limit the least recently used ones
 * are dropped, except those of the images that are held.
 */
export class FeatureStore {
  readonly #maps: ByteLimitedCache<ImageId, FeatureMap>

  constructor(limitBytes = defaultLimitBytes) {
    this.#maps = new ByteLimitedCache(limitBytes, bytesOf)
  }

  /** Of all maps; may exceed the limit by those of the images that are held. */
  get bytes(): number {
    return this.#maps.bytes
  }

  /** Keeps what there is and will be of these images, and of no others, whatever the limit says. */
  hold(imageIds: Iterable<ImageId>): void {
    this.#maps.hold(imageIds)
  }

  set(features: FeatureMap): void {
    this.#maps.set(features.imageId, features)
  }

  clear(): void {
    this.#maps.clear()
    this.#maps.hold([])
  }

  /**
   * Looking is not a use.
   * @param views so many views of the image are needed beside it
   */
  has(imageId: ImageId, projectionId: string, views = 0): boolean {
    const features = this.#maps.peek(imageId)
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
    return features
  }
}

function bytesOf({ codes, views = [] }: FeatureMap): number {
  return views.reduce((sum, view) => sum + view.codes.byteLength, codes.byteLength)
}

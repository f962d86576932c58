import type { ImageId } from '../core/dataset/types'
import type { FeatureMap } from './protocol'

/** Features held in the worker; one map an image, the last one set wins. */
export class FeatureStore {
  readonly #maps = new Map<ImageId, FeatureMap>()

  set(features: FeatureMap): void {
    this.#maps.set(features.imageId, features)
  }

  clear(): void {
    this.#maps.clear()
  }

  has(imageId: ImageId, projectionId: string): boolean {
    return this.#maps.get(imageId)?.projectionId === projectionId
  }

  /** @throws Error when the image was not embedded. */
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

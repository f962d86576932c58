import type { ProjectId } from '../../core/dataset/types'
import type { FeatureUsage, MarginStorage } from '../../storage/database/types'

/** How much room cached features take on this machine and may take; they can be made again at any time. */
export class FeatureCache {
  /** Undefined until measured. */
  usage = $state.raw<FeatureUsage | undefined>(undefined)
  /** Images of the project last asked about that are in the cache. */
  cachedImages = $state(0)
  readonly #storage: MarginStorage

  constructor(storage: MarginStorage) {
    this.#storage = storage
  }

  /** Never rejects: without an answer the last figures stay. */
  async measure(projectId: ProjectId | undefined): Promise<void> {
    try {
      const usage = await this.#storage.featureUsage()
      this.cachedImages =
        projectId === undefined ? 0 : (await this.#storage.listCachedImages(projectId)).size
      this.usage = usage
    } catch {
      // The storage is closed or gone, which whoever needs it more will tell.
    }
  }

  /** Kept on this machine; what no longer fits goes at once, and 0 caches nothing. */
  setBudget(bytes: number): Promise<void> {
    return this.#storage.setFeatureBudget(bytes)
  }

  /** Empties the cache of all projects. */
  clear(): Promise<void> {
    return this.#storage.clearFeatures()
  }
}

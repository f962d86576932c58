import type { ImageFindings } from '../core/acquisition/findings'
import type { ImageId } from '../core/dataset/types'
import type { ImageDetections } from '../core/detection/types'

/**
 * What was found in images with one model. Findings of another model replace all of it, so that it never holds more than
 * one query of the pool needs at once in any case.
 */
export class EvidenceStore {
  #model: string | undefined
  readonly #findings = new Map<ImageId, ImageFindings>()

  /** @param model digest of the head, or what stands for it before there is one */
  get(model: string, imageId: ImageId): ImageFindings | undefined {
    return this.#model === model ? this.#findings.get(imageId) : undefined
  }

  /** Adds to what is known of the image; what is known already and found again is replaced. */
  add(model: string, imageId: ImageId, findings: ImageFindings): void {
    if (this.#model !== model) this.clear()
    this.#model = model
    const known = this.#findings.get(imageId)
    const answered = new Set([...(known?.answered ?? []), ...findings.answered])
    this.#findings.set(imageId, { ...known, ...findings, answered })
  }

  /** What a head detects, where nothing is known of the image yet. */
  addDetections(model: string, { imageId, detections }: ImageDetections): void {
    if (this.get(model, imageId) === undefined)
      this.add(model, imageId, { detections, answered: new Set() })
  }

  clear(): void {
    this.#model = undefined
    this.#findings.clear()
  }
}

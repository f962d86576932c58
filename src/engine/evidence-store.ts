import type { ImageFindings } from '../core/acquisition/findings'
import type { ImageId } from '../core/dataset/types'
import type { Detection, ImageDetections } from '../core/detection/types'

/** Some 7,000 images with a hundred detections each. */
const defaultLimitBytes = 256e6

/**
 * What was found in images with one model; findings of another model replace all of it. Beyond its limit the least
 * recently used ones are dropped, except those that a query is about to read.
 */
export class EvidenceStore {
  #model: string | undefined
  /** In order of use, the last used last. */
  readonly #findings = new Map<ImageId, ImageFindings>()
  readonly #held = new Set<ImageId>()
  readonly #limitBytes: number
  #bytes = 0

  constructor(limitBytes = defaultLimitBytes) {
    this.#limitBytes = limitBytes
  }

  /** Of all findings, as far as it can be told; may exceed the limit by those that are held. */
  get bytes(): number {
    return this.#bytes
  }

  /**
   * Keeps what there is and will be of these images too, until `release`: a query gathers in several parts and then reads
   * all of them, and must not take what was dropped for what nothing is known of.
   */
  hold(imageIds: Iterable<ImageId>): void {
    for (const imageId of imageIds) this.#held.add(imageId)
  }

  /** The query has read what it held. */
  release(): void {
    this.#held.clear()
    this.#evict()
  }

  /** @param model digest of the head, or what stands for it before there is one */
  get(model: string, imageId: ImageId): ImageFindings | undefined {
    const findings = this.#model === model ? this.#findings.get(imageId) : undefined
    if (findings === undefined) return undefined
    this.#findings.delete(imageId)
    this.#findings.set(imageId, findings)
    return findings
  }

  /** Adds to what is known of the image; what is known already and found again is replaced. */
  add(model: string, imageId: ImageId, findings: ImageFindings): void {
    if (this.#model !== model) this.clear()
    this.#model = model
    const known = this.#findings.get(imageId)
    const answered = new Set([...(known?.answered ?? []), ...findings.answered])
    const all = { ...known, ...findings, answered }
    this.#remove(imageId)
    this.#findings.set(imageId, all)
    this.#bytes += bytesOf(all)
    this.#evict()
  }

  /** What a head detects, where nothing is known of the image yet. */
  addDetections(model: string, { imageId, detections }: ImageDetections): void {
    if (this.get(model, imageId) === undefined)
      this.add(model, imageId, { detections, answered: new Set() })
  }

  clear(): void {
    this.#model = undefined
    this.#findings.clear()
    this.#bytes = 0
  }

  #remove(imageId: ImageId): void {
    const findings = this.#findings.get(imageId)
    if (findings !== undefined) this.#bytes -= bytesOf(findings)
    this.#findings.delete(imageId)
  }

  #evict(): void {
    if (this.#bytes <= this.#limitBytes) return
    for (const imageId of this.#findings.keys()) {
      if (this.#bytes <= this.#limitBytes) return
      if (!this.#held.has(imageId)) this.#remove(imageId)
    }
  }
}

/** Of a detection in V8, beside the numbers in its arrays; less than that of a peak. */
const objectBytes = 300
const numberBytes = 8

function bytesOf(findings: ImageFindings): number {
  const { detections, support, peaks = [], mirrored, feature, objectFeature, outOfFold } = findings
  const lists = [detections, mirrored, outOfFold?.detections]
  const numbers = [support, outOfFold?.support, ...peaks.map(({ memberScores }) => memberScores)]
  return (
    objectBytes * (1 + peaks.length) +
    lists.reduce((sum, list = []) => sum + bytesOfDetections(list), 0) +
    numbers.reduce((sum, list = []) => sum + numberBytes * list.length, 0) +
    (feature?.byteLength ?? 0) +
    (objectFeature?.byteLength ?? 0)
  )
}

function bytesOfDetections(detections: readonly Detection[]): number {
  return detections.reduce(
    (sum, { classProbabilities, memberScores }) =>
      sum + objectBytes + numberBytes * (classProbabilities.length + memberScores.length),
    0,
  )
}

import type { ImageFindings } from '../../core/acquisition/evidence/findings'
import type { ImageId } from '../../core/dataset/types'
import type { Detection, ImageDetections } from '../../core/detection/types'
import { ByteLimitedCache } from '../features/byte-limited-cache'

/** Some 7,000 images with a hundred detections each. */
const defaultLimitBytes = 256e6

/**
 * What was found in images with one model; findings of another model replace all of it. Beyond its limit the least
 * recently used ones are dropped, except those that a query is about to read.
 */
export class EvidenceStore {
  readonly #findings: ByteLimitedCache<ImageId, ImageFindings>
  readonly #held = new Set<ImageId>()
  #model: string | undefined

  constructor(limitBytes = defaultLimitBytes) {
    this.#findings = new ByteLimitedCache(limitBytes, bytesOf)
  }

  /** Of all findings, as far as it can be told; may exceed the limit by those that are held. */
  get bytes(): number {
    return this.#findings.bytes
  }

  /**
   * Keeps what there is and will be of these images too, until `release`: a query gathers in several parts and then reads
   * all of them, and must not take what was dropped for what nothing is known of.
   */
  hold(imageIds: Iterable<ImageId>): void {
    for (const imageId of imageIds) this.#held.add(imageId)
    this.#findings.hold(this.#held)
  }

  /** The query has read what it held. */
  release(): void {
    this.#held.clear()
    this.#findings.hold([])
  }

  /** @param model digest of the head, or what stands for it before there is one */
  get(model: string, imageId: ImageId): ImageFindings | undefined {
    return this.#model === model ? this.#findings.get(imageId) : undefined
  }

  /** Adds to what is known of the image; what is known already and found again is replaced. */
  add(model: string, imageId: ImageId, findings: ImageFindings): void {
    if (this.#model !== model) this.clear()
    this.#model = model
    const known = this.#findings.peek(imageId)
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

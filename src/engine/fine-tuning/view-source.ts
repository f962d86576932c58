import type { ImageId } from '../../core/dataset/types'
import type { TrainingDepth } from '../../core/detection/types'
import type { View } from '../../core/detection/view'
import { decodeAhead, Letterboxer } from '../backbone/letterboxed-image'
import type { EmbedImage } from '../backbone/protocol'
import type { NetworkInput, TrainableNetwork, TrunkMap } from './trainable-network'

/** A view of an image, and which of the image's views it is. */
export interface NumberedView {
  readonly imageId: ImageId
  readonly number: number
  readonly view: View
}

/**
 * Turns views of images into what the network begins with. At the depth `decoder` the trunk never changes, so what it
 * made of a view is kept until the budget is spent, and computed again beyond: every view is as likely to come next as
 * any other, so there is no better one to keep.
 */
export class ViewSource {
  readonly #network: TrainableNetwork
  readonly #letterboxer: Letterboxer
  readonly #files: ReadonlyMap<ImageId, EmbedImage>
  readonly #depth: TrainingDepth
  readonly #kept = new Map<string, readonly TrunkMap[]>()
  #bytesLeft: number

  /** @param budgetBytes for what the trunk made of views */
  constructor(
    network: TrainableNetwork,
    size: number,
    files: readonly EmbedImage[],
    depth: TrainingDepth,
    budgetBytes: number,
  ) {
    this.#network = network
    this.#letterboxer = new Letterboxer(size)
    this.#files = new Map(files.map((file) => [file.imageId, file]))
    this.#depth = depth
    this.#bytesLeft = budgetBytes
  }

  /**
   * The views in their order, each decoded while the one before is at work; valid until the next is asked for.
   * @throws Error when an image has no file or cannot be decoded
   */
  async *inputs(views: readonly NumberedView[]): AsyncGenerator<NetworkInput> {
    const missing = views.filter((view) => !this.#kept.has(keyOf(view)))
    const decoded = decodeAhead(missing.map(({ imageId }) => this.#file(imageId)))
    try {
      for (const view of views) {
        const kept = this.#kept.get(keyOf(view))
        if (kept !== undefined) {
          yield { kind: 'trunk', maps: kept }
          continue
        }
        const next = await decoded.next()
        if (next.done === true) throw new Error(`Image ${view.imageId} was not decoded.`)
        const [, result] = next.value
        if ('error' in result) throw result.error
        const { pixels } = this.#letterboxer.place(result.bitmap, view.view)
        if (this.#depth === 'full') yield { kind: 'pixels', pixels }
        else yield { kind: 'trunk', maps: await this.#throughTrunk(view, pixels) }
      }
    } finally {
      await decoded.return(undefined)
    }
  }

  async #throughTrunk(view: NumberedView, pixels: Float32Array): Promise<readonly TrunkMap[]> {
    const maps = await this.#network.trunkMaps(pixels)
    const bytes = maps.reduce((sum, { values }) => sum + values.byteLength, 0)
    if (bytes <= this.#bytesLeft) {
      this.#bytesLeft -= bytes
      this.#kept.set(keyOf(view), maps)
    }
    return maps
  }

  #file(imageId: ImageId): EmbedImage {
    const file = this.#files.get(imageId)
    if (file === undefined) {
      throw new Error(
        `The file of image ${imageId} was not given; training the network needs the files of all examples.`,
      )
    }
    return file
  }
}

function keyOf({ imageId, number }: NumberedView): string {
  return `${number} ${imageId}`
}

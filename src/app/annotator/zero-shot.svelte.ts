import { SvelteMap } from 'svelte/reactivity'
import type { ImageId, ImageRecord } from '../../core/dataset/types'
import {
  zeroShotProposals,
  type StockProposals,
  type ZeroShotProposal,
} from '../../core/detection/zero-shot'
import { isCancellation } from '../state/activity.svelte'
import type { ProjectSession } from '../project-session.svelte'

/** How far the proposals of an image are. */
export type ZeroShotState =
  | { readonly kind: 'none' }
  | { readonly kind: 'looking' }
  | { readonly kind: 'found'; readonly stock: StockProposals }
  | { readonly kind: 'failed'; readonly message: string }

const none: ZeroShotState = { kind: 'none' }

/** Proposals of the stock detector while no round is trained; in memory, for as long as the annotator is open. */
export class ZeroShot {
  /** Score from which proposals are shown, 0..1; the stock detector is unsure of what COCO does not know. */
  threshold = $state(0.1)
  readonly #session: ProjectSession
  readonly #states = new SvelteMap<ImageId, ZeroShotState>()

  constructor(session: ProjectSession) {
    this.#session = session
  }

  /** Whether the image gets any: never on the test split, which measures the model, nor once a round is trained. */
  suits(image: ImageRecord | undefined): image is ImageRecord {
    if (image === undefined || image.split === 'test') return false
    const { detections, notebook } = this.#session
    return !detections.has(image.id) && notebook.rounds.every(({ output }) => output === undefined)
  }

  state(image: ImageRecord | undefined): ZeroShotState {
    return this.suits(image) ? (this.#states.get(image.id) ?? none) : none
  }

  /** As `zeroShotProposals`; empty until the detector has looked. */
  of(image: ImageRecord): readonly (ZeroShotProposal | undefined)[] {
    const state = this.state(image)
    return state.kind === 'found' ? zeroShotProposals(state.stock, this.#session.categories) : []
  }

  /** Has the detector look at an image unless it has; starts the engine if need be. Never rejects. */
  async look(imageId: ImageId, signal: AbortSignal): Promise<void> {
    if (this.#states.get(imageId)?.kind === 'found') return
    const looking: ZeroShotState = { kind: 'looking' }
    this.#states.set(imageId, looking)
    try {
      const blob = await this.#session.imageBlob(imageId)
      if (blob === undefined) throw new Error('its file is no longer stored.')
      signal.throwIfAborted()
      const image = { imageId, blob }
      const stock = await this.#session.engine.call('proposeZeroShot', { image }, { signal })
      this.#states.set(imageId, { kind: 'found', stock })
    } catch (error) {
      if (signal.aborted || isCancellation(error)) {
        // The image may have been opened again meanwhile: that look is not this one's to end.
        if (this.#states.get(imageId) === looking) this.#states.delete(imageId)
        return
      }
      const message = error instanceof Error ? error.message : String(error)
      this.#states.set(imageId, { kind: 'failed', message })
    }
  }
}

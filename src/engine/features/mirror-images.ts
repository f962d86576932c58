import { createLetterbox } from '../../core/geometry/letterbox'
import type { Backbone } from '../backbone/backbone'
import { decodeAhead, Letterboxer } from '../backbone/letterboxed-image'
import type { FeatureStore } from './feature-store'
import { Projector } from './projector'
import type { FeatureMap, MirrorInputs } from './protocol'

/**
 * Embeds images mirrored, left and right swapped and nothing else changed, one after the other; one whose file cannot be
 * decoded is left out.
 * @param store with the features of the images themselves, whose layout the mirrored ones share
 */
export async function* embedMirrored(
  backbone: Backbone,
  store: FeatureStore,
  { images, projection }: MirrorInputs,
): AsyncGenerator<FeatureMap, void, undefined> {
  if (images.length === 0) return
  const projector = new Projector(backbone, projection)
  const letterboxer = new Letterboxer(projection.inputSize)
  try {
    for await (const [{ imageId }, decoded] of decodeAhead(images)) {
      if (!('bitmap' in decoded)) continue
      const { width, height } = decoded.bitmap
      const letterbox = createLetterbox(width, height, letterboxer.size)
      const pixels = letterboxer.place(decoded.bitmap, { mirrored: true, letterbox })
      yield { ...store.get(imageId), codes: await projector.encode(pixels), views: [] }
    }
  } finally {
    projector.dispose()
  }
}

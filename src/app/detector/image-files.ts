import type { ImageId } from '../../core/dataset/types'
import type { EmbedImage } from '../../engine/backbone/protocol'
import type { Session } from '../state/session'

/** The files of these images; those that are no longer stored are missing. */
export async function readImages(
  session: Session,
  imageIds: readonly ImageId[],
): Promise<EmbedImage[]> {
  const images = await Promise.all(
    imageIds.map(async (imageId) => ({
      imageId,
      sha256: session.image(imageId)?.sha256,
      blob: await session.imageBlob(imageId),
    })),
  )
  return images.flatMap(({ imageId, sha256, blob }) =>
    blob === undefined ? [] : [{ imageId, blob, ...(sha256 !== undefined && { sha256 }) }],
  )
}

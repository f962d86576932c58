import type { ImageId, ImageRecord, Project } from '../../core/dataset/types'
import type { IngestedImage } from '../../media/protocol'
import type { NewImage } from '../../storage/database/types'
import type { Services } from '../state/services'

/** What storage keeps of an image file that was read and found whole; its labels are added by the caller. */
export function newImage(
  services: Services,
  project: Project,
  id: ImageId,
  ingested: IngestedImage,
  blob: Blob,
  placing: Pick<ImageRecord, 'name' | 'split' | 'order'>,
): Pick<NewImage, 'record' | 'blob' | 'thumbnail'> {
  const { sha256, mimeType, width, height, thumbnail } = ingested
  return {
    record: {
      ...placing,
      id,
      projectId: project.id,
      sha256,
      mimeType,
      width,
      height,
      byteSize: blob.size,
      importedAt: services.now(),
    },
    blob,
    thumbnail,
  }
}

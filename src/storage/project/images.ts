/** Images: the record, the file's bytes and the thumbnail, in stores of their own so that lists stay light. */
import type { ImageId, ImageRecord, ProjectId } from '../../core/dataset/types'
import type { Connection } from '../database/database'
import { DuplicateImageError, NotFoundError } from '../database/errors'
import { read, requestAll, type WriteTransaction } from '../database/transaction'
import type { NewImage } from '../database/types'
import { writeUserData } from './user-data'

/** Stores everything of one imported image, or nothing. @throws DuplicateImageError, NotFoundError, QuotaError */
export function putImage(connection: Connection, image: NewImage): Promise<void> {
  const { record, blob, thumbnail, annotations, label, oracle } = image
  const { id: imageId, projectId } = record
  const write = {
    action: `store image "${record.name}"`,
    stores: ['images', 'blobs', 'thumbnails', 'annotations', 'labels', 'oracle'],
    projectIds: [projectId],
  } as const
  return writeUserData(connection, write, async (tx) => {
    await requireNewHash(tx, record)
    await tx.objectStore('images').add(record)
    await tx.objectStore('blobs').add({ imageId, projectId, blob })
    await tx.objectStore('thumbnails').add({ imageId, projectId, blob: thumbnail })
    const annotationStore = tx.objectStore('annotations')
    await requestAll(annotations, (annotation) => annotationStore.add(annotation))
    if (label !== undefined) await tx.objectStore('labels').add(label)
    if (oracle !== undefined) await tx.objectStore('oracle').add(oracle)
  })
}

/** Replaces records of images that are already stored. @throws NotFoundError, DuplicateImageError */
export function putImageRecords(
  connection: Connection,
  records: readonly ImageRecord[],
): Promise<void> {
  const action = 'save the image records'
  const projectIds = records.map((record) => record.projectId)
  return writeUserData(connection, { action, stores: ['images'], projectIds }, async (tx) => {
    const images = tx.objectStore('images')
    await requestAll(records, async (record) => {
      if ((await images.getKey(record.id)) === undefined) {
        throw new NotFoundError(action, `image "${record.name}"`)
      }
      await requireNewHash(tx, record)
      await images.put(record)
    })
  })
}

/** In import order. */
export async function listImages(
  connection: Connection,
  projectId: ProjectId,
): Promise<ImageRecord[]> {
  const images = await read(connection, 'list the images', (db) =>
    db.getAllFromIndex('images', 'by-project', projectId),
  )
  return images.sort((a, b) => a.order - b.order)
}

/** SHA-256 of every image of the project, lower-case hex. */
export async function listHashes(
  connection: Connection,
  projectId: ProjectId,
): Promise<Set<string>> {
  const images = await read(connection, 'list the images', (db) =>
    db.getAllFromIndex('images', 'by-project', projectId),
  )
  return new Set(images.map((image) => image.sha256))
}

/** The imported file's bytes. */
export async function getImageBlob(
  connection: Connection,
  imageId: ImageId,
): Promise<Blob | undefined> {
  return (await read(connection, 'read the image', (db) => db.get('blobs', imageId)))?.blob
}

/** WebP or JPEG, longest side at most 256 px. */
export async function getThumbnail(
  connection: Connection,
  imageId: ImageId,
): Promise<Blob | undefined> {
  return (await read(connection, 'read the thumbnail', (db) => db.get('thumbnails', imageId)))?.blob
}

/** The unique index would refuse it too, but without saying which of its rules was broken. */
async function requireNewHash(tx: WriteTransaction, record: ImageRecord): Promise<void> {
  const byHash = tx.objectStore('images').index('by-hash')
  const holder = await byHash.getKey([record.projectId, record.sha256])
  if (holder !== undefined && holder !== record.id) {
    throw new DuplicateImageError(record.name, record.sha256)
  }
}

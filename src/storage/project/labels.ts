/** Ground truth: annotations, the labelling state of images, and the oracle. */
import type {
  Annotation,
  ImageId,
  ImageLabel,
  OracleRecord,
  ProjectId,
} from '../../core/dataset/types'
import type { Connection } from '../database/database'
import { read, requestAll } from '../database/transaction'
import type { LabelChange } from '../database/types'
import { writeUserData } from './user-data'

/** All boxes of the project, by id: for ids that sort by time, in the order they were made. */
export function listAnnotations(
  connection: Connection,
  projectId: ProjectId,
): Promise<Annotation[]> {
  return read(connection, 'read the annotations', (db) =>
    db.getAllFromIndex('annotations', 'by-project', projectId),
  )
}

/** The label state of every image somebody has begun to label. */
export function listLabels(connection: Connection, projectId: ProjectId): Promise<ImageLabel[]> {
  return read(connection, 'read the labels', (db) =>
    db.getAllFromIndex('labels', 'by-project', projectId),
  )
}

/**
 * Applies the changes in order, all or none; resolves once they are flushed to disk. A full disk first costs the
 * caches, so labels are refused only when there is nothing left to give up.
 *
 * @throws NotFoundError, QuotaError, StorageClosedError
 */
export function commitLabels(
  connection: Connection,
  changes: readonly LabelChange[],
): Promise<void> {
  const projectIds = changes.map((change) => change.label.projectId)
  const write = {
    action: 'save the labels',
    stores: ['annotations', 'labels'],
    projectIds,
  } as const
  return writeUserData(connection, write, async (tx) => {
    const annotations = tx.objectStore('annotations')
    const labels = tx.objectStore('labels')
    for (const { diff, label } of changes) {
      await requestAll(diff.removed, (annotation) => annotations.delete(annotation.id))
      await requestAll(diff.updated, ({ to }) => annotations.put(to))
      await requestAll(diff.added, (annotation) => annotations.put(annotation))
      await labels.put(label)
    }
  })
}

/** Adds or replaces what the oracle knows of an image. @throws NotFoundError, QuotaError */
export function putOracle(connection: Connection, record: OracleRecord): Promise<void> {
  const write = {
    action: 'save what the oracle knows',
    stores: ['oracle'],
    projectIds: [record.projectId],
  } as const
  return writeUserData(connection, write, async (tx) => {
    await tx.objectStore('oracle').put(record)
  })
}

/** Images of the project that the oracle knows. */
export async function listOracleIds(
  connection: Connection,
  projectId: ProjectId,
): Promise<Set<ImageId>> {
  const ids = await read(connection, 'read what the oracle knows', (db) =>
    db.getAllKeysFromIndex('oracle', 'by-project', projectId),
  )
  return new Set(ids)
}

/** Oracle records of those images that have one, in the order asked for. */
export function getOracle(
  connection: Connection,
  imageIds: readonly ImageId[],
): Promise<OracleRecord[]> {
  return read(connection, 'read the oracle', async (db) => {
    const oracle = db.transaction('oracle').store
    const records = await requestAll(imageIds, (imageId) => oracle.get(imageId))
    return records.filter((record) => record !== undefined)
  })
}

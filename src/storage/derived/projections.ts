/** The projections of backbone features: one record a project. */
import type { ProjectId } from '../../core/dataset/types'
import type { Connection } from '../database/database'
import { read, requireProject, write } from '../database/transaction'
import type { Opaque } from '../database/types'

/** Replaces the project's projections. @throws NotFoundError when the project is gone */
export async function putProjection(
  connection: Connection,
  projectId: ProjectId,
  projection: Opaque,
): Promise<void> {
  const action = 'save the projection'
  await requireProject(connection, action, projectId)
  await write(connection, action, ['projections'], 'relaxed', async (tx) => {
    await tx.objectStore('projections').put({ projectId, projection })
  })
}

/** As they were put; `undefined` when there are none (any more). */
export async function getProjection(
  connection: Connection,
  projectId: ProjectId,
): Promise<Opaque | undefined> {
  const row = await read(connection, 'read the projection', (db) =>
    db.get('projections', projectId),
  )
  return row?.projection
}

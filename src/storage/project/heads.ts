/** Trained heads: user data, kept with the round that made them. */
import type { ProjectId } from '../../core/dataset/types'
import type { CellId } from '../../core/notebook/types'
import type { Connection } from '../database/database'
import { read } from '../database/transaction'
import type { Opaque } from '../database/types'
import { writeUserData } from './user-data'

/** Keeps the head a round trained, instead of any it had. @throws NotFoundError when the project is gone */
export function putHead(
  connection: Connection,
  projectId: ProjectId,
  cellId: CellId,
  head: Opaque,
): Promise<void> {
  const write = {
    action: 'save the trained head',
    stores: ['heads'],
    projectIds: [projectId],
  } as const
  return writeUserData(connection, write, async (tx) => {
    await tx.objectStore('heads').put({ cellId, projectId, head })
  })
}

/** The head as it was put; `undefined` when the round has none. */
export async function getHead(connection: Connection, cellId: CellId): Promise<Opaque | undefined> {
  return (await read(connection, 'read the trained head', (db) => db.get('heads', cellId)))?.head
}

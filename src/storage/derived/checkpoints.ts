/** Where trainings under way stand, so that closing the tab costs seconds and not minutes. */
import type { ProjectId } from '../../core/dataset/types'
import type { CellId } from '../../core/notebook/types'
import type { Connection } from '../database/database'
import { read, requireProject, write } from '../database/transaction'
import type { Opaque } from '../database/types'

/** Keeps the checkpoint of a run, instead of its last one; not flushed. @throws NotFoundError when the project is gone */
export async function putCheckpoint(
  connection: Connection,
  projectId: ProjectId,
  cellId: CellId,
  run: number,
  checkpoint: Opaque,
): Promise<void> {
  const action = 'save the state of the training'
  await requireProject(connection, action, projectId)
  await write(connection, action, ['checkpoints'], 'relaxed', async (tx) => {
    await tx.objectStore('checkpoints').put({ cellId, run, projectId, checkpoint })
  })
}

/** As it was put; `undefined` when the run has none. */
export async function getCheckpoint(
  connection: Connection,
  cellId: CellId,
  run: number,
): Promise<Opaque | undefined> {
  const row = await read(connection, 'read the state of the training', (db) =>
    db.get('checkpoints', [cellId, run]),
  )
  return row?.checkpoint
}

/** Forgets all runs of a cell. */
export function deleteCheckpoints(connection: Connection, cellId: CellId): Promise<void> {
  return write(connection, 'forget the state of the training', ['checkpoints'], 'relaxed', (tx) =>
    tx.objectStore('checkpoints').delete(runsOf(cellId)),
  )
}

/** Key range of the checkpoints of all runs of a cell: an array sorts after every number. */
export function runsOf(cellId: CellId): IDBKeyRange {
  return IDBKeyRange.bound([cellId], [cellId, []])
}

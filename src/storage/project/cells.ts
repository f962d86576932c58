/** The notebook's cells. */
import type { ProjectId } from '../../core/dataset/types'
import type { Cell, CellId } from '../../core/notebook/types'
import type { Connection } from '../database/database'
import { read, requestAll } from '../database/transaction'
import { runsOf } from '../derived/checkpoints'
import { chunksOf } from '../derived/predictions'
import { writeUserData } from './user-data'

/** In document order. */
export async function listCells(connection: Connection, projectId: ProjectId): Promise<Cell[]> {
  const cells = await read(connection, 'read the notebook', (db) =>
    db.getAllFromIndex('cells', 'by-project', projectId),
  )
  return cells.sort((a, b) => a.position - b.position)
}

/** Creates or replaces the cells, all or none. @throws NotFoundError when their project is gone */
export function putCells(connection: Connection, cells: readonly Cell[]): Promise<void> {
  const projectIds = cells.map((cell) => cell.projectId)
  const write = { action: 'save the notebook', stores: ['cells'], projectIds } as const
  return writeUserData(connection, write, async (tx) => {
    const store = tx.objectStore('cells')
    await requestAll(cells, (cell) => store.put(cell))
  })
}

/** Removes the cell with the head, the checkpoints and the predictions it made, in one transaction. */
export function deleteCell(connection: Connection, cellId: CellId): Promise<void> {
  const write = {
    action: 'delete the cell',
    stores: ['cells', 'heads', 'checkpoints', 'predictions'],
    projectIds: [],
  } as const
  return writeUserData(connection, write, async (tx) => {
    await tx.objectStore('cells').delete(cellId)
    await tx.objectStore('heads').delete(cellId)
    await tx.objectStore('checkpoints').delete(runsOf(cellId))
    await tx.objectStore('predictions').delete(chunksOf(cellId))
  })
}

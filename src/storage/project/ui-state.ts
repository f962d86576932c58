/** Where the user was, to return there. */
import type { ProjectId } from '../../core/dataset/types'
import type { Connection } from '../database/database'
import { isDeleted } from './projects'
import { read, requireProject, write } from '../database/transaction'
import type { UiState } from '../database/types'

/** `undefined` before the project was looked at. */
export function getUiState(
  connection: Connection,
  projectId: ProjectId,
): Promise<UiState | undefined> {
  return read(connection, 'read the view state', (db) => db.get('uiState', projectId))
}

/** Not flushed: a power cut may cost the last scroll position. @throws NotFoundError when the project is gone */
export async function putUiState(connection: Connection, state: UiState): Promise<void> {
  const action = 'save the view state'
  await requireProject(connection, action, state.projectId)
  await write(connection, action, ['uiState'], 'relaxed', async (tx) => {
    await tx.objectStore('uiState').put(state)
  })
}

/** The project to reopen; `undefined` while it is in the bin. */
export async function getLastProject(connection: Connection): Promise<ProjectId | undefined> {
  return read(connection, 'read the last project', async (db) => {
    const tx = db.transaction(['meta', 'projects'])
    const last = await tx.objectStore('meta').get('last-project')
    if (last?.kind !== 'last-project') return undefined
    const row = await tx.objectStore('projects').get(last.projectId)
    return row === undefined || isDeleted(row) ? undefined : last.projectId
  })
}

/** Not flushed either; `undefined` when no project is open. */
export function putLastProject(connection: Connection, id: ProjectId | undefined): Promise<void> {
  return write(connection, 'remember the open project', ['meta'], 'relaxed', async (tx) => {
    const meta = tx.objectStore('meta')
    if (id === undefined) await meta.delete('last-project')
    else await meta.put({ kind: 'last-project', projectId: id })
  })
}

/** Projects and the bin: a deleted project stays whole until it is purged. */
import type { Project, ProjectId, Timestamp } from '../../core/dataset/types'
import type { Connection } from '../database/database'
import { NotFoundError } from '../database/errors'
import type { ProjectRow } from '../database/schema'
import { read, write } from '../database/transaction'
import type { ProjectSummary } from '../database/types'
import { writeUserData } from './user-data'

/** All projects including the bin, last changed first. Counts come from indexes; no image or label is read. */
export function listProjects(connection: Connection): Promise<ProjectSummary[]> {
  return read(connection, 'list the projects', async (db) => {
    const tx = db.transaction(['projects', 'images', 'labels'])
    const images = tx.objectStore('images').index('by-project')
    const labels = tx.objectStore('labels').index('by-status')
    const rows = await tx.objectStore('projects').getAll()
    const summaries = await Promise.all(
      rows
        .filter((row) => !row.purging)
        .map(async ({ id, project, deletedAt }) => {
          const [imageCount, labeledCount] = await Promise.all([
            images.count(id),
            labels.count([id, 'done']),
          ])
          return { project, imageCount, labeledCount, deletedAt }
        }),
    )
    return summaries.sort((a, b) => b.project.updatedAt - a.project.updatedAt)
  })
}

/** The project, or `undefined` when there is none or it is in the bin. */
export async function getProject(
  connection: Connection,
  id: ProjectId,
): Promise<Project | undefined> {
  const row = await read(connection, 'open the project', (db) => db.get('projects', id))
  return row === undefined || isDeleted(row) ? undefined : row.project
}

/** Creates or replaces the project; whether it is in the bin does not change. */
export function putProject(connection: Connection, project: Project): Promise<void> {
  const action = `save project "${project.name}"`
  // No project has to exist: this is what creates it.
  return writeUserData(connection, { action, stores: [], projectIds: [] }, async (tx) => {
    const projects = tx.objectStore('projects')
    const row = await projects.get(project.id)
    if (row?.purging === true) throw new NotFoundError(action, `project "${project.id}"`)
    await projects.put({ id: project.id, project, deletedAt: row?.deletedAt, purging: false })
  })
}

/** Moves the project to the bin. @throws NotFoundError */
export function deleteProject(
  connection: Connection,
  id: ProjectId,
  now: Timestamp,
): Promise<void> {
  return setDeletedAt(connection, 'delete the project', id, now)
}

/** Takes the project out of the bin. @throws NotFoundError once it has been purged */
export function restoreProject(connection: Connection, id: ProjectId): Promise<void> {
  return setDeletedAt(connection, 'restore the project', id, undefined)
}

/** True for a project in the bin or being erased. */
export function isDeleted(row: ProjectRow): boolean {
  return row.purging || row.deletedAt !== undefined
}

function setDeletedAt(
  connection: Connection,
  action: string,
  id: ProjectId,
  deletedAt: Timestamp | undefined,
): Promise<void> {
  return write(connection, action, ['projects'], 'strict', async (tx) => {
    const projects = tx.objectStore('projects')
    const row = await projects.get(id)
    if (row === undefined || row.purging) throw new NotFoundError(action, `project "${id}"`)
    await projects.put({ ...row, deletedAt })
  })
}

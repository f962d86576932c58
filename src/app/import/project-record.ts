import type { Project } from '../../core/dataset/types'
import type { Session } from '../state/session'

/** Changes the project's record as it is stored now: it may have been renamed in another tab. */
export async function changeProject(
  session: Session,
  change: Partial<Pick<Project, 'testFraction' | 'hasOracle'>>,
): Promise<void> {
  const { storage, now } = session.services
  const stored = (await storage.getProject(session.project.id)) ?? session.project
  const changed = { ...stored, ...change, updatedAt: now() }
  await storage.putProject(changed)
  session.project = changed
}

import type { Project, ProjectId } from '../../core/dataset/types'
import type { Services } from '../state/services'

/** The record of a fresh demo project; its shelves are drawn by `runDemo`. */
export function demoProject(services: Services): Project {
  const now = services.now()
  return {
    id: services.newId<ProjectId>(),
    name: 'Supermarket shelf',
    createdAt: now,
    updatedAt: now,
    seed: 7,
    testFraction: 0.2,
    kind: 'demo',
    hasOracle: true,
  }
}

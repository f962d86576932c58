/** The classes of a project. */
import type { Category, ProjectId } from '../../core/dataset/types'
import type { Connection } from '../database/database'
import { read, requestAll } from '../database/transaction'
import { writeUserData } from './user-data'

/** In class order. */
export async function listCategories(
  connection: Connection,
  projectId: ProjectId,
): Promise<Category[]> {
  const categories = await read(connection, 'list the classes', (db) =>
    db.getAllFromIndex('categories', 'by-project', projectId),
  )
  return categories.sort((a, b) => a.order - b.order)
}

/** Creates or replaces the categories, all or none. @throws NotFoundError when their project is gone */
export function putCategories(
  connection: Connection,
  categories: readonly Category[],
): Promise<void> {
  const projectIds = categories.map((category) => category.projectId)
  const write = { action: 'save the classes', stores: ['categories'], projectIds } as const
  return writeUserData(connection, write, async (tx) => {
    const store = tx.objectStore('categories')
    await requestAll(categories, (category) => store.put(category))
  })
}

/**
 * Removes the category and its annotations, raises the revision of every label that lost a box (what was computed
 * from it is stale) and closes the gap in the class order, in one transaction.
 */
export function deleteCategory(connection: Connection, category: Category): Promise<void> {
  const write = {
    action: `delete class "${category.name}"`,
    stores: ['categories', 'annotations', 'labels'],
    projectIds: [category.projectId],
  } as const
  return writeUserData(connection, write, async (tx) => {
    const annotations = tx.objectStore('annotations')
    const doomed = await annotations.index('by-category').getAll(category.id)
    await requestAll(doomed, (annotation) => annotations.delete(annotation.id))

    const labels = tx.objectStore('labels')
    await requestAll(new Set(doomed.map((annotation) => annotation.imageId)), async (imageId) => {
      const label = await labels.get(imageId)
      if (label !== undefined) await labels.put({ ...label, revision: label.revision + 1 })
    })

    const categories = tx.objectStore('categories')
    await categories.delete(category.id)
    const rest = await categories.index('by-project').getAll(category.projectId)
    const ordered = rest.sort((a, b) => a.order - b.order)
    await requestAll(ordered.entries(), ([order, other]) => categories.put({ ...other, order }))
  })
}

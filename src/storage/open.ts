/** `MarginStorage` on IndexedDB. */
import * as categories from './project/categories'
import * as cells from './project/cells'
import * as checkpoints from './derived/checkpoints'
import { openDatabase } from './database/database'
import { clearDerived } from './derived/derived'
import { DEFAULT_FEATURE_BUDGET } from './derived/feature-budget'
import * as features from './derived/features'
import * as heads from './project/heads'
import * as images from './project/images'
import * as labels from './project/labels'
import { MIGRATIONS } from './database/migrations'
import * as predictions from './derived/predictions'
import * as projections from './derived/projections'
import * as projects from './project/projects'
import { purgeDeleted } from './purge'
import type { MarginStorage } from './database/types'
import * as uiState from './project/ui-state'

export interface StorageOptions {
  /** Bytes of features kept, all projects together, until a budget is set on this machine; default 2 GB. */
  readonly featureBudgetBytes?: number
  /** Milliseconds other tabs get to close before opening fails; default 5,000. */
  readonly blockedAfterMs?: number
}

/**
 * Opens the storage, creating or upgrading the database. Every method rejects with a `StorageError` (see `errors.ts`).
 * Lists come in their natural order: projects by last change, categories and images by `order`, cells by `position`.
 *
 * @throws StorageBlockedError when another tab holds an older version; NewerDatabaseError; StorageError
 */
export async function openStorage(
  name = 'margin',
  options: StorageOptions = {},
): Promise<MarginStorage> {
  const budget = options.featureBudgetBytes ?? DEFAULT_FEATURE_BUDGET
  const connection = await openDatabase(name, MIGRATIONS, options.blockedAfterMs ?? 5000)
  return {
    listProjects: () => projects.listProjects(connection),
    getProject: (id) => projects.getProject(connection, id),
    putProject: (project) => projects.putProject(connection, project),
    async deleteProject(id, now) {
      await projects.deleteProject(connection, id, now)
      await features.eraseFeatures(connection, id)
    },
    restoreProject: (id) => projects.restoreProject(connection, id),
    purgeDeleted: (before) => purgeDeleted(connection, before),

    listCategories: (projectId) => categories.listCategories(connection, projectId),
    putCategories: (list) => categories.putCategories(connection, list),
    deleteCategory: (category) => categories.deleteCategory(connection, category),

    putImage: (image) => images.putImage(connection, image),
    putImageRecords: (records) => images.putImageRecords(connection, records),
    listImages: (projectId) => images.listImages(connection, projectId),
    listHashes: (projectId) => images.listHashes(connection, projectId),
    getImageBlob: (imageId) => images.getImageBlob(connection, imageId),
    getThumbnail: (imageId) => images.getThumbnail(connection, imageId),

    listAnnotations: (projectId) => labels.listAnnotations(connection, projectId),
    listLabels: (projectId) => labels.listLabels(connection, projectId),
    commitLabels: (changes) => labels.commitLabels(connection, changes),
    putOracle: (record) => labels.putOracle(connection, record),
    getOracle: (imageIds) => labels.getOracle(connection, imageIds),
    listOracleIds: (projectId) => labels.listOracleIds(connection, projectId),

    listCells: (projectId) => cells.listCells(connection, projectId),
    putCells: (list) => cells.putCells(connection, list),
    deleteCell: (cellId) => cells.deleteCell(connection, cellId),

    putHead: (projectId, cellId, head) => heads.putHead(connection, projectId, cellId, head),
    getHead: (cellId) => heads.getHead(connection, cellId),

    putCheckpoint: (projectId, cellId, run, checkpoint) =>
      checkpoints.putCheckpoint(connection, projectId, cellId, run, checkpoint),
    getCheckpoint: (cellId, run) => checkpoints.getCheckpoint(connection, cellId, run),
    deleteCheckpoints: (cellId) => checkpoints.deleteCheckpoints(connection, cellId),

    putPredictions: (projectId, cellId, detections) =>
      predictions.putPredictions(connection, projectId, cellId, detections),
    getPredictions: (cellId) => predictions.getPredictions(connection, cellId),
    putFeatures: (projectId, imageId, value) =>
      features.putFeatures(connection, budget, projectId, imageId, value),
    getFeatures: (imageIds) => features.getFeatures(connection, imageIds),
    listCachedImages: (projectId) => features.listCachedImages(connection, projectId),
    featureUsage: () => features.featureUsage(connection, budget),
    setFeatureBudget: (bytes) => features.setFeatureBudget(connection, bytes),
    clearFeatures: () => features.clearFeatures(connection),
    putProjection: (projectId, value) => projections.putProjection(connection, projectId, value),
    getProjection: (projectId) => projections.getProjection(connection, projectId),
    clearDerived: (projectId) => clearDerived(connection, projectId),

    getUiState: (projectId) => uiState.getUiState(connection, projectId),
    putUiState: (state) => uiState.putUiState(connection, state),
    getLastProject: () => uiState.getLastProject(connection),
    putLastProject: (id) => uiState.putLastProject(connection, id),

    async estimateSpace() {
      const { usage = 0, quota = 0 } = await navigator.storage.estimate()
      return { usedBytes: usage, quotaBytes: quota }
    },
    onVersionChange: (listener) => connection.onVersionChange(listener),
    close: () => connection.close(),
  }
}

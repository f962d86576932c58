/** The storage interface: everything a project keeps on this machine. Implemented on IndexedDB by `open.ts`. */
import type {
  Annotation,
  Category,
  ImageId,
  ImageLabel,
  ImageRecord,
  OracleRecord,
  Project,
  ProjectId,
  Timestamp,
} from '../../core/dataset/types'
import type { ImageDetections } from '../../core/detection/types'
import type { AnnotationDiff } from '../../core/history/types'
import type { Cell, CellId } from '../../core/notebook/types'

/** A project with the figures its card shows. */
export interface ProjectSummary {
  readonly project: Project
  readonly imageCount: number
  readonly labeledCount: number
  /** Set while the project is in the bin, waiting for undo or purge. */
  readonly deletedAt: Timestamp | undefined
}

/** Everything an import keeps of one image; stored in one transaction or not at all. */
export interface NewImage {
  readonly record: ImageRecord
  readonly blob: Blob
  readonly thumbnail: Blob
  readonly annotations: readonly Annotation[]
  readonly label: ImageLabel | undefined
  readonly oracle: OracleRecord | undefined
}

/** One acknowledged labelling step: the boxes and the image's label state change together. */
export interface LabelChange {
  readonly diff: AnnotationDiff
  readonly label: ImageLabel
}

/** Structured-cloneable value the storage keeps without looking inside (feature maps, heads, projections). */
export type Opaque = object

/** What the feature cache takes; derived data, never labels. */
export interface FeatureUsage {
  /** Of all projects together, as their number and the budget are. */
  readonly bytes: number
  readonly images: number
  /** 0 when nothing is to be cached. */
  readonly budgetBytes: number
}

/** Where the user was; restored on reopening. */
export interface UiState {
  readonly projectId: ProjectId
  readonly openImageId: ImageId | undefined
  /** The images the annotator walks through, in order. */
  readonly queue: readonly ImageId[]
  readonly scrollTop: number
}

export interface MarginStorage {
  listProjects(): Promise<ProjectSummary[]>
  getProject(id: ProjectId): Promise<Project | undefined>
  putProject(project: Project): Promise<void>
  /** Moves the project to the bin; `restoreProject` undoes it, but for the features, which are computed again. */
  deleteProject(id: ProjectId, now: Timestamp): Promise<void>
  restoreProject(id: ProjectId): Promise<void>
  /** Erases for good every project put into the bin before `before`, with all that belongs to it. */
  purgeDeleted(before: Timestamp): Promise<void>

  listCategories(projectId: ProjectId): Promise<Category[]>
  putCategories(categories: readonly Category[]): Promise<void>
  /** Removes the category and every annotation of it, in one transaction. */
  deleteCategory(category: Category): Promise<void>

  /** @throws DuplicateImageError when the project already holds these bytes; QuotaError when the disk is full. */
  putImage(image: NewImage): Promise<void>
  putImageRecords(records: readonly ImageRecord[]): Promise<void>
  listImages(projectId: ProjectId): Promise<ImageRecord[]>
  listHashes(projectId: ProjectId): Promise<Set<string>>
  getImageBlob(imageId: ImageId): Promise<Blob | undefined>
  getThumbnail(imageId: ImageId): Promise<Blob | undefined>

  listAnnotations(projectId: ProjectId): Promise<Annotation[]>
  listLabels(projectId: ProjectId): Promise<ImageLabel[]>
  /** Applies the changes in one transaction with strict durability; resolves only once they are on disk. */
  commitLabels(changes: readonly LabelChange[]): Promise<void>
  /** Adds or replaces what the oracle knows of an image. */
  putOracle(record: OracleRecord): Promise<void>
  getOracle(imageIds: readonly ImageId[]): Promise<OracleRecord[]>
  /** Images that the oracle knows. */
  listOracleIds(projectId: ProjectId): Promise<Set<ImageId>>

  listCells(projectId: ProjectId): Promise<Cell[]>
  putCells(cells: readonly Cell[]): Promise<void>
  deleteCell(cellId: CellId): Promise<void>

  /** Trained heads are kept with the round that made them: user data, never evicted. */
  putHead(projectId: ProjectId, cellId: CellId, head: Opaque): Promise<void>
  getHead(cellId: CellId): Promise<Opaque | undefined>

  /** Where a training run of a cell stands; run 0 is the round's own, the others are those of its estimate. */
  putCheckpoint(
    projectId: ProjectId,
    cellId: CellId,
    run: number,
    checkpoint: Opaque,
  ): Promise<void>
  getCheckpoint(cellId: CellId, run: number): Promise<Opaque | undefined>
  /** Forgets all runs of the cell, once its round is finished. */
  deleteCheckpoints(cellId: CellId): Promise<void>

  // Derived data: may be dropped at any time and is recomputed.
  putPredictions(
    projectId: ProjectId,
    cellId: CellId,
    detections: readonly ImageDetections[],
  ): Promise<void>
  getPredictions(cellId: CellId): Promise<ImageDetections[]>
  putFeatures(projectId: ProjectId, imageId: ImageId, features: Opaque): Promise<void>
  getFeatures(imageIds: readonly ImageId[]): Promise<(Opaque | undefined)[]>
  listCachedImages(projectId: ProjectId): Promise<Set<ImageId>>
  featureUsage(): Promise<FeatureUsage>
  /** Kept on this machine; 0 = cache nothing. Evicts at once what no longer fits. */
  setFeatureBudget(bytes: number): Promise<void>
  /** Drops the features of all projects. */
  clearFeatures(): Promise<void>
  putProjection(projectId: ProjectId, projection: Opaque): Promise<void>
  getProjection(projectId: ProjectId): Promise<Opaque | undefined>
  clearDerived(projectId: ProjectId): Promise<void>

  getUiState(projectId: ProjectId): Promise<UiState | undefined>
  putUiState(state: UiState): Promise<void>
  /** Last open project, to reopen on start. */
  getLastProject(): Promise<ProjectId | undefined>
  putLastProject(id: ProjectId | undefined): Promise<void>

  /** Bytes used and available for this site, as the browser estimates. */
  estimateSpace(): Promise<{ readonly usedBytes: number; readonly quotaBytes: number }>
  /** Runs when another tab needs a newer database version; the connection is closed by then. */
  onVersionChange(listener: () => void): void
  close(): void
}

/** Types of the object stores in the newest database version. `migrations.ts` creates what is described here. */
import type { DBSchema, StoreNames } from 'idb'
import type {
  Annotation,
  AnnotationId,
  Category,
  CategoryId,
  ImageId,
  ImageLabel,
  ImageRecord,
  OracleRecord,
  Project,
  ProjectId,
  Timestamp,
} from '../../core/dataset/types'
import type { ImageDetections } from '../../core/detection/types'
import type { Cell, CellId } from '../../core/notebook/types'
import type { Opaque, UiState } from './types'

export interface ProjectRow {
  readonly id: ProjectId
  readonly project: Project
  /** Set while the project is in the bin. */
  readonly deletedAt: Timestamp | undefined
  /** True from the moment erasing began: the rest is already incomplete, so there is no way back. */
  readonly purging: boolean
}

interface BlobRow {
  readonly imageId: ImageId
  readonly projectId: ProjectId
  readonly blob: Blob
}

interface HeadRow {
  readonly cellId: CellId
  readonly projectId: ProjectId
  readonly head: Opaque
}

/** Where one training run of a round stands: run 0 is the round's own, the others are those of its estimate. */
interface CheckpointRow {
  readonly cellId: CellId
  readonly run: number
  readonly projectId: ProjectId
  readonly checkpoint: Opaque
}

/** A run of consecutive images of one prediction; small enough to read or write without blocking the page. */
interface PredictionRow {
  readonly cellId: CellId
  readonly chunk: number
  readonly projectId: ProjectId
  readonly detections: readonly ImageDetections[]
}

interface FeatureRow {
  readonly imageId: ImageId
  readonly features: Opaque
}

/** Book-keeping of one `FeatureRow`, apart from it so that marking a use does not rewrite the features. */
interface FeatureUseRow {
  readonly imageId: ImageId
  readonly projectId: ProjectId
  readonly bytes: number
  /** Larger = used more recently. A counter, not a time. */
  readonly tick: number
}

interface ProjectionRow {
  readonly projectId: ProjectId
  readonly projection: Opaque
}

/** Records that belong to no project. */
export type MetaRow =
  | { readonly kind: 'last-project'; readonly projectId: ProjectId }
  /** `bytes` is the sum over all `FeatureUseRow`s, changed in the same transactions as they are. */
  | { readonly kind: 'feature-totals'; readonly bytes: number; readonly tick: number }
  /** How much features may take on this machine; absent until somebody sets it. */
  | { readonly kind: 'feature-budget'; readonly bytes: number }

// A type and not an interface: only types fit the index signature of `DBSchema`.
type ByProject = { 'by-project': ProjectId }

export interface MarginSchema extends DBSchema {
  projects: { key: ProjectId; value: ProjectRow }
  categories: { key: CategoryId; value: Category; indexes: ByProject }
  images: {
    key: ImageId
    value: ImageRecord
    /** `by-hash` is unique: two tabs cannot both store the same bytes in one project. */
    indexes: ByProject & { 'by-hash': [ProjectId, string] }
  }
  blobs: { key: ImageId; value: BlobRow; indexes: ByProject }
  thumbnails: { key: ImageId; value: BlobRow; indexes: ByProject }
  annotations: {
    key: AnnotationId
    value: Annotation
    indexes: ByProject & { 'by-category': CategoryId }
  }
  labels: {
    key: ImageId
    value: ImageLabel
    indexes: ByProject & { 'by-status': [ProjectId, ImageLabel['status']] }
  }
  oracle: { key: ImageId; value: OracleRecord; indexes: ByProject }
  cells: { key: CellId; value: Cell; indexes: ByProject }
  heads: { key: CellId; value: HeadRow; indexes: ByProject }
  checkpoints: { key: [CellId, number]; value: CheckpointRow; indexes: ByProject }
  predictions: { key: [CellId, number]; value: PredictionRow; indexes: ByProject }
  features: { key: ImageId; value: FeatureRow }
  featureUse: { key: ImageId; value: FeatureUseRow; indexes: ByProject & { 'by-tick': number } }
  projections: { key: ProjectId; value: ProjectionRow }
  uiState: { key: ProjectId; value: UiState }
  meta: { key: MetaRow['kind']; value: MetaRow }
}

export type StoreName = StoreNames<MarginSchema>

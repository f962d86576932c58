/** The records a project is made of. Ids are branded so that one kind cannot be passed for another. */
import type { Box } from '../geometry/box'

export type Brand<T, Name extends string> = T & { readonly __brand: Name }
export type ProjectId = Brand<string, 'ProjectId'>
export type ImageId = Brand<string, 'ImageId'>
export type CategoryId = Brand<string, 'CategoryId'>
export type AnnotationId = Brand<string, 'AnnotationId'>

/** Milliseconds since the Unix epoch. */
export type Timestamp = number

export interface Project {
  readonly id: ProjectId
  readonly name: string
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
  /** Seed of everything drawn at random in the project: split, seed set, training. */
  readonly seed: number
  /** Share of the images held out as the test split, 0..1. */
  readonly testFraction: number
  readonly kind: 'user' | 'demo'
  /** True once somebody (or an import) provided an oracle that can answer queries. */
  readonly hasOracle: boolean
}

export interface Category {
  readonly id: CategoryId
  readonly projectId: ProjectId
  readonly name: string
  /** CSS hex colour, `#rrggbb`. */
  readonly color: string
  /** Keyboard key that selects the category in the annotator: '1'..'9', '0' or '' for none. */
  readonly key: string
  /** Position in lists and in class vectors, 0-based and dense within a project. */
  readonly order: number
}

/** `test` images are frozen: never queried, never trained on. */
export type Split = 'pool' | 'test'

export interface ImageRecord {
  readonly id: ImageId
  readonly projectId: ProjectId
  /** Path inside the import, for people; not unique. */
  readonly name: string
  /** Lower-case hex SHA-256 of the file's bytes; unique within a project. */
  readonly sha256: string
  readonly mimeType: string
  readonly byteSize: number
  /** Pixels after EXIF orientation has been applied. Every box of the image is in this frame. */
  readonly width: number
  readonly height: number
  readonly split: Split
  readonly importedAt: Timestamp
  /** Position in the import, for a stable order in lists. */
  readonly order: number
}

/** A ground-truth box drawn or confirmed by a person (or taken from an import or the oracle). */
export interface Annotation {
  readonly id: AnnotationId
  readonly projectId: ProjectId
  readonly imageId: ImageId
  readonly categoryId: CategoryId
  /** Original-image pixels, top-left origin. */
  readonly box: Box
  readonly origin: 'drawn' | 'proposal' | 'import' | 'oracle'
  /** COCO crowd region: ignored by training and evaluation as COCO does. */
  readonly crowd: boolean
}

/**
 * The labelling state of one image; absent = never opened for labelling.
 * `done` with no annotations is an explicit negative ('nothing here').
 */
export interface ImageLabel {
  readonly imageId: ImageId
  readonly projectId: ProjectId
  readonly status: 'in-progress' | 'done'
  /** Increases by one with every change of the image's annotations or status; feeds staleness. */
  readonly revision: number
  /** Active labelling time in seconds, by the clock and, for oracle answers, assumed. */
  readonly seconds: number
  /** Where those of the newest step come from. */
  readonly secondsSource: 'measured' | 'assumed'
  /**
   * Of `seconds`, those that are assumed; 0 for boxes that an import brought, undefined where nothing came ready-made. Labels
   * of earlier versions have none: the source is that of all their seconds.
   */
  readonly assumedSeconds?: number | undefined
  /**
   * Pointer and key gestures that changed something; for oracle answers assumed, as the seconds are. Undefined for labels
   * that were begun in a version which did not count.
   */
  readonly clicks?: number | undefined
  readonly updatedAt: Timestamp
}

/** Hidden ground truth that answers queries, in demos and experiments. One record an image. */
export interface OracleRecord {
  readonly imageId: ImageId
  readonly projectId: ProjectId
  readonly boxes: readonly {
    readonly categoryId: CategoryId
    readonly box: Box
    readonly crowd: boolean
  }[]
}

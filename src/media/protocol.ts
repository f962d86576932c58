/** What the page and the media worker say to each other. Types only. */
import type { CocoDataset } from '../core/format/coco/types'

/** What is kept of an image file once it has been read and found whole. */
export interface IngestedImage {
  /** Lower-case hex SHA-256 of the file's bytes. */
  readonly sha256: string
  /** By content, not by name. */
  readonly mimeType: 'image/jpeg' | 'image/png' | 'image/webp' | 'image/avif' | 'image/gif'
  /** Pixels after EXIF orientation. */
  readonly width: number
  readonly height: number
  /** EXIF orientation 1..8 (1 = upright); boxes given in the stored frame are turned by it. */
  readonly orientation: number
  /** WebP or JPEG, longest side at most 256 px, upright. */
  readonly thumbnail: Blob
}

export interface MediaMethods {
  /** Reads one file. @throws an Error whose message says what is wrong with it and what to do. */
  ingest: {
    params: { readonly file: Blob; readonly name: string }
    result: IngestedImage
    event: never
  }
  /** SHA-256 alone, to find duplicates without decoding. */
  hash: { params: { readonly file: Blob }; result: string; event: never }
  /** Lists a zip's files, sizes in bytes unpacked. The zip stays open in the worker under `zipId` until `closeZip`. */
  openZip: {
    params: { readonly file: Blob }
    result: {
      readonly zipId: number
      readonly entries: readonly { readonly path: string; readonly size: number }[]
      /** Files left out, each with a sentence that follows its path. */
      readonly skipped: readonly { readonly path: string; readonly message: string }[]
    }
    event: never
  }
  /** Unpacks one file of an open zip. @throws an Error when it is broken or the zip was closed. */
  readZipEntry: {
    params: { readonly zipId: number; readonly path: string }
    result: Blob
    event: never
  }
  /** Reads a COCO instances file away from the page. @throws FormatError when it is not one. */
  readCoco: {
    params: { readonly file: Blob; readonly path: string }
    result: CocoDataset
    event: never
  }
  /** Forgets an open zip; harmless when there is none of this id. */
  closeZip: { params: { readonly zipId: number }; result: undefined; event: never }
}

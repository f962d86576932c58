import type { IngestedImage } from '../protocol'

/** What a file says about itself before any pixel is decoded. */
export interface ImageHeader {
  readonly mimeType: IngestedImage['mimeType']
  /** Pixels as stored, before EXIF orientation. */
  readonly width: number
  readonly height: number
  /** EXIF orientation 1..8 (1 = upright, or none given). */
  readonly orientation: number
}

/** An image file that cannot be used. The message continues 'name.jpg ...': what is wrong and what to do. */
export class ImageRefusedError extends Error {
  override name = 'ImageRefusedError'
}

/** The file ends before the image does. */
export function truncated(format: string): ImageRefusedError {
  return new ImageRefusedError(
    `is a truncated ${format}: the file ends before the image does. Copy it again from its source, or leave it out.`,
  )
}

/** The file starts like `format` but its structure makes no sense. */
export function damaged(format: string, detail: string): ImageRefusedError {
  return new ImageRefusedError(
    `is a damaged ${format}: ${detail}. Open and save it in an image editor, or leave it out.`,
  )
}

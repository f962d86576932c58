import type { Box } from '../../geometry/box'
import type { FormatProblem } from '../problem'

export interface CocoCategory {
  /** As written in the file. */
  readonly id: string | number
  /** Plain text; never to be used as markup. */
  readonly name: string
}

export interface CocoBox {
  /** Index into the dataset's `categories`. */
  readonly category: number
  /** Pixels of the frame the file describes, top-left origin; clipped to the image where its size is given. */
  readonly box: Box
  readonly crowd: boolean
  /** Square pixels, where the file gives an area other than the box's own (a segment's). */
  readonly area?: number
}

export interface CocoImage {
  /** As written in the file, with forward slashes; unique in the dataset. */
  readonly fileName: string
  /** Pixels; undefined when the file gives no usable size. */
  readonly width: number | undefined
  readonly height: number | undefined
  readonly boxes: readonly CocoBox[]
  /**
   * Objects that the file names on this image but that have no usable box or category. Where it is not 0, `boxes` is
   * incomplete and the image must not count as labelled.
   */
  readonly leftOut: number
}

export interface CocoDataset {
  readonly categories: readonly CocoCategory[]
  readonly images: readonly CocoImage[]
  readonly problems: readonly FormatProblem[]
}

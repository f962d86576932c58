/** Axis-aligned rectangle, COCO convention: top-left corner plus size, in pixels of the frame it is named for. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

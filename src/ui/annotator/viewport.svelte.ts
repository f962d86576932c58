import type { Point, Size } from '../../app/annotator/geometry'
import type { Box } from '../../core/geometry/box'
import {
  clientToStage,
  fitView,
  panBy,
  revealRectangle,
  stageToImage,
  type ViewTransform,
  zoomAround,
} from './view-transform'

/** What part of the image the stage shows. Follows the stage's size while the whole image is fitted. */
export class Viewport {
  /** Size of the drawing area in CSS pixels. */
  stage = $state.raw<Size>({ width: 1, height: 1 })
  image = $state.raw<Size>({ width: 1, height: 1 })
  /** Undefined = the whole image, fitted. */
  #chosen = $state.raw<ViewTransform | undefined>(undefined)
  #element: Element | undefined

  readonly fitted = $derived(this.#chosen === undefined)
  readonly view = $derived(this.#chosen ?? fitView(this.image, this.stage))

  /** The element whose top-left corner is the stage's origin. */
  attach(element: Element): void {
    this.#element = element
  }

  /** Shows another image, whole. */
  show(image: Size): void {
    this.image = image
    this.#chosen = undefined
  }

  fit(): void {
    this.#chosen = undefined
  }

  /** One image pixel on one CSS pixel, around `anchor` (stage; the middle if left out). */
  actualSize(anchor?: Point): void {
    this.#chosen = zoomAround(this.view, anchor ?? this.centre, 1, this.image, this.stage)
  }

  zoomBy(factor: number, anchor?: Point): void {
    this.#chosen = zoomAround(
      this.view,
      anchor ?? this.centre,
      this.view.scale * factor,
      this.image,
      this.stage,
    )
  }

  panBy(dx: number, dy: number): void {
    this.#chosen = panBy(this.view, dx, dy, this.image, this.stage)
  }

  /** Brings a box into sight. */
  reveal(box: Box): void {
    const next = revealRectangle(this.view, box, this.image, this.stage)
    if (next !== this.view) this.#chosen = next
  }

  /** The middle of the stage. */
  get centre(): Point {
    return { x: this.stage.width / 2, y: this.stage.height / 2 }
  }

  /** The image point in the middle of the stage. */
  get imageCentre(): Point {
    return stageToImage(this.view, this.centre)
  }

  /** The pointer in the stage's frame. */
  stagePoint(event: { readonly clientX: number; readonly clientY: number }): Point {
    return this.#element === undefined
      ? { x: event.clientX, y: event.clientY }
      : clientToStage(event, this.#element)
  }

  toImage(stagePoint: Point): Point {
    return stageToImage(this.view, stagePoint)
  }

  /** Image pixels that span so many stage pixels. */
  inImage(stagePixels: number): number {
    return stagePixels / this.view.scale
  }
}

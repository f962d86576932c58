import { visibleShelf } from './camera'
import { blurOffsets, expose, type CanvasFrame } from './render-exposure'
import { paintBoard, paintBoardShade, paintRail, paintWall } from './render-fixture'
import { paintItem, paintItemShadow } from './render-item'
import { paintOccluder } from './render-occluder'
import { light, type Context } from './render-paint'
import type { ShelfScene } from './scene-types'

/**
 * The shelf is painted a little finer than the image, so that the perspective pass does not soften
 * it.
 */
const oversampling = 1.15
/**
 * Border around the visible part, in centimetres: bilinear samples and blur reach over the edge.
 */
const border = 2

function createContext(width: number, height: number): Context {
  // Read-back contexts are painted by the CPU, which gives the same pixels on every run.
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })
  if (context === null) {
    throw new Error(
      `renderShelf: no 2D context for a ${width} x ${height} canvas; close other tabs and try again.`,
    )
  }
  return context
}

function paintScene(ctx: Context, scene: ShelfScene, frame: CanvasFrame): void {
  const { fixture, boards, items, occluders, lighting } = scene
  const view = {
    left: frame.left,
    top: frame.top,
    right: frame.left + ctx.canvas.width / frame.pixelsPerCm,
    bottom: frame.top + ctx.canvas.height / frame.pixelsPerCm,
  }
  ctx.setTransform(
    frame.pixelsPerCm,
    0,
    0,
    frame.pixelsPerCm,
    -frame.left * frame.pixelsPerCm,
    -frame.top * frame.pixelsPerCm,
  )
  paintWall(ctx, fixture, view)
  for (const board of boards) paintBoard(ctx, board, fixture, view)
  for (const board of boards) paintRail(ctx, board, fixture, view)
  for (const item of items) {
    paintItemShadow(ctx, item)
    paintItem(ctx, item)
  }
  for (const board of boards) paintBoardShade(ctx, board, view)
  for (const { x, y, radius, strength } of lighting.glare) {
    const gradient = ctx.createRadialGradient(x, y, 0, x, y, radius)
    gradient.addColorStop(0, light(strength))
    gradient.addColorStop(0.35, light(strength * 0.45))
    gradient.addColorStop(1, light(0))
    ctx.fillStyle = gradient
    ctx.fillRect(x - radius, y - radius, radius * 2, radius * 2)
  }
  for (const occluder of occluders) paintOccluder(ctx, occluder)
}

/** Running mean of shifted copies; the n-th copy enters with weight 1/n. */
function blur(ctx: Context, scene: ShelfScene): Context {
  const offsets = blurOffsets(scene.capture)
  if (offsets.length === 1) return ctx
  const blurred = createContext(ctx.canvas.width, ctx.canvas.height)
  offsets.forEach(({ x, y }, index) => {
    blurred.globalAlpha = 1 / (index + 1)
    blurred.drawImage(ctx.canvas, x * oversampling, y * oversampling)
  })
  return blurred
}

/** Pixels of a scene before compression: 8-bit RGBA, the scene's width x height. */
export function paintShelf(scene: ShelfScene): ImageData {
  const visible = visibleShelf(scene.camera, scene.width, scene.height)
  const pixelsPerCm = scene.camera.pixelsPerCm * oversampling
  const frame = { left: visible.left - border, top: visible.top - border, pixelsPerCm }
  const width = Math.ceil((visible.right - visible.left + 2 * border) * pixelsPerCm)
  const height = Math.ceil((visible.bottom - visible.top + 2 * border) * pixelsPerCm)
  const ctx = createContext(width, height)
  paintScene(ctx, scene, frame)
  return expose(scene, blur(ctx, scene).getImageData(0, 0, width, height), frame)
}

/**
 * A scene as a JPEG file of its width x height pixels. Equal scenes give equal pixels on the same
 * browser.
 *
 * @throws Error when the browser provides no 2D context for an OffscreenCanvas.
 */
export async function renderShelf(scene: ShelfScene): Promise<Blob> {
  const ctx = createContext(scene.width, scene.height)
  ctx.putImageData(paintShelf(scene), 0, 0)
  return ctx.canvas.convertToBlob({ type: 'image/jpeg', quality: scene.capture.quality })
}

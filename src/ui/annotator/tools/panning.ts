import type { Tool, ToolContext, ToolPointer } from './tool'

/** Drags the image itself: with space held, or with the middle button. */
export function panning(context: ToolContext, origin: ToolPointer): Tool {
  let last = origin.stage
  return {
    name: 'panning',
    cursor: 'grabbing',
    onPointerMove({ stage }) {
      context.viewport.panBy(stage.x - last.x, stage.y - last.y)
      last = stage
    },
    onPointerUp() {
      context.rest()
    },
    onCancel() {
      context.rest()
    },
  }
}

import { type Handle, resizeBox } from '../../../app/annotator/geometry'
import type { Annotation } from '../../../core/dataset/types'
import { handleCursor } from './hit-test'
import type { Tool, ToolContext, ToolPointer } from './tool'

/** Drags one of the eight handles; over the opposite edge the box turns over. */
export function resizing(
  context: ToolContext,
  origin: ToolPointer,
  annotation: Annotation,
  handle: Handle,
): Tool {
  const { state } = context
  const resized = (pointer: ToolPointer) =>
    resizeBox(
      annotation.box,
      handle,
      pointer.image.x - origin.image.x,
      pointer.image.y - origin.image.y,
      state.size,
    )
  return {
    name: 'resizing',
    cursor: handleCursor(handle),
    onPointerMove(pointer) {
      state.draft = { id: annotation.id, box: resized(pointer) }
    },
    onPointerUp(pointer) {
      context.rest()
      void state.changeBox(annotation.id, resized(pointer), 'resize box')
    },
    onCancel() {
      context.rest()
    },
  }
}

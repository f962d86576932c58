import { translateBox } from '../../../app/annotator/geometry'
import type { Annotation } from '../../../core/dataset/types'
import type { Tool, ToolContext, ToolPointer } from './tool'

/** Moves a box with the pointer. */
export function translating(
  context: ToolContext,
  origin: ToolPointer,
  annotation: Annotation,
): Tool {
  const { state } = context
  const moved = (pointer: ToolPointer) =>
    translateBox(
      annotation.box,
      pointer.image.x - origin.image.x,
      pointer.image.y - origin.image.y,
      state.size,
    )
  state.select({ kind: 'annotation', id: annotation.id })
  return {
    name: 'translating',
    cursor: 'move',
    onPointerMove(pointer) {
      state.draft = { id: annotation.id, box: moved(pointer) }
    },
    onPointerUp(pointer) {
      context.rest()
      void state.changeBox(annotation.id, moved(pointer), 'move box')
    },
    onCancel() {
      context.rest()
    },
  }
}

import { boxFromCorners } from '../../../app/annotator/geometry'
import type { Tool, ToolContext, ToolPointer } from './tool'

/** Spans a new box from where the pointer went down to where it is, in any direction. */
export function drawing(context: ToolContext, origin: ToolPointer): Tool {
  const { state } = context
  const span = (pointer: ToolPointer) => boxFromCorners(origin.image, pointer.image, state.size)
  const selectedBefore = state.selection
  state.select(undefined)
  return {
    name: 'drawing',
    cursor: 'crosshair',
    onPointerMove(pointer) {
      state.draft = { id: undefined, box: span(pointer) }
    },
    onPointerUp(pointer) {
      context.rest()
      void state.addBox(span(pointer))
    },
    onCancel() {
      context.rest()
      state.select(selectedBefore)
    },
  }
}

import { drawing } from './drawing'
import { draggableAt, targetAt } from './hit-test'
import { distance, reach, slop, type Tool, type ToolContext, type ToolPointer } from './tool'
import { translating } from './translating'

/** Pressed but not moved: a release selects, a move begins to draw or to move a box. Shift always draws. */
export function pointing(context: ToolContext, origin: ToolPointer): Tool {
  const { state, viewport } = context
  const margin = viewport.inImage(reach(origin.kind))
  const dragged = origin.shiftKey ? undefined : draggableAt(state, origin.image, margin)
  return {
    name: 'pointing',
    cursor: dragged === undefined ? 'crosshair' : 'move',
    onPointerMove(pointer) {
      if (distance(pointer.stage, origin.stage) < slop(origin.kind)) return
      const next =
        dragged === undefined ? drawing(context, origin) : translating(context, origin, dragged)
      context.enter(next)
      next.onPointerMove?.(pointer)
    },
    onPointerUp() {
      context.rest()
      state.select(targetAt(state, origin.image, margin))
    },
  }
}

import { draggableAt, handleAt, handleCursor, targetAt } from './hit-test'
import { panning } from './panning'
import { pointing } from './pointing'
import { resizing } from './resizing'
import { reach, type Tool, type ToolContext, type ToolPointer } from './tool'

/** Waits: shows what is under the pointer, and decides what a press begins. */
export function idle(context: ToolContext): Tool {
  const { state, viewport } = context
  let cursor = $state('crosshair')

  const grip = (pointer: ToolPointer) => {
    const selected = state.selectedAnnotation
    if (selected === undefined || state.boxesHidden) return undefined
    const handle = handleAt(selected.box, pointer.image, viewport.inImage(reach(pointer.kind)))
    return handle === undefined ? undefined : { annotation: selected, handle }
  }

  const look = (pointer: ToolPointer): void => {
    const margin = viewport.inImage(reach(pointer.kind))
    state.hover = targetAt(state, pointer.image, margin)
    const held = grip(pointer)
    if (pointer.panning) cursor = 'grab'
    else if (pointer.shiftKey) cursor = 'crosshair'
    else if (held !== undefined) cursor = handleCursor(held.handle)
    else if (draggableAt(state, pointer.image, margin) !== undefined) cursor = 'move'
    else cursor = 'crosshair'
  }

  return {
    name: 'idle',
    get cursor() {
      return cursor
    },
    onPointerMove: look,
    onPointerDown(pointer) {
      if (pointer.panning || pointer.button === 1) {
        context.enter(panning(context, pointer))
        return
      }
      if (pointer.button !== 0) return
      const held = pointer.shiftKey ? undefined : grip(pointer)
      context.enter(
        held === undefined
          ? pointing(context, pointer)
          : resizing(context, pointer, held.annotation, held.handle),
      )
    },
  }
}

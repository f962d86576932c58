import {
  type Handle,
  handlePoint,
  handles,
  isOnOutline,
  type Point,
  smallestAt,
} from '../../../app/annotator/geometry'
import type { AnnotatorState } from '../../../app/annotator/annotator.svelte'
import type { Target } from '../../../app/annotator/target'
import type { Annotation } from '../../../core/dataset/types'
import type { Box } from '../../../core/geometry/box'

/** The handle of a box nearest to the point, within `margin` image pixels; on a tiny box corners win over sides. */
export function handleAt(box: Box, point: Point, margin: number): Handle | undefined {
  let best: Handle | undefined
  let bestDistance = margin
  for (const handle of handles) {
    const at = handlePoint(box, handle)
    const away = Math.max(Math.abs(at.x - point.x), Math.abs(at.y - point.y))
    if (away < bestDistance || (away === bestDistance && handle.length === 2)) {
      best = handle
      bestDistance = away
    }
  }
  return best
}

/** The smallest box or proposal around the point; boxes win over proposals of the same extent. */
export function targetAt(state: AnnotatorState, point: Point, margin: number): Target | undefined {
  if (state.boxesHidden) return undefined
  const inside =
    smallestAt([...state.proposals, ...state.annotations], point) ??
    smallestAt([...state.proposals, ...state.annotations], point, margin)
  if (inside === undefined) return undefined
  return 'id' in inside
    ? { kind: 'annotation', id: inside.id }
    : { kind: 'proposal', index: inside.index }
}

/** The box a drag would move: the selected one by its area, any other by its outline only, so that one can draw inside it. */
export function draggableAt(
  state: AnnotatorState,
  point: Point,
  margin: number,
): Annotation | undefined {
  if (state.boxesHidden) return undefined
  const selected = state.selectedAnnotation
  if (selected !== undefined && smallestAt([selected], point, margin) !== undefined) return selected
  return smallestAt(
    state.annotations.filter(({ box }) => isOnOutline(box, point, margin)),
    point,
    margin,
  )
}

const cursors: Readonly<Record<Handle, string>> = {
  nw: 'nwse-resize',
  se: 'nwse-resize',
  ne: 'nesw-resize',
  sw: 'nesw-resize',
  n: 'ns-resize',
  s: 'ns-resize',
  e: 'ew-resize',
  w: 'ew-resize',
}

export function handleCursor(handle: Handle): string {
  return cursors[handle]
}

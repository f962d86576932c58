import type { Point } from '../../../app/annotator/geometry'
import { distance, type Tool, type ToolContext, type ToolPointer } from './tool'

/** Two fingers: their middle pans, their distance zooms. Ends when either is lifted. */
export function pinching(context: ToolContext, first: ToolPointer, second: ToolPointer): Tool {
  const fingers = new Map([first, second].map(({ id, stage }) => [id, stage]))
  const spread = (): { middle: Point; length: number } => {
    const [a, b] = [...fingers.values()]
    if (a === undefined || b === undefined) return { middle: first.stage, length: 1 }
    return {
      middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
      length: Math.max(1, distance(a, b)),
    }
  }
  return {
    name: 'pinching',
    cursor: 'grabbing',
    onPointerMove({ id, stage }) {
      if (!fingers.has(id)) return
      const before = spread()
      fingers.set(id, stage)
      const after = spread()
      context.viewport.panBy(after.middle.x - before.middle.x, after.middle.y - before.middle.y)
      context.viewport.zoomBy(after.length / before.length, after.middle)
    },
    onPointerUp({ id }) {
      if (fingers.has(id)) context.rest()
    },
    onCancel() {
      context.rest()
    },
  }
}

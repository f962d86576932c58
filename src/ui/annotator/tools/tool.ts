/**
 * The annotator's interaction states, one file each: idle waits, pointing has a button down that has not moved yet,
 * drawing, translating, resizing and panning are the gestures. Each gesture ends in one undo step.
 */
import type { Point } from '../../../app/annotator/geometry'
import type { AnnotatorState } from '../../../app/annotator/annotator.svelte'
import type { Viewport } from '../viewport.svelte'

/** A pointer event in the annotator's frames. */
export interface ToolPointer {
  readonly id: number
  readonly kind: 'mouse' | 'pen' | 'touch'
  /** Stage pixels. */
  readonly stage: Point
  /** Image pixels; may lie outside the image. */
  readonly image: Point
  readonly button: number
  readonly shiftKey: boolean
  /** Space is held: the drag pans. */
  readonly panning: boolean
}

export interface ToolContext {
  readonly state: AnnotatorState
  readonly viewport: Viewport
  /** Leaves the present interaction state for another. */
  enter(tool: Tool): void
  /** Ends the gesture. */
  rest(): void
}

/** One interaction state. Events it does not handle are ignored. */
export interface Tool {
  readonly name:
    'idle' | 'pointing' | 'drawing' | 'translating' | 'resizing' | 'panning' | 'pinching'
  /** CSS cursor over the stage. */
  readonly cursor: string
  onPointerDown?(pointer: ToolPointer): void
  onPointerMove?(pointer: ToolPointer): void
  onPointerUp?(pointer: ToolPointer): void
  /** Escape, a lost pointer or a second finger: leaves everything as it was before the gesture. */
  onCancel?(): void
}

/** Stage pixels the pointer may tremble before a press becomes a drag. */
export function slop(kind: ToolPointer['kind']): number {
  return kind === 'mouse' ? 3 : 8
}

/** Stage pixels around a handle or outline that still hit it. */
export function reach(kind: ToolPointer['kind']): number {
  return kind === 'mouse' ? 7 : 18
}

export function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y)
}

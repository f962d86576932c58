import type { AnnotatorState } from '../../../app/annotator/annotator.svelte'
import type { Viewport } from '../viewport.svelte'
import { idle } from './idle.svelte'
import { pinching } from './pinching'
import type { Tool, ToolContext, ToolPointer } from './tool'

/** Holds the present interaction state and feeds it pointer events. */
export class Toolbox {
  /** Space is held. */
  spaceHeld = $state(false)
  readonly #state: AnnotatorState
  readonly #viewport: Viewport
  readonly #idle: Tool
  readonly #context: ToolContext
  #tool = $state.raw() as Tool
  /** Fingers on the stage. */
  readonly #touches = new Map<number, ToolPointer>()
  /** The pointer that leads the gesture; others are ignored, but for a second finger. */
  #leader: number | undefined

  constructor(state: AnnotatorState, viewport: Viewport) {
    this.#state = state
    this.#viewport = viewport
    this.#context = {
      state,
      viewport,
      enter: (tool) => {
        this.#tool = tool
      },
      rest: () => {
        state.draft = undefined
        this.#leader = undefined
        this.#tool = this.#idle
      },
    }
    this.#idle = idle(this.#context)
    this.#tool = this.#idle
  }

  get name(): Tool['name'] {
    return this.#tool.name
  }

  get busy(): boolean {
    return this.#tool !== this.#idle
  }

  get cursor(): string {
    return this.spaceHeld && !this.busy ? 'grab' : this.#tool.cursor
  }

  pointerDown(event: PointerEvent): void {
    const pointer = this.#pointer(event)
    if (pointer.kind === 'touch') {
      this.#touches.set(pointer.id, pointer)
      const [first, second] = [...this.#touches.values()]
      if (first !== undefined && second !== undefined && this.#tool.name !== 'pinching') {
        this.cancel()
        this.#context.enter(pinching(this.#context, first, second))
        return
      }
    }
    if (this.#leader !== undefined || this.#tool.name === 'pinching') return
    this.#leader = pointer.id
    this.#tool.onPointerDown?.(pointer)
    if (!this.busy) this.#leader = undefined
  }

  pointerMove(event: PointerEvent): void {
    const pointer = this.#pointer(event)
    if (this.#touches.has(pointer.id)) this.#touches.set(pointer.id, pointer)
    if (this.#listensTo(pointer.id)) this.#tool.onPointerMove?.(pointer)
  }

  pointerUp(event: PointerEvent): void {
    const pointer = this.#pointer(event)
    this.#touches.delete(pointer.id)
    if (this.#listensTo(pointer.id)) this.#tool.onPointerUp?.(pointer)
  }

  pointerCancel(event: PointerEvent): void {
    this.#touches.delete(event.pointerId)
    if (this.#listensTo(event.pointerId)) this.cancel()
  }

  pointerLeave(): void {
    if (!this.busy) this.#state.hover = undefined
  }

  /** Breaks off the gesture under way; false when there is none. */
  cancel(): boolean {
    if (!this.busy) return false
    this.#tool.onCancel?.()
    this.#context.rest()
    return true
  }

  #listensTo(id: number): boolean {
    return this.#leader === undefined || this.#leader === id
  }

  #pointer(event: PointerEvent): ToolPointer {
    const stage = this.#viewport.stagePoint(event)
    return {
      id: event.pointerId,
      kind: event.pointerType === 'touch' ? 'touch' : event.pointerType === 'pen' ? 'pen' : 'mouse',
      stage,
      image: this.#viewport.toImage(stage),
      button: event.button,
      shiftKey: event.shiftKey,
      panning: this.spaceHeld,
    }
  }
}

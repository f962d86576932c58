import type { AnnotatorState } from '../../app/annotator/annotator.svelte'
import type { Toolbox } from './tools/toolbox.svelte'
import type { Viewport } from './viewport.svelte'

/** What the keys work on. */
export interface KeyContext {
  readonly state: AnnotatorState
  readonly viewport: Viewport
  readonly toolbox: Toolbox
  /** The event comes from the drawing area, not from a control. */
  readonly onStage: boolean
  /** The event comes from a slider or list, which needs the arrow and page keys itself. */
  readonly arrowsTaken: boolean
  showHelp(): void
  findCategory(): void
  switchArea(): void
  close(): void
}

const arrows: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}
/** Stage pixels an arrow key moves the view. */
const panStep = 64
const zoomStep = 1.25

/** Acts on a key; true when it was one of the annotator's. Text fields are the caller's business. */
export function handleKey(event: KeyboardEvent, context: KeyContext): boolean {
  if (context.state.completion.finished) return handleFinished(event, context)
  if (event.ctrlKey || event.metaKey) return handleHistory(event, context.state)
  if (event.key === 'Escape') {
    escape(context)
    return true
  }
  // In mid-drag only Escape counts; anything else would change what is being dragged.
  if (context.toolbox.busy) return event.key !== 'F5' && event.key !== 'F12'
  return (
    handleArrow(event, context) ||
    handleStageKey(event, context) ||
    handleDigit(event, context) ||
    handleLetter(event, context)
  )
}

/** With the last image done no box is in sight, so none may be changed. */
function handleFinished(event: KeyboardEvent, { state, ...context }: KeyContext): boolean {
  if (event.key === 'Escape') context.close()
  else if (['p', 'P', '[', 'PageUp'].includes(event.key)) state.completion.step(-1)
  else return false
  return true
}

function handleHistory(event: KeyboardEvent, state: AnnotatorState): boolean {
  const key = event.key.toLowerCase()
  if (key === 'z' && !event.shiftKey) void state.undo()
  else if (key === 'z' || key === 'y') void state.redo()
  else return false
  return true
}

function escape(context: KeyContext): void {
  const { state, toolbox } = context
  if (toolbox.cancel()) return
  if (state.homeless !== undefined) state.homeless = undefined
  else if (state.completion.asking !== undefined) state.completion.asking = undefined
  else if (state.selection !== undefined) state.select(undefined)
  else context.close()
}

function handleArrow(event: KeyboardEvent, { state, viewport, arrowsTaken }: KeyContext): boolean {
  const direction = arrows[event.key]
  if (direction === undefined || arrowsTaken) return false
  const [dx, dy] = direction
  const step = event.shiftKey ? 10 : 1
  if (state.selectedAnnotation === undefined) viewport.panBy(-dx * panStep, -dy * panStep)
  else if (event.altKey) void state.grow(dx * step, dy * step)
  else void state.nudge(dx * step, dy * step)
  return true
}

/** Keys that mean something else on a button. */
function handleStageKey(event: KeyboardEvent, { state, toolbox, onStage }: KeyContext): boolean {
  if (!onStage) return false
  if (event.key === 'Tab') return state.cycle(event.shiftKey ? -1 : 1)
  if (event.key === 'Enter') {
    if (!event.repeat) void state.completion.finishImage()
    return true
  }
  if (event.key === ' ') {
    toolbox.spaceHeld = true
    return true
  }
  return false
}

function handleDigit(event: KeyboardEvent, { state, viewport }: KeyContext): boolean {
  if (event.altKey) return false
  if (event.shiftKey && event.code === 'Digit0') {
    viewport.actualSize()
    return true
  }
  if (event.shiftKey || !/^[0-9]$/.test(event.key)) return false
  const category = state.session.categories.find(({ key }) => key === event.key)
  if (category !== undefined) void state.chooseCategory(category.id)
  else if (event.key === '0') viewport.fit()
  else return false
  return true
}

function handleLetter(event: KeyboardEvent, context: KeyContext): boolean {
  if (event.altKey) return false
  const { state, viewport } = context
  const all = event.shiftKey
  switch (event.key.length === 1 ? event.key.toLowerCase() : event.key) {
    case 'b':
      void state.addDefaultBox(viewport.imageCentre)
      return true
    case 'd':
      void state.duplicate()
      return true
    case 'Delete':
    case 'Backspace':
      void state.removeSelected()
      return true
    case 'a':
      void state.accept(atHand(state, all))
      return true
    case 'x':
      state.reject(atHand(state, all))
      return true
    case 'h':
      state.boxesHidden = !state.boxesHidden
      return true
    case 'f':
      viewport.fit()
      return true
    case '+':
    case '=':
      viewport.zoomBy(zoomStep)
      return true
    case '-':
    case '_':
      viewport.zoomBy(1 / zoomStep)
      return true
    default:
      return handleNavigation(event, context)
  }
}

function handleNavigation(event: KeyboardEvent, context: KeyContext): boolean {
  const { state, arrowsTaken } = context
  if (arrowsTaken && event.key.startsWith('Page')) return false
  switch (event.key.length === 1 ? event.key.toLowerCase() : event.key) {
    case 'e':
      if (!event.repeat) void state.completion.nothingHere()
      return true
    case 'n':
    case ']':
    case 'PageDown':
      state.completion.step(1)
      return true
    case 'p':
    case '[':
    case 'PageUp':
      state.completion.step(-1)
      return true
    case '/':
      context.findCategory()
      return true
    case '?':
      context.showHelp()
      return true
    case 'F6':
      context.switchArea()
      return true
    default:
      return false
  }
}

function atHand(state: AnnotatorState, all: boolean) {
  if (all) return state.proposals
  const proposal = state.proposalAtHand
  return proposal === undefined ? [] : [proposal]
}

/** Real mouse and touch input, in the coordinates of the test's own frame. */
import { cdp } from 'vitest/browser'

export interface Place {
  readonly x: number
  readonly y: number
}

interface Session {
  send(method: string, parameters: Record<string, unknown>): Promise<unknown>
}

/** The tests run in a frame that the runner may have moved and scaled. */
function onPage({ x, y }: Place): Place {
  const frame = window.frameElement
  if (frame === null) return { x, y }
  const { left, top, width } = frame.getBoundingClientRect()
  const scale = width / window.innerWidth
  return { x: left + x * scale, y: top + y * scale }
}

async function send(method: string, parameters: Record<string, unknown>): Promise<void> {
  await (cdp() as unknown as Session).send(method, parameters)
}

type Button = 'left' | 'middle'

/** `shift` is held during the mouse's actions. */
export interface MouseOptions {
  readonly button?: Button
  readonly shift?: boolean
}

function mouse(
  type: string,
  place: Place,
  buttons: number,
  { button = 'left', shift = false }: MouseOptions,
) {
  const modifiers = shift ? 8 : 0
  return send('Input.dispatchMouseEvent', {
    type,
    ...onPage(place),
    button,
    buttons,
    clickCount: 1,
    modifiers,
  })
}

export async function moveTo(place: Place): Promise<void> {
  await send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...onPage(place), buttons: 0 })
}

export async function press(place: Place, options: MouseOptions = {}): Promise<void> {
  await moveTo(place)
  await mouse('mousePressed', place, options.button === 'middle' ? 4 : 1, options)
}

export async function dragTo(place: Place, options: MouseOptions = {}): Promise<void> {
  await mouse('mouseMoved', place, options.button === 'middle' ? 4 : 1, options)
}

export async function release(place: Place, options: MouseOptions = {}): Promise<void> {
  await mouse('mouseReleased', place, 0, options)
}

export async function click(place: Place): Promise<void> {
  await press(place)
  await release(place)
}

/** Presses at one place, moves over a middle one, and lets go at the other. */
export async function drag(from: Place, to: Place, options: MouseOptions = {}): Promise<void> {
  await press(from, options)
  await dragTo({ x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 }, options)
  await dragTo(to, options)
  await release(to, options)
}

export async function wheel(place: Place, deltaY: number): Promise<void> {
  await send('Input.dispatchMouseEvent', {
    type: 'mouseWheel',
    ...onPage(place),
    deltaX: 0,
    deltaY,
  })
}

/** Fingers on the screen from now on; none = all lifted. */
export async function touch(
  type: 'touchStart' | 'touchMove' | 'touchEnd',
  ...fingers: Place[]
): Promise<void> {
  const touchPoints = fingers.map((finger, id) => ({ ...onPage(finger), id }))
  await send('Input.dispatchTouchEvent', { type, touchPoints })
}

import type { CellId, LossPoint } from '../../core/notebook/types'

export type ActivityKind =
  | 'import'
  | 'embed'
  | 'train'
  | 'evaluate'
  | 'rank'
  | 'count'
  | 'review'
  | 'experiment'
  | 'audit'
  | 'demo'
  | 'export'

/** A piece of long work: what it is doing, how far it is, how long it will take, and a way to stop it. */
export class Activity {
  readonly kind: ActivityKind
  readonly title: string
  /** The cell it works on, where several of its kind may be meant. */
  readonly cell: CellId | undefined
  /** What is being done right now, in words. */
  phase = $state('')
  done = $state(0)
  /** 0 while unknown: shown as an indeterminate bar. */
  total = $state(0)
  secondsLeft = $state<number | undefined>(undefined)
  /** Training loss so far; the array is replaced, never changed in place. */
  losses = $state.raw<readonly LossPoint[]>([])
  cancelled = $state(false)
  #interrupted = false
  paused = $state(false)
  readonly #controller = new AbortController()

  readonly #hold: ((paused: boolean) => void) | undefined

  /** @param hold holds the work, or lets it go on; without it the work cannot be paused */
  constructor(kind: ActivityKind, title: string, hold?: (paused: boolean) => void, cell?: CellId) {
    this.kind = kind
    this.title = title
    this.#hold = hold
    this.cell = cell
  }

  get pausable(): boolean {
    return this.#hold !== undefined
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** 0..1, or undefined while the total is unknown. */
  get fraction(): number | undefined {
    return this.total > 0 ? Math.min(1, this.done / this.total) : undefined
  }

  enter(phase: string, total = 0): void {
    this.phase = phase
    this.done = 0
    this.total = total
    this.secondsLeft = undefined
  }

  advance(done: number, total: number, secondsLeft?: number): void {
    this.done = done
    this.total = total
    this.secondsLeft = secondsLeft
  }

  /** The work stops where it is and keeps what it has in memory. */
  pause(): void {
    if (this.cancelled || this.#hold === undefined) return
    this.paused = true
    this.#hold(true)
  }

  resume(): void {
    if (!this.paused) return
    this.paused = false
    this.#hold?.(false)
  }

  /** It was not the user who stopped the work: it may go on another time. */
  get interrupted(): boolean {
    return this.#interrupted
  }

  /** Stops the work because the project is closed or another tab writes. */
  interrupt(): void {
    this.#interrupted = true
    this.cancel()
  }

  /** What is complete by now is kept. */
  cancel(): void {
    this.cancelled = true
    this.#controller.abort(new DOMException('Cancelled', 'AbortError'))
    this.resume()
  }
}

/** True for the error a cancelled activity ends with, which is not worth telling. */
export function isCancellation(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

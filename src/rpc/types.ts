/** Method name -> what goes in, what comes out, what is reported meanwhile. */
export type MethodTable<T> = {
  [Name in keyof T]: { params: unknown; result: unknown; event: unknown }
}

export interface CallOptions<Event> {
  /** Aborting rejects the call with the signal's reason and tells the worker to stop. */
  readonly signal?: AbortSignal
  readonly onEvent?: (event: Event) => void
  readonly transfer?: readonly Transferable[]
}

/** Handed to every handler in the worker. */
export interface HandlerContext<Event> {
  /** Aborted when the page cancels; handlers check it between units of work. */
  readonly signal: AbortSignal
  readonly emit: (event: Event, transfer?: readonly Transferable[]) => void
}

/** When the silence of a worker means that it hangs. */
export interface Watch<T> {
  /** Methods that show a sign of life at every unit of work; others may be silent for as long as they take. */
  readonly methods: readonly (keyof T)[]
  /** Milliseconds without any message while such a call waits. */
  readonly silenceMs: number
}

export type Handlers<T extends MethodTable<T>> = {
  [Name in keyof T]: (
    params: T[Name]['params'],
    context: HandlerContext<T[Name]['event']>,
  ) => T[Name]['result'] | Promise<T[Name]['result']>
}

export interface ErrorData {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
}

export type Request =
  | {
      readonly kind: 'call'
      readonly id: number
      readonly method: string
      readonly params: unknown
    }
  | { readonly kind: 'cancel'; readonly id: number }

export type Response =
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'event'; readonly id: number; readonly event: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorData }
  /** The worker does not hang, though it has nothing to report. */
  | { readonly kind: 'alive' }

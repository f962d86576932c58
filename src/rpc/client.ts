import type { CallOptions, ErrorData, MethodTable, Request, Response, Watch } from './types'
import { Watchdog } from './watchdog'

/** A call failed because its worker is gone, not because of what was asked. */
export class WorkerDiedError extends Error {
  override name = 'WorkerDiedError'
}

interface PendingCall {
  resolve(result: unknown): void
  reject(error: unknown): void
  onEvent: ((event: unknown) => void) | undefined
  readonly watched: boolean
}

function reviveError(data: ErrorData): Error {
  const error = new Error(data.message)
  error.name = data.name
  if (data.stack !== undefined) error.stack = data.stack
  return error
}

/**
 * Calls methods of a module worker. Calls are cancellable by signal, report events meanwhile, and reject with
 * `WorkerDiedError` when the worker dies or is closed; the next call starts a fresh worker.
 */
export class WorkerClient<T extends MethodTable<T>> {
  readonly #spawn: () => Worker
  readonly #onDeath: ((error: WorkerDiedError) => void) | undefined
  readonly #watchedMethods: ReadonlySet<keyof T>
  readonly #watchdog: Watchdog | undefined
  #worker: Worker | undefined
  #nextId = 1
  #pending = new Map<number, PendingCall>()

  /**
   * @param spawn starts the worker; called at the first call and again after a death
   * @param onDeath told when the worker dies by itself, not by `close`
   * @param watch a worker that falls silent in one of these calls is ended, as if it had died
   */
  constructor(spawn: () => Worker, onDeath?: (error: WorkerDiedError) => void, watch?: Watch<T>) {
    this.#spawn = spawn
    this.#onDeath = onDeath
    this.#watchedMethods = new Set(watch?.methods)
    if (watch !== undefined) {
      const { silenceMs } = watch
      const message = `The worker stopped: it gave no sign of life for ${silenceMs / 1000} s.`
      this.#watchdog = new Watchdog(silenceMs, () => {
        if (this.#worker !== undefined) this.#report(this.#worker, new WorkerDiedError(message))
      })
    }
  }

  /**
   * Calls a method in the worker, which starts if it is not running.
   * @throws the signal's reason when aborted; `WorkerDiedError` when the worker dies; DOMException when `params` cannot
   *   be cloned; else an Error with the name and message of the one the method threw
   */
  call<Name extends keyof T & string>(
    method: Name,
    params: T[Name]['params'],
    options: CallOptions<T[Name]['event']> = {},
  ): Promise<T[Name]['result']> {
    const { signal, onEvent, transfer = [] } = options
    if (signal?.aborted) return Promise.reject(signal.reason)
    const worker = (this.#worker ??= this.#start())
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.#forget(id)
        worker.postMessage({ kind: 'cancel', id } satisfies Request)
        reject(signal?.reason)
      }
      const settle =
        <Value>(finish: (value: Value) => void) =>
        (value: Value): void => {
          signal?.removeEventListener('abort', cancel)
          finish(value)
        }
      this.#pending.set(id, {
        resolve: settle(resolve),
        reject: settle(reject),
        onEvent,
        watched: this.#watchedMethods.has(method),
      })
      this.#watch()
      signal?.addEventListener('abort', cancel, { once: true })
      try {
        worker.postMessage({ kind: 'call', id, method, params } satisfies Request, [...transfer])
      } catch (error) {
        this.#forget(id)
        settle(reject)(error)
      }
    })
  }

  /** Ends the worker; calls under way reject. */
  close(): void {
    this.#die(new WorkerDiedError('The worker was closed.'))
  }

  #start(): Worker {
    const worker = this.#spawn()
    worker.addEventListener('message', (message: MessageEvent<Response>) =>
      this.#receive(message.data),
    )
    worker.addEventListener('error', (event) => {
      const reason = event.message || 'it could not be loaded'
      this.#report(worker, new WorkerDiedError(`The worker stopped: ${reason}.`))
    })
    worker.addEventListener('messageerror', () => {
      this.#report(worker, new WorkerDiedError('The worker sent a message that could not be read.'))
    })
    return worker
  }

  /** An error of a worker that was closed meanwhile must not end its successor. */
  #report(worker: Worker, error: WorkerDiedError): void {
    if (worker !== this.#worker) return
    this.#die(error)
    this.#onDeath?.(error)
  }

  #die(error: WorkerDiedError): void {
    this.#worker?.terminate()
    this.#worker = undefined
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    this.#watch()
    for (const call of pending) call.reject(error)
  }

  #forget(id: number): void {
    this.#pending.delete(id)
    this.#watch()
  }

  /** Silence means something only while a watched call waits. */
  #watch(): void {
    if ([...this.#pending.values()].some(({ watched }) => watched)) this.#watchdog?.start()
    else this.#watchdog?.stop()
  }

  #receive(response: Response): void {
    this.#watchdog?.heard()
    if (response.kind === 'alive') return
    const call = this.#pending.get(response.id)
    if (call === undefined) return // cancelled meanwhile
    if (response.kind === 'event') {
      call.onEvent?.(response.event)
      return
    }
    this.#forget(response.id)
    if (response.kind === 'result') call.resolve(response.result)
    else call.reject(reviveError(response.error))
  }
}

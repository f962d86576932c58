import type { ErrorData, Handlers, MethodTable, Request, Response } from './types'

/** The part of a worker's global scope that is needed here. */
export interface WorkerScope {
  addEventListener(type: 'message', listener: (event: MessageEvent<Request>) => void): void
  postMessage(message: Response, transfer: Transferable[]): void
}

function errorData(error: unknown): ErrorData {
  if (error instanceof Error)
    return { name: error.name, message: error.message, stack: error.stack }
  return { name: 'Error', message: String(error), stack: undefined }
}

/** Tells that handlers which report nothing do not hang. */
export interface Heartbeat {
  /** True while the work is held, and when it went on since it was last asked. */
  readonly isAlive: () => boolean
  readonly everyMs: number
}

/**
 * Answers calls with `handlers`; a cancelled call's signal is aborted and its answer is dropped by the client.
 * @param heartbeat for a client that watches
 */
export function serve<T extends MethodTable<T>>(
  handlers: Handlers<T>,
  scope: WorkerScope,
  heartbeat?: Heartbeat,
): void {
  const running = new Map<number, AbortController>()

  async function run(id: number, method: string, params: unknown): Promise<void> {
    const controller = new AbortController()
    running.set(id, controller)
    try {
      const handler = handlers[method as keyof T]
      if (handler === undefined) throw new TypeError(`The worker knows no method '${method}'.`)
      const result = await handler(params, {
        signal: controller.signal,
        emit: (event, transfer = []) =>
          scope.postMessage({ kind: 'event', id, event }, [...transfer]),
      })
      scope.postMessage({ kind: 'result', id, result }, [])
    } catch (error) {
      scope.postMessage({ kind: 'error', id, error: errorData(error) }, [])
    } finally {
      running.delete(id)
    }
  }

  if (heartbeat !== undefined) {
    setInterval(() => {
      if (heartbeat.isAlive()) scope.postMessage({ kind: 'alive' }, [])
    }, heartbeat.everyMs)
  }
  scope.addEventListener('message', ({ data }) => {
    if (data.kind === 'cancel') {
      running.get(data.id)?.abort(new DOMException('Cancelled', 'AbortError'))
    } else void run(data.id, data.method, data.params)
  })
}

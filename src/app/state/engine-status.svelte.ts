import type { EngineMethods } from '../../engine/protocol'
import type { BackendName, EngineInfo } from '../../engine/device/protocol'
import { WorkerDiedError } from '../../rpc/client'
import { isCancellation } from './activity.svelte'
import type { Services } from './services'

const overrideKey = 'margin.backend'
/** A backend that fails at work as often is not tried again while the page is open. */
const mostFailures = 2

/** Starts the engine once, on first need, and says which backend runs and how fast it is. */
export class EngineStatus {
  info = $state.raw<EngineInfo | undefined>(undefined)
  state = $state<'off' | 'starting' | 'ready' | 'failed'>('off')
  problem = $state<string | undefined>(undefined)
  /** The user's choice for this machine; undefined = chosen by measurement. */
  override = $state<BackendName | undefined>(undefined)
  #starting: Promise<EngineInfo> | undefined
  /** Counts the workers; what an earlier one still reports says nothing about the present one. */
  #generation = 0
  /** How often the worker died while a backend was at work. */
  readonly #failures = new Map<BackendName, number>()
  #held = false
  readonly #services: Services

  constructor(services: Services) {
    this.#services = services
    const stored = localStorage.getItem(overrideKey)
    if (stored === 'webgpu' || stored === 'wasm' || stored === 'webgl' || stored === 'cpu')
      this.override = stored
  }

  /** Resolves when the engine can work; starts it if need be. */
  ready(): Promise<EngineInfo> {
    this.#starting ??= this.#start()
    return this.#starting
  }

  /**
   * Calls a method of the engine, starting it if need be. @throws WorkerDiedError when its worker dies; the next call
   * starts a fresh one.
   */
  async call<Name extends keyof EngineMethods>(
    method: Name,
    params: EngineMethods[Name]['params'],
    options: {
      readonly signal?: AbortSignal
      readonly onEvent?: (event: EngineMethods[Name]['event']) => void
    } = {},
  ): Promise<EngineMethods[Name]['result']> {
    await this.ready()
    const generation = this.#generation
    try {
      return await this.#services.engine.call(method, params, options)
    } catch (error) {
      if (error instanceof WorkerDiedError && generation === this.#generation) this.reset()
      throw error
    }
  }

  /** Keeps the choice on this machine and restarts the engine with it. */
  async choose(backend: BackendName | undefined): Promise<void> {
    this.override = backend
    if (backend === undefined) localStorage.removeItem(overrideKey)
    else localStorage.setItem(overrideKey, backend)
    this.#failures.clear()
    this.#services.engine.close()
    this.#forgetWorker()
    await this.ready()
  }

  /** Holds the engine's work, or lets it go on; a worker that starts meanwhile is held as well. */
  hold(paused: boolean): void {
    if (this.#held === paused) return
    this.#held = paused
    if (this.state === 'ready')
      this.#services.engine.call('pause', { paused }).catch(() => undefined)
  }

  /** Called when the worker died: the next use starts a fresh one. */
  reset(): void {
    if (this.info !== undefined) this.#recordFailure(this.info.backend)
    this.#forgetWorker()
  }

  #recordFailure(backend: BackendName): void {
    this.#failures.set(backend, (this.#failures.get(backend) ?? 0) + 1)
  }

  #forgetWorker(): void {
    this.#generation++
    this.#starting = undefined
    this.state = 'off'
    this.info = undefined
  }

  /** The user's choice where it works; after it has failed, the fastest of the others. */
  async #startWorker(baseUrl: string): Promise<EngineInfo> {
    const { engine } = this.#services
    // The CPU is what remains when nothing else works.
    const avoid = [...this.#failures]
      .filter(([name, times]) => times >= mostFailures && name !== 'cpu')
      .map(([name]) => name)
    const backend = this.override
    if (backend === undefined || avoid.includes(backend))
      return engine.call('start', { baseUrl, avoid })
    try {
      return await engine.call('start', { baseUrl, backend })
    } catch (error) {
      const died = error instanceof WorkerDiedError
      if (died) this.#recordFailure(backend)
      // A device that was lost may be gone for good.
      if (died || !this.#failures.has(backend)) throw error
      return engine.call('start', { baseUrl, avoid: [...avoid, backend] })
    }
  }

  async #start(): Promise<EngineInfo> {
    this.state = 'starting'
    this.problem = undefined
    const generation = this.#generation
    try {
      const baseUrl = new URL(import.meta.env.BASE_URL, location.href).href
      const info = await this.#startWorker(baseUrl)
      if (this.#held) await this.#services.engine.call('pause', { paused: true })
      if (generation === this.#generation) {
        this.info = info
        this.state = 'ready'
      }
      return info
    } catch (error) {
      if (generation !== this.#generation) throw error
      this.#starting = undefined
      if (!isCancellation(error)) {
        this.state = 'failed'
        this.problem = error instanceof Error ? error.message : String(error)
      }
      throw error
    }
  }
}

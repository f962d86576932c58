import type { BackendName, EngineInfo } from '../engine/protocol'
import { isCancellation } from './activity.svelte'
import type { Services } from './services'

const overrideKey = 'margin.backend'

/** Starts the engine once, on first need, and says which backend runs and how fast it is. */
export class EngineStatus {
  info = $state.raw<EngineInfo | undefined>(undefined)
  state = $state<'off' | 'starting' | 'ready' | 'failed'>('off')
  problem = $state<string | undefined>(undefined)
  /** The user's choice for this machine; undefined = chosen by measurement. */
  override = $state<BackendName | undefined>(undefined)
  #starting: Promise<EngineInfo> | undefined
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

  /** Keeps the choice on this machine and restarts the engine with it. */
  async choose(backend: BackendName | undefined): Promise<void> {
    this.override = backend
    if (backend === undefined) localStorage.removeItem(overrideKey)
    else localStorage.setItem(overrideKey, backend)
    this.#services.engine.close()
    this.reset()
    await this.ready()
  }

  /** Called when the worker died: the next use starts a fresh one. */
  reset(): void {
    this.#starting = undefined
    this.state = 'off'
    this.info = undefined
  }

  async #start(): Promise<EngineInfo> {
    this.state = 'starting'
    this.problem = undefined
    try {
      const baseUrl = new URL(import.meta.env.BASE_URL, location.href).href
      const info = await this.#services.engine.call('start', { baseUrl, backend: this.override })
      this.info = info
      this.state = 'ready'
      return info
    } catch (error) {
      this.#starting = undefined
      if (!isCancellation(error)) {
        this.state = 'failed'
        this.problem = error instanceof Error ? error.message : String(error)
      }
      throw error
    }
  }
}

/** Choosing the backend, and holding its work. */

export type BackendName = 'webgpu' | 'wasm' | 'webgl' | 'cpu'

/** How one backend did in the probe. */
export interface BackendProbe {
  readonly name: BackendName
  /** Multiply-adds x 2 a second, in 1e9, over the probe's matrix product and convolution; undefined when unusable. */
  readonly gflops: number | undefined
  /** Largest difference from the CPU backend's numbers, relative. */
  readonly deviation: number | undefined
  /** Why it cannot be used, in words; undefined when it can. */
  readonly problem: string | undefined
}

export interface EngineInfo {
  readonly backend: BackendName
  readonly probes: readonly BackendProbe[]
}

export interface ProgressEvent {
  readonly kind: 'progress'
  readonly done: number
  readonly total: number
  readonly secondsLeft: number
}

/** Method name -> what goes in, what comes out, what is reported meanwhile. */
export interface DeviceMethods {
  /** Probes the backends, picks one, loads the backbone. Everything else waits for it. */
  start: {
    params: {
      readonly backend?: BackendName
      readonly baseUrl: string
      /** Not to be measured: they failed at work before. */
      readonly avoid?: readonly BackendName[]
    }
    result: EngineInfo
    event: BackendProbe
  }
  /** Holds the work under way and all that follows, or lets it go on; cancelling works all the same. */
  pause: { params: { readonly paused: boolean }; result: undefined; event: never }
}

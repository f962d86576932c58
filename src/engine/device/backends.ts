import '@tensorflow/tfjs-backend-cpu'
import { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import * as tf from '@tensorflow/tfjs-core'
import { checkedProbe, measureSpeed, relativeDeviation } from './backend-probe'
import { registerWasmKernels } from '../kernels/register'
import { missingDevice } from './missing-device'
import { guardAllocations } from './out-of-memory'
import type { BackendName, BackendProbe, EngineInfo } from './protocol'

const candidates: readonly BackendName[] = ['wasm', 'webgpu', 'webgl', 'cpu']

/** Milliseconds. */
interface TimeLimits {
  readonly start: number
  /** The very first run, in which a graphics card compiles its programs: seconds on some drivers, only once. */
  readonly warmUp: number
  /** The same small run when everything is compiled; a backend that needs longer is not worth having. */
  readonly probe: number
}

/** A graphics driver may never answer. */
const graphicsLimits: TimeLimits = { start: 4000, warmUp: 15_000, probe: 1000 }
/** What computes on the processor always answers, late where other work is on it: its speed alone decides. */
const processorLimits: TimeLimits = { start: 60_000, warmUp: 60_000, probe: 60_000 }

function limitsOf(name: BackendName): TimeLimits {
  return name === 'webgpu' || name === 'webgl' ? graphicsLimits : processorLimits
}

/** float16 textures of some phones differ by about 1e-3; more than this is a broken driver. */
const largestDeviation = 5e-3

/**
 * Chooses the compute backend and makes it current: `forced` when given, else the fastest of those whose numbers agree
 * with the CPU's.
 * @param onLost told when the graphics card goes away later on; every tensor is gone then
 * @param avoid backends that are not measured, because they failed at work before
 * @throws Error when the forced backend cannot be used here, with the reason.
 */
export async function chooseBackend(
  forced: BackendName | undefined,
  onProbe: (probe: BackendProbe) => void,
  onLost: (message: string) => void = () => undefined,
  avoid: readonly BackendName[] = [],
): Promise<EngineInfo> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
  })
  registerWasmKernels()
  if (forced !== undefined) {
    const info = await forceBackend(forced)
    watchDevice(onLost)
    return info
  }

  await tf.setBackend('cpu')
  const expected = await checkedProbe()
  const probes: BackendProbe[] = []
  for (const name of candidates) {
    const probe = avoid.includes(name) ? failedBefore(name) : await probeBackend(name, expected)
    probes.push(probe)
    onProbe(probe)
  }
  const usable = probes.filter((probe) => probe.problem === undefined)
  usable.sort((a, b) => (b.gflops ?? 0) - (a.gflops ?? 0))
  const backend = usable[0]?.name ?? 'cpu'
  await tf.setBackend(backend)
  watchDevice(onLost)
  return { backend, probes }
}

/** tfjs does not notice the loss of a WebGPU device or a WebGL context: calls would fail or never settle. */
function watchDevice(onLost: (message: string) => void): void {
  const backend = tf.backend()
  const tell = (reason: string): void => {
    onLost(`The graphics card stopped answering${reason === '' ? '' : ` (${reason})`}.`)
  }
  if (backend instanceof WebGPUBackend) {
    void backend.device.lost.then(({ message }) => tell(message))
  } else if (backend instanceof MathBackendWebGL) {
    // The types for workers leave the context's canvas out.
    const { canvas } = backend.getGPGPUContext().gl as unknown as { readonly canvas: EventTarget }
    canvas.addEventListener('webglcontextlost', () => tell('the WebGL context was lost'))
  }
}

/** True when the present WebGL context is gone; it answers with zeros then, as if nothing had happened. */
export function isContextLost(): boolean {
  // Asking for the backend itself would start one where none was chosen yet.
  const backend = tf.getBackend() === 'webgl' ? tf.backend() : undefined
  return backend instanceof MathBackendWebGL && backend.getGPGPUContext().gl.isContextLost()
}

/** Milliseconds after which a failed call no longer passes for the first sign of a lost device. */
const lossMilliseconds = 500

/** True when the present device or context is gone, or goes within half a second: calls fail before the loss is reported. */
export async function isDeviceLost(): Promise<boolean> {
  if (isContextLost()) return true
  const backend = tf.getBackend() === 'webgpu' ? tf.backend() : undefined
  if (!(backend instanceof WebGPUBackend)) return false
  return (await withTimeout(backend.device.lost, lossMilliseconds)) !== undefined
}

async function forceBackend(name: BackendName): Promise<EngineInfo> {
  const problem = await startBackend(name)
  if (problem !== undefined) {
    throw new Error(
      `The ${name} backend was asked for but cannot be used: ${problem} Choose another one.`,
    )
  }
  return { backend: name, probes: [] }
}

async function startBackend(name: BackendName): Promise<string | undefined> {
  try {
    const { start } = limitsOf(name)
    const missing = await withTimeout(missingDevice(name), start)
    if (missing !== undefined) return missing
    const started = await withTimeout(tf.setBackend(name), start)
    if (started === undefined) return `it did not start within ${start / 1000} s.`
    if (started) guardAllocations()
    return started ? undefined : 'it could not be initialised on this device.'
  } catch (error) {
    return `it failed to start: ${messageOf(error)}.`
  }
}

function failedBefore(name: BackendName): BackendProbe {
  const problem = 'it stopped working more than once while this page was open.'
  return { name, gflops: undefined, deviation: undefined, problem }
}

async function probeBackend(name: BackendName, expected: Float32Array): Promise<BackendProbe> {
  const unusable = (problem: string, deviation?: number): BackendProbe => ({
    name,
    gflops: undefined,
    deviation,
    problem,
  })
  const problem = await startBackend(name)
  if (problem !== undefined) return unusable(problem)
  const limits = limitsOf(name)
  try {
    const first = await withTimeout(checkedProbe(), limits.warmUp)
    if (first === undefined) return unusable(`it gave no answer within ${limits.warmUp / 1000} s.`)
    const deviation = relativeDeviation(first, expected)
    if (!(deviation <= largestDeviation)) {
      return unusable(
        `its numbers differ from the CPU's by ${deviation.toExponential(1)}.`,
        deviation,
      )
    }
    if ((await withTimeout(checkedProbe(), limits.probe)) === undefined)
      return unusable(`it is slower than ${limits.probe} ms a probe.`)
    return { name, gflops: await measureSpeed(), deviation, problem: undefined }
  } catch (error) {
    return unusable(`it failed in the probe: ${messageOf(error)}.`)
  }
}

/** The promise's value, or undefined when it has not settled in time. */
function withTimeout<Value>(
  promise: Promise<Value>,
  milliseconds: number,
): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), milliseconds)
    promise.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

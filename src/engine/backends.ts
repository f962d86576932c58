import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-webgl'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import * as tf from '@tensorflow/tfjs-core'
import type { BackendName, BackendProbe, EngineInfo } from './protocol'

const candidates: readonly BackendName[] = ['wasm', 'webgpu', 'webgl', 'cpu']

/** Wall-clock limit of a backend's first small run; one that needs longer for it is not worth having. */
const probeMilliseconds = 1000
const startMilliseconds = 4000
/** float16 textures of some phones differ by about 1e-3; more than this is a broken driver. */
const largestDeviation = 5e-3

/** Side of the square matrices: the first checks the numbers; larger ones follow while a backend is quick. */
const probeSizes = [128, 256, 512, 1024] as const
const quickMilliseconds = 12
/** A run that took this long is not repeated: chance hardly matters then. */
const slowMilliseconds = 50
const probeChannels = 16

/** Multiply-adds x 2 of one run of the probe. */
function probeFlops(size: number): number {
  return 2 * size ** 3 + 2 * (size / 4) ** 2 * 9 * probeChannels ** 2
}

/**
 * Chooses the compute backend and makes it current: `forced` when given, else the fastest of those whose numbers agree
 * with the CPU's.
 * @param onLost told when the graphics card goes away later on; every tensor is gone then
 * @throws Error when the forced backend cannot be used here, with the reason.
 */
export async function chooseBackend(
  forced: BackendName | undefined,
  onProbe: (probe: BackendProbe) => void,
  onLost: (message: string) => void = () => undefined,
): Promise<EngineInfo> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
  })
  if (forced !== undefined) {
    const info = await forceBackend(forced)
    watchDevice(onLost)
    return info
  }

  await tf.setBackend('cpu')
  const expected = await checkedProbe()
  const probes: BackendProbe[] = []
  for (const name of candidates) {
    const probe = await probeBackend(name, expected)
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

/** tfjs does not notice the loss of a WebGPU device: calls would fail or never settle. */
function watchDevice(onLost: (message: string) => void): void {
  const backend = tf.backend()
  if (!(backend instanceof WebGPUBackend)) return
  void backend.device.lost.then(({ message }) => {
    onLost(`The graphics card stopped answering${message === '' ? '' : ` (${message})`}.`)
  })
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
  if (name === 'webgpu' && !('gpu' in navigator)) return 'this browser offers no WebGPU.'
  try {
    const started = await withTimeout(tf.setBackend(name), startMilliseconds)
    if (started === undefined) return `it did not start within ${startMilliseconds / 1000} s.`
    return started ? undefined : 'it could not be initialised on this device.'
  } catch (error) {
    return `it failed to start: ${messageOf(error)}.`
  }
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
  try {
    const first = await withTimeout(checkedProbe(), probeMilliseconds)
    if (first === undefined) return unusable(`it is slower than ${probeMilliseconds} ms a probe.`)
    const deviation = relativeDeviation(first, expected)
    if (!(deviation <= largestDeviation)) {
      return unusable(
        `its numbers differ from the CPU's by ${deviation.toExponential(1)}.`,
        deviation,
      )
    }
    return { name, gflops: await measureSpeed(), deviation, problem: undefined }
  } catch (error) {
    return unusable(`it failed in the probe: ${messageOf(error)}.`)
  }
}

/**
 * Gigaflops on the largest problem that the backend does not need long for: a small one would hide a graphics card's
 * speed behind the latency of a call, a large one would take a slow backend seconds.
 */
async function measureSpeed(): Promise<number> {
  let gflops = 0
  for (const size of probeSizes) {
    const inputs = createProbe(size)
    try {
      let best = Infinity
      for (let run = 0; run < 3; run++) {
        const start = performance.now()
        await readBack(() => tf.sum(computeProbe(inputs)))
        best = Math.min(best, performance.now() - start)
        if (best > slowMilliseconds) break
      }
      // Browsers round the clock, so a run can appear to take no time at all.
      gflops = probeFlops(size) / Math.max(best, 0.05) / 1e6
      if (best > quickMilliseconds) break
    } finally {
      tf.dispose(inputs)
    }
  }
  return gflops
}

type ProbeInputs = {
  readonly matrix: tf.Tensor2D
  readonly image: tf.Tensor4D
  readonly filter: tf.Tensor4D
}

/** Fixed inputs of a matrix product and a convolution, on the current backend. */
function createProbe(size: number): ProbeInputs {
  const side = size / 4
  return {
    matrix: tf.tensor2d(wave(size ** 2, 0.37), [size, size]),
    image: tf.tensor4d(wave(side ** 2 * probeChannels, 0.61), [1, side, side, probeChannels]),
    filter: tf.tensor4d(wave(9 * probeChannels ** 2, 0.23), [3, 3, probeChannels, probeChannels]),
  }
}

function computeProbe({ matrix, image, filter }: ProbeInputs): tf.Tensor1D {
  const product = tf.matMul(matrix, matrix)
  const convolved = tf.conv2d(image, filter, 1, 'same')
  return tf.concat([tf.reshape(product, [-1]), tf.reshape(convolved, [-1])])
}

/** All numbers of the smallest probe. */
async function checkedProbe(): Promise<Float32Array> {
  const inputs = createProbe(probeSizes[0])
  try {
    return await readBack(() => computeProbe(inputs))
  } finally {
    tf.dispose(inputs)
  }
}

async function readBack(compute: () => tf.Tensor): Promise<Float32Array> {
  const result = tf.tidy(compute)
  try {
    return Float32Array.from(await result.data())
  } finally {
    result.dispose()
  }
}

function wave(length: number, frequency: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => Math.sin(index * frequency))
}

function relativeDeviation(actual: Float32Array, expected: Float32Array): number {
  let largest = 0
  let scale = 0
  expected.forEach((value, index) => {
    const difference = Math.abs((actual[index] ?? NaN) - value)
    largest = Number.isNaN(difference) ? Infinity : Math.max(largest, difference)
    scale = Math.max(scale, Math.abs(value))
  })
  return largest / scale
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

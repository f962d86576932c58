import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-webgl'
import '@tensorflow/tfjs-backend-webgpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import plainUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simdUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threadedUrl from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import * as tf from '@tensorflow/tfjs-core'
import type { BackendName, BackendProbe, EngineInfo } from './protocol'

const candidates: readonly BackendName[] = ['wasm', 'webgpu', 'webgl', 'cpu']

/** Wall-clock limit of one backend's probe; a backend that needs longer for it is not worth having. */
const probeMilliseconds = 1000
const startMilliseconds = 4000
/** float16 textures of some phones differ by about 1e-3; more than this is a broken driver. */
const largestDeviation = 5e-3

/** Multiply-adds x 2 of one run of the probe. */
const matrixSize = 128
const imageSide = 32
const imageChannels = 16
const probeFlops = 2 * matrixSize ** 3 + 2 * imageSide ** 2 * 9 * imageChannels ** 2

/**
 * Chooses the compute backend and makes it current: `forced` when given, else the fastest of those whose numbers agree
 * with the CPU's.
 * @throws Error when the forced backend cannot be used here, with the reason.
 */
export async function chooseBackend(
  forced: BackendName | undefined,
  onProbe: (probe: BackendProbe) => void,
): Promise<EngineInfo> {
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plainUrl,
    'tfjs-backend-wasm-simd.wasm': simdUrl,
    'tfjs-backend-wasm-threaded-simd.wasm': threadedUrl,
  })
  if (forced !== undefined) return forceBackend(forced)

  await tf.setBackend('cpu')
  const expected = await runProbe()
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
  for (const { name } of probes) if (name !== backend && name !== 'cpu') tf.removeBackend(name)
  return { backend, probes }
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
    const first = await withTimeout(runProbe(), probeMilliseconds)
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

/** Gigaflops over repeated probes; the best run counts, as the others were disturbed. */
async function measureSpeed(): Promise<number> {
  const begin = performance.now()
  let best = Infinity
  for (let run = 0; run < 8 && performance.now() - begin < 100; run++) {
    const start = performance.now()
    await runProbe()
    best = Math.min(best, performance.now() - start)
  }
  // Browsers round the clock, so a run can appear to take no time at all.
  return probeFlops / Math.max(best, 0.02) / 1e6
}

/** Results of a small matrix product and a small convolution with fixed inputs. */
async function runProbe(): Promise<Float32Array> {
  const result = tf.tidy(() => {
    const matrix = tf.tensor2d(wave(matrixSize ** 2, 0.37), [matrixSize, matrixSize])
    const image = tf.tensor4d(wave(imageSide ** 2 * imageChannels, 0.61), [
      1,
      imageSide,
      imageSide,
      imageChannels,
    ])
    const filter = tf.tensor4d(wave(9 * imageChannels ** 2, 0.23), [
      3,
      3,
      imageChannels,
      imageChannels,
    ])
    const product = tf.matMul(matrix, matrix)
    const convolved = tf.conv2d(image, filter, 1, 'same')
    return tf.concat([tf.reshape(product, [-1]), tf.reshape(convolved, [-1])])
  })
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

import * as tf from '@tensorflow/tfjs-core'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { chooseBackend } from '../../../src/engine/device/backends'
import type { BackendName, BackendProbe } from '../../../src/engine/device/protocol'

/** A browser without a graphics card: the one the tests run in has a software adapter. */
function withoutGraphics(): void {
  vi.spyOn(navigator.gpu, 'requestAdapter').mockResolvedValue(null)
  vi.spyOn(OffscreenCanvas.prototype, 'getContext').mockReturnValue(null)
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('the choice of a backend', () => {
  it('takes what is asked for without measuring', async () => {
    const probes: BackendProbe[] = []
    const info = await chooseBackend('cpu', (probe) => probes.push(probe))
    expect(info).toEqual({ backend: 'cpu', probes: [] })
    expect(probes).toEqual([])
    expect(tf.getBackend()).toBe('cpu')
  })

  it('says why what was asked for cannot be used', async () => {
    const absent = 'abacus' as BackendName
    await expect(chooseBackend(absent, () => undefined)).rejects.toThrow(
      /The abacus backend was asked for but cannot be used: it failed to start/,
    )
  })

  it('measures, keeps the fastest and leaves no tensor behind', async () => {
    const before = tf.memory().numTensors
    const { backend, probes } = await chooseBackend(undefined, () => undefined)
    expect(tf.getBackend()).toBe(backend)
    expect(probes.find(({ name }) => name === 'cpu')).toMatchObject({
      deviation: 0,
      problem: undefined,
    })
    expect(tf.memory().numTensors).toBe(before)
  })

  it('gives a plain reason where there is no graphics card, and keeps the console clean', async () => {
    withoutGraphics()
    const logs = (['log', 'warn', 'error'] as const).map((level) => vi.spyOn(console, level))
    const { backend, probes } = await chooseBackend(undefined, () => undefined)
    expect(['wasm', 'cpu']).toContain(backend)
    const problems = new Map(probes.map(({ name, problem }) => [name, problem]))
    expect(problems.get('webgpu')).toBe('this browser offers no graphics adapter.')
    expect(problems.get('webgl')).toBe('this browser offers no WebGL on a graphics card.')
    for (const log of logs) expect(log).not.toHaveBeenCalled()
    await expect(chooseBackend('webgpu', () => undefined)).rejects.toThrow(
      'The webgpu backend was asked for but cannot be used: this browser offers no graphics adapter. Choose another one.',
    )
  })

  // Last: the device is gone afterwards.
  it('notices when the graphics card goes away', async () => {
    const lost = new Promise<string>((resolve) => {
      void chooseBackend('webgpu', () => undefined, resolve).then(() => {
        const backend = tf.backend()
        if (backend instanceof WebGPUBackend) backend.device.destroy()
      })
    })
    expect(await lost).toContain('The graphics card stopped answering')
  })
})

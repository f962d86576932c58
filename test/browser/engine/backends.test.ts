import * as tf from '@tensorflow/tfjs-core'
import { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { describe, expect, it } from 'vitest'
import { chooseBackend } from '../../../src/engine/backends'
import type { BackendName, BackendProbe } from '../../../src/engine/protocol'

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

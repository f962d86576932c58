import { describe, expect, it } from 'vitest'
import { headDigest } from '../../../../src/engine/head/head-digest'

const kernel = {
  name: 'a/kernel',
  shape: [2, 3],
  values: Float32Array.of(0.5, -1.25, 0, -0, 3, 1e-20),
}
const bias = { name: 'a/bias', shape: [1], values: Float32Array.of(7) }

describe('headDigest', () => {
  it('is the SHA-256 of names, shapes and little-endian numbers', async () => {
    // hashlib.sha256(b'["a/kernel",[2,3]]\n' + struct.pack('<6f', ...) + b'["a/bias",[1]]\n' + struct.pack('<f', 7))
    const expected = 'ff1ec558953931cb0dfe42782f4c695273d7fe49d2e4ffd0716ba36b0304e7e9'
    expect(await headDigest([kernel, bias])).toBe(expected)
    // A view into a larger buffer counts for what it shows.
    const values = new Float32Array([9, ...kernel.values, 9]).subarray(1, 7)
    expect(await headDigest([{ ...kernel, values }, bias])).toBe(expected)
  })

  it('notices every bit, shape and name', async () => {
    const digests = await Promise.all(
      [
        [kernel, bias],
        [bias, kernel],
        [{ ...kernel, name: 'b/kernel' }, bias],
        [{ ...kernel, shape: [3, 2] }, bias],
        [{ ...kernel, values: Float32Array.of(0.5, -1.25, 0, 0, 3, 1e-20) }, bias],
        [kernel, { ...bias, values: Float32Array.of(7.0000005) }],
        [kernel],
      ].map(headDigest),
    )
    expect(new Set(digests).size).toBe(digests.length)
  })
})

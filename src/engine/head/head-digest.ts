import type { TrainedHead } from './protocol'

/**
 * SHA-256 of a head's weights as 64 hex digits: two heads have the same digest only when names, shapes and every bit of
 * every number agree. Digested are, weight by weight, the name and shape as JSON and a line feed, then the numbers as
 * little-endian float32.
 */
export async function headDigest(weights: TrainedHead['weights']): Promise<string> {
  const parts = weights.flatMap(({ name, shape, values }) => [
    new TextEncoder().encode(`${JSON.stringify([name, shape])}\n`),
    // Every platform that runs a browser is little-endian.
    new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
  ])
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Cosine of the angle between two vectors of one length, -1..1; 0 where one of them is all zeros. */
export function cosineSimilarity(a: Float32Array, b: Float32Array): number {
  let dot = 0
  let squaredA = 0
  let squaredB = 0
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i]
    squaredA += a[i] * a[i]
    squaredB += b[i] * b[i]
  }
  const norms = Math.sqrt(squaredA) * Math.sqrt(squaredB)
  // Rounding must not take parallel vectors beyond 1.
  return norms > 0 ? Math.min(1, Math.max(-1, dot / norms)) : 0
}

/** SHA-256 of a label and arrays of numbers as hex, shortened to 128 bits. */
export async function digest(label: string, ...arrays: readonly Float32Array[]): Promise<string> {
  const bytes = await new Blob([
    label,
    ...arrays.map((array) => new Uint8Array(array.slice().buffer)),
  ]).arrayBuffer()
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(hash.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

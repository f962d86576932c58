/**
 * MurmurHash3's 32-bit mixing over the UTF-16 code units of `text`, one code unit a block.
 * Not cryptographic: for seeding generators and for noticing change, not against an adversary.
 *
 * @param seed selects one of 2^32 independent hash functions; an unsigned 32-bit integer.
 * @returns an unsigned 32-bit integer.
 */
export function hash32(text: string, seed: number): number {
  let h = seed >>> 0
  for (let i = 0; i < text.length; i++) {
    let k = Math.imul(text.charCodeAt(i), 0xcc9e2d51)
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
    h ^= k
    h = (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0
  }
  h ^= text.length
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

/** `words` independent 32-bit hashes of `text`, as lower-case hex of 8 characters each. */
export function hashHex(text: string, words: number): string {
  let hex = ''
  for (let i = 0; i < words; i++) hex += hash32(text, i).toString(16).padStart(8, '0')
  return hex
}

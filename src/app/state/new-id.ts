/** Ids that sort in the order they were made, so that what storage lists by id comes in drawing order. */

/** Ids a millisecond before the clock is taken to have moved on: 12 bits. */
const idsPerMillisecond = 4096

/**
 * Makes a source of unique ids (UUID version 7, RFC 9562): each is greater than the one before, also within a
 * millisecond and when the clock is set back.
 * @param now milliseconds since the Unix epoch
 * @param randomBytes fills the array with random bytes
 */
export function createIdSource(
  now: () => number,
  randomBytes: (bytes: Uint8Array<ArrayBuffer>) => void,
): () => string {
  let time = 0
  let count = 0
  return () => {
    const present = Math.floor(now())
    if (present > time) {
      time = present
      count = 0
    } else if (++count === idsPerMillisecond) {
      time++
      count = 0
    }
    const tail = new Uint8Array(8)
    randomBytes(tail)
    // The variant's two bits.
    tail[0] = 0x80 | (tail[0] & 0x3f)
    const hex = Array.from(tail, (byte) => byte.toString(16).padStart(2, '0')).join('')
    const stamp = time.toString(16).padStart(12, '0')
    const serial = count.toString(16).padStart(3, '0')
    return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${serial}-${hex.slice(0, 4)}-${hex.slice(4)}`
  }
}

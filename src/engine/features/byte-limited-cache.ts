/**
 * Values by key, of so many bytes at the most: beyond them the least recently used ones are dropped, except those that
 * are held.
 */
export class ByteLimitedCache<Key, Value> {
  /** In order of use, the last used last. */
  readonly #values = new Map<Key, Value>()
  readonly #limitBytes: number
  readonly #bytesOf: (value: Value) => number
  #held: ReadonlySet<Key> = new Set()
  #bytes = 0

  /** @param bytesOf a value's size; the same whenever it is asked for */
  constructor(limitBytes: number, bytesOf: (value: Value) => number) {
    this.#limitBytes = limitBytes
    this.#bytesOf = bytesOf
  }

  /** Of all values; may exceed the limit by those that are held. */
  get bytes(): number {
    return this.#bytes
  }

  /** Keeps what there is and will be under these keys, and under no others, whatever the limit says. */
  hold(keys: Iterable<Key>): void {
    this.#held = new Set(keys)
    this.#evict()
  }

  /** Looking is not a use. */
  peek(key: Key): Value | undefined {
    return this.#values.get(key)
  }

  get(key: Key): Value | undefined {
    const value = this.#values.get(key)
    if (value === undefined) return undefined
    this.#values.delete(key)
    this.#values.set(key, value)
    return value
  }

  /** In the place of what there was under the key. */
  set(key: Key, value: Value): void {
    this.#remove(key)
    this.#values.set(key, value)
    this.#bytes += this.#bytesOf(value)
    this.#evict()
  }

  /** What is held stays so. */
  clear(): void {
    this.#values.clear()
    this.#bytes = 0
  }

  #remove(key: Key): void {
    const value = this.#values.get(key)
    if (value !== undefined) this.#bytes -= this.#bytesOf(value)
    this.#values.delete(key)
  }

  #evict(): void {
    if (this.#bytes <= this.#limitBytes) return
    for (const key of this.#values.keys()) {
      if (this.#bytes <= this.#limitBytes) return
      if (!this.#held.has(key)) this.#remove(key)
    }
  }
}

import { hashHex } from '../random/hash'

/**
 * A 64-bit digest of plain data as 16 hex digits: equal for equal values whatever the order of
 * their keys, different for different ones (up to a chance of 2^-64). A key whose value is
 * undefined counts as absent, as in JSON. Notices change; does not withstand forgery.
 *
 * @throws TypeError when `value` holds anything but plain objects, arrays, strings, booleans, null
 *   and finite numbers: such data would not survive being stored as JSON.
 */
export function fingerprint(value: unknown): string {
  return hashHex(canonicalJson(value, []), 2)
}

/** @param path keys from the root to `value`; as it was again on return. */
function canonicalJson(value: unknown, path: (string | number)[]): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') {
    return JSON.stringify(value)
  }
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  const child = (key: string | number, item: unknown) => {
    path.push(key)
    const json = canonicalJson(item, path)
    path.pop()
    return json
  }
  if (Array.isArray(value)) return `[${value.map((item, i) => child(i, item)).join()}]`
  if (isPlainObject(value)) {
    const entries = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${child(key, value[key])}`)
    return `{${entries.join()}}`
  }
  const where = ['$', ...path].join('.')
  throw new TypeError(
    `fingerprint: ${where} is ${describe(value)}; only what JSON can hold has a fingerprint.`,
  )
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function describe(value: unknown): string {
  if (typeof value === 'number') return String(value)
  return typeof value === 'object'
    ? Object.prototype.toString.call(value)
    : `of type ${typeof value}`
}

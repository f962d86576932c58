/** Instructions of WebAssembly, encoded as its specification's binary format has them. */
export type Code = readonly number[]

/** A function without a result: its parameters (integers), further integers, and vectors of four float32. */
export interface LoopFunction {
  readonly parameters: number
  readonly integers: number
  readonly vectors: number
  readonly body: Code
}

const i32 = 0x7f
const v128 = 0x7b
const empty = 0x40
const end = 0x0b
const simd = 0xfd

export const get = (local: number): Code => [0x20, local]
export const set = (local: number, value: Code): Code => [...value, 0x21, local]

export const constant = {
  integer: (value: number): Code => [0x41, ...signed(value)],
  /** Four times the same number. */
  number: (value: number): Code => {
    const bytes = new Uint8Array(Float32Array.of(value, value, value, value).buffer)
    return [simd, 0x0c, ...bytes]
  },
} as const

/** Four numbers at an address plus an offset, in bytes; they need not be aligned. */
export const load = (address: number, offset: number): Code => [
  ...get(address),
  ...[simd, 0x00, 0, offset],
]
/** The integer at an address plus an offset. */
export const loadInteger = (address: number, offset: number): Code => [
  ...get(address),
  ...[0x28, 0, offset],
]
/** Four times the number at the address. */
export const loadRepeated = (address: number, offset: number): Code => [
  ...get(address),
  ...[simd, 0x09, 0, offset],
]
export const store = (address: number, offset: number, value: Code): Code => [
  ...get(address),
  ...value,
  ...[simd, 0x0b, 0, offset],
]

export const add = (a: Code, b: Code): Code => [...a, ...b, simd, 0xe4, 0x01]
export const sub = (a: Code, b: Code): Code => [...a, ...b, simd, 0xe5, 0x01]
export const mul = (a: Code, b: Code): Code => [...a, ...b, simd, 0xe6, 0x01]
export const min = (a: Code, b: Code): Code => [...a, ...b, simd, 0xe8, 0x01]
export const max = (a: Code, b: Code): Code => [...a, ...b, simd, 0xe9, 0x01]

/** All bits set where it holds, for `and`. */
export const isAbove = (a: Code, b: Code): Code => [...a, ...b, simd, 0x44]
export const isAtMost = (a: Code, b: Code): Code => [...a, ...b, simd, 0x45]
export const and = (a: Code, b: Code): Code => [...a, ...b, simd, 0x4e]

export const addIntegers = (a: Code, b: Code): Code => [...a, ...b, 0x6a]

/** Adds to a local integer. */
export const advance = (local: number, by: Code): Code => set(local, addIntegers(get(local), by))

/** As many times as the local says, which counts down and is at least 1. */
export const repeat = (counter: number, body: Code): Code => [
  ...[0x03, empty],
  ...body,
  ...[...get(counter), ...constant.integer(-1), 0x6a, 0x22, counter],
  ...[0x0d, 0, end],
]

/** A module that imports `tfjs.memory` (shared or not, up to 4 GB) and exports the functions under their names. */
export function wasmModule(
  isMemoryShared: boolean,
  functions: Readonly<Record<string, LoopFunction>>,
): Uint8Array<ArrayBuffer> {
  const named = Object.entries(functions)
  const limits = isMemoryShared ? [3, 1, ...unsigned(65_536)] : [0, 1]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(
      1,
      named.map(([, { parameters }]) => [0x60, ...vector(new Array(parameters).fill([i32])), 0]),
    ),
    ...section(2, [[...name('tfjs'), ...name('memory'), 2, ...limits]]),
    ...section(
      3,
      named.map((_, index) => [index]),
    ),
    ...section(
      7,
      named.map(([exported], index) => [...name(exported), 0, index]),
    ),
    ...section(
      10,
      named.map(([, { integers, vectors, body }]) =>
        sized([
          ...vector([
            [integers, i32],
            [vectors, v128],
          ]),
          ...body,
          end,
        ]),
      ),
    ),
  ])
}

function section(id: number, entries: readonly Code[]): Code {
  return [id, ...sized(vector(entries))]
}

function vector(entries: readonly Code[]): Code {
  return [...unsigned(entries.length), ...entries.flat()]
}

function sized(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes]
}

function name(text: string): Code {
  return sized(Array.from(new TextEncoder().encode(text)))
}

/** LEB128. */
function unsigned(value: number): Code {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** LEB128; the sign is the seventh bit of the last byte. */
function signed(value: number): Code {
  return value >= -0x40 && value < 0x40
    ? [value & 0x7f]
    : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
}

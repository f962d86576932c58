import * as v from 'valibot'
import { FormatError } from '../problem'

/** String literals first, so that a NaN inside a name stays text. */
const STRING_OR_NON_JSON_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\b(?:NaN|Infinity)\b/g

/** Python's json module writes NaN and Infinity, which JSON does not have; they become null. */
function parseLenient(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const repaired = text.replace(STRING_OR_NON_JSON_NUMBER, (token) =>
      token.startsWith('"') ? token : 'null',
    )
    if (repaired === text) throw error
    return JSON.parse(repaired)
  }
}

const rootSchema = v.object({
  images: v.array(v.unknown()),
  annotations: v.optional(v.array(v.unknown())),
  categories: v.optional(v.array(v.unknown())),
})

export interface CocoRoot {
  readonly images: readonly unknown[]
  readonly annotations: readonly unknown[]
  readonly categories: readonly unknown[]
}

/**
 * The three lists of a COCO instances file; their records are not looked at yet.
 * @throws FormatError when the text is not JSON or has no such lists
 */
export function parseCocoRoot(text: string, where: string): CocoRoot {
  let json: unknown
  try {
    json = parseLenient(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new FormatError(
      `${where} is not valid JSON (${detail}). Export it again, or leave it out.`,
    )
  }
  const parsed = v.safeParse(rootSchema, json)
  if (parsed.success) return { annotations: [], categories: [], ...parsed.output }
  throw new FormatError(
    Array.isArray(json)
      ? `${where} holds a list, as COCO results files do. Labels are read from an instances file with images, annotations and categories.`
      : `${where} is not a COCO instances file: it has no lists of images, annotations and categories. Leave it out, or export the labels as COCO.`,
  )
}

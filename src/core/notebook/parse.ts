import * as v from 'valibot'
import { cellSchema } from './schema'
import type { Cell } from './types'

/**
 * The cells of a stored or imported notebook, checked. What JSON leaves out because it was
 * undefined is undefined again; keys that are not known are dropped.
 *
 * @throws Error that names the cell and the field when the data is damaged or from another version.
 */
export function parseCells(value: unknown): Cell[] {
  if (!Array.isArray(value)) throw damaged('it is not a list of cells')
  const cells = value.map((item: unknown, i) => parseCell(item, i))
  const ids = new Set<string>()
  for (const { id } of cells) {
    if (ids.has(id)) throw damaged(`two cells have the id ${id}`)
    ids.add(id)
  }
  const indices = cells.flatMap((cell) => (cell.kind === 'round' ? [cell.index] : []))
  indices
    .sort((a, b) => a - b)
    .forEach((index, expected) => {
      if (index !== expected) {
        throw damaged(
          index > expected ? `round ${expected} is missing` : `round ${index} is there twice`,
        )
      }
    })
  return cells
}

function parseCell(value: unknown, at: number): Cell {
  const result = v.safeParse(cellSchema, value)
  if (result.success) return result.output
  const [issue] = result.issues
  const field = v.getDotPath(issue) ?? 'the cell'
  throw damaged(`cell ${at + 1}${kindOf(value)}: ${field}: ${issue.message}`)
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return ''
  return typeof value.kind === 'string' ? ` (${value.kind})` : ''
}

function damaged(what: string): Error {
  return new Error(
    `This notebook cannot be read: ${what}. It is damaged or was written by another version of ` +
      'Margin; update Margin or restore a backup. Images and labels are not affected.',
  )
}

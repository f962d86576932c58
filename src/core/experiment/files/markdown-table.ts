import type { ExperimentAxis, ExperimentResult } from '../replay/replay-types'
import { experimentColumns, experimentRows, padColumns } from './experiment-table'

/** The figures on one axis as a table in Markdown, a row a strategy. */
export function experimentMarkdown(result: ExperimentResult, axis: ExperimentAxis): string {
  const [header, ...body] = padColumns([experimentColumns(result), ...experimentRows(result, axis)])
  const rule = header.map((cell) => '-'.repeat(cell.length))
  return [header, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

import { readExperiment } from '../core/experiment/files/experiment-files'
import { experimentMarkdown } from '../core/experiment/files/markdown-table'
import { experimentResult } from '../core/experiment/statistics/result'
import { showReference } from '../core/experiment/files/experiment-table'
import type { ExperimentFile } from './merge-experiments'

/** Between these two lines a document keeps the tables of experiments. */
export const tableMarkers = ['<!-- strategy tables -->', '<!-- end of strategy tables -->'] as const

/**
 * What experiments found by seconds of labelling, in Markdown: a title and a table each, by the name of the data, short
 * experiments first.
 * @throws Error when a file is not that of an experiment
 */
export function strategyTables(files: readonly ExperimentFile[]): string {
  return files
    .map(({ name, text }) => experimentResult(readExperiment(text, name)))
    .sort((a, b) =>
      a.data === b.data ? a.settings.rounds - b.settings.rounds : a.data < b.data ? -1 : 1,
    )
    .map((result) => {
      const title = `_${result.data}_, ${result.settings.rounds} rounds, ${showReference(result)}`
      return `${title}\n\n${experimentMarkdown(result, 'seconds')}`
    })
    .join('\n\n')
}

/**
 * The document with these tables in place of those it had.
 * @throws Error when it has no place for them
 */
export function withTables(document: string, tables: string): string {
  const [before, after] = tableMarkers
  const start = document.indexOf(before)
  const end = document.indexOf(after)
  if (start < 0 || end < start) throw new Error(`there are no lines ${before} and ${after} in it.`)
  const parts = [document.slice(0, start + before.length), tables, document.slice(end)]
  return parts.filter((part) => part !== '').join('\n\n')
}

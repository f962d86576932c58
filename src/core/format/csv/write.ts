/** What a cell may hold; undefined and numbers that are not finite become empty cells. */
export type CsvValue = string | number | boolean | undefined

/** Spreadsheets run text that starts so as a formula (OWASP, 'CSV Injection'). */
const FORMULA_START = /^[=+\-@\t\r]/

function writeCell(value: CsvValue): string {
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return ''
  if (typeof value !== 'string') return String(value)
  const safe = FORMULA_START.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/**
 * A table as CSV by RFC 4180: comma-separated, CRLF after every row, quoted where needed. Text that a spreadsheet
 * would take for a formula gets an apostrophe in front; numbers stay numbers.
 * @throws RangeError when a row is not as long as the header
 */
export function writeCsv(
  header: readonly string[],
  rows: readonly (readonly CsvValue[])[],
): string {
  rows.forEach((row, index) => {
    if (row.length !== header.length) {
      throw new RangeError(
        `Row ${index} has ${row.length} cells, but the header has ${header.length}.`,
      )
    }
  })
  return [header, ...rows].map((row) => `${row.map(writeCell).join(',')}\r\n`).join('')
}

/** A remark about an imported file, one a kind of fault and not one a record. */
export interface FormatProblem {
  /** The file and the first records concerned: `instances.json, annotations 17, 18, 19 and 240 more`. */
  readonly where: string
  /** What is wrong and what was done about it; reads on from `where`, be it one record or many. */
  readonly message: string
  /** `error`: something was left out. `warning`: it was used, perhaps not as meant. */
  readonly severity: 'error' | 'warning'
  /** How many records have it. */
  readonly count: number
}

/** The file as a whole cannot be used. */
export class FormatError extends Error {
  override name = 'FormatError'
}

const EXAMPLES = 3
const LONGEST_LABEL = 80

interface Group {
  readonly severity: FormatProblem['severity']
  readonly message: string
  readonly noun: string
  readonly examples: string[]
  count: number
}

function describe({ noun, examples, count }: Group): string {
  const rest = count - examples.length
  return `${noun}${count === 1 ? '' : 's'} ${examples.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

/** Gathers problems while a file is read; the same message about the same kind of record is kept once, with a count. */
export class ProblemCollector {
  readonly #where: string
  readonly #groups = new Map<string, Group>()

  /** @param where the file, as people know it */
  constructor(where: string) {
    this.#where = where
  }

  /**
   * @param noun kind of record, singular: `annotation`
   * @param label which one: its id or name
   * @param message equal for equal faults; particulars belong in `label`
   */
  add(
    severity: FormatProblem['severity'],
    noun: string,
    label: string | number,
    message: string,
  ): void {
    const key = `${severity} ${noun} ${message}`
    let group = this.#groups.get(key)
    if (group === undefined) {
      group = { severity, message, noun, examples: [], count: 0 }
      this.#groups.set(key, group)
    }
    group.count++
    if (group.examples.length < EXAMPLES) group.examples.push(shorten(String(label)))
  }

  /** Errors first, each kind in the order met. */
  list(): FormatProblem[] {
    const problems = Array.from(this.#groups.values(), (group) => ({
      where: `${this.#where}, ${describe(group)}`,
      message: group.message,
      severity: group.severity,
      count: group.count,
    }))
    return [
      ...problems.filter((problem) => problem.severity === 'error'),
      ...problems.filter((problem) => problem.severity === 'warning'),
    ]
  }
}

function shorten(label: string): string {
  return label.length <= LONGEST_LABEL ? label : `${label.slice(0, LONGEST_LABEL - 3)}...`
}

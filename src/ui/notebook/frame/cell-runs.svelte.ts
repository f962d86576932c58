import { SvelteMap } from 'svelte/reactivity'
import { isCancellation } from '../../../app/state/activity.svelte'
import type { ProjectSession } from '../../../app/project-session.svelte'
import type { Cell, CellId, RoundSettings } from '../../../core/notebook/types'

export type CellState = 'idle' | 'fresh' | 'stale' | 'running' | 'error'

/** Which cell is at work and which one failed, so that both show where they belong. */
export class CellRuns {
  readonly #session: ProjectSession
  readonly #errors = new SvelteMap<CellId, string>()
  #started = $state.raw<CellId | undefined>(undefined)

  constructor(session: ProjectSession) {
    this.#session = session
  }

  /**
   * The cell the present activity belongs to: the one it names, else the one it was started from, else the one its kind
   * works on.
   */
  readonly running = $derived.by((): CellId | undefined => {
    const { activity, notebook, latestRound } = this.#session
    if (activity === undefined) return undefined
    const { kind, cell = this.#started } = activity
    if (cell !== undefined) return cell
    if (kind === 'import' || kind === 'demo' || kind === 'audit')
      return notebook.cells.find((other) => other.kind === 'data')?.id
    return latestRound?.id
  })

  error(id: CellId): string | undefined {
    return this.#errors.get(id)
  }

  /** Runs work of a cell; a failure is told in the cell until the next try. */
  async run(id: CellId, action: () => Promise<unknown>): Promise<void> {
    this.#errors.delete(id)
    this.#started = id
    try {
      await action()
    } catch (error) {
      if (!isCancellation(error))
        this.#errors.set(id, error instanceof Error ? error.message : String(error))
    } finally {
      this.#started = undefined
    }
  }

  /** Plays rounds by themselves; a failure is told in the round it happened in. */
  async play(rounds: number, settings: RoundSettings, seedStrategyId?: string): Promise<void> {
    for (const { id } of this.#session.notebook.cells) this.#errors.delete(id)
    try {
      await this.#session.play(rounds, settings, seedStrategyId)
    } catch (error) {
      const { latestRound, notebook } = this.#session
      const place = latestRound ?? notebook.cells.find(({ kind }) => kind === 'model')
      if (place !== undefined && !isCancellation(error))
        this.#errors.set(place.id, error instanceof Error ? error.message : String(error))
    }
  }

  state(cell: Cell): CellState {
    if (this.running === cell.id) return 'running'
    if (this.#errors.has(cell.id)) return 'error'
    if (this.#session.stale.has(cell.id)) return 'stale'
    const hasOutput =
      'output' in cell
        ? cell.output !== undefined
        : cell.kind === 'curve' && this.#session.curve.length > 0
    return hasOutput ? 'fresh' : 'idle'
  }
}

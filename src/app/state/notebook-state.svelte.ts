import type { ProjectId } from '../../core/dataset/types'
import {
  canRemoveCell,
  insertPosition,
  renumberCells,
  sortCells,
} from '../../core/notebook/document'
import { parseCells } from '../../core/notebook/parse'
import type {
  Cell,
  CellId,
  CellKind,
  CountCell,
  ExperimentCell,
  NoteCell,
  ReviewCell,
  RoundCell,
} from '../../core/notebook/types'
import { defaultCountThreshold } from '../../core/notebook/default-settings'
import type { Services } from './services'
import type { Writer } from './writer.svelte'

type CellOf<Kind extends CellKind> = Extract<Cell, { readonly kind: Kind }>

/** The cells of the open notebook, kept in storage with every change. */
export class NotebookState {
  /** Sorted by position. */
  cells = $state.raw<readonly Cell[]>([])
  readonly #projectId: ProjectId
  readonly #services: Services
  readonly #writer: Writer
  #turn: Promise<unknown> = Promise.resolve()

  constructor(projectId: ProjectId, services: Services, writer: Writer) {
    this.#projectId = projectId
    this.#services = services
    this.#writer = writer
  }

  /** Reads the cells from storage. @throws Error that names the cell when a stored one is damaged. */
  load(): Promise<void> {
    return this.#inTurn(async () => {
      const cells = parseCells(await this.#services.storage.listCells(this.#projectId))
      this.cells = sortCells(cells)
    })
  }

  get rounds(): readonly RoundCell[] {
    return this.cells.filter((cell) => cell.kind === 'round')
  }

  cell(id: CellId): Cell | undefined {
    return this.cells.find((cell) => cell.id === id)
  }

  /** Writes the cell and shows it, whatever was there; the cell keeps its place. */
  put(cell: Cell): Promise<void> {
    return this.#inTurn(() => this.#write(cell))
  }

  /**
   * Changes a cell as all earlier writes left it, so that none of them is lost.
   * @param change gives the cell itself where nothing is to change: nothing is written
   * @returns false where there is no such cell (any more): nothing is written
   */
  update<Kind extends CellKind>(
    id: CellId,
    kind: Kind,
    change: (cell: CellOf<Kind>) => CellOf<Kind>,
  ): Promise<boolean> {
    const isOfKind = (cell: Cell | undefined): cell is CellOf<Kind> => cell?.kind === kind
    return this.#inTurn(async () => {
      const cell = this.cell(id)
      if (!isOfKind(cell)) return false
      const changed = change(cell)
      if (changed !== cell) await this.#write(changed)
      return true
    })
  }

  /** An empty note below the given cell, or at the top. */
  async addNote(below: CellId | undefined): Promise<NoteCell> {
    const note: NoteCell = {
      kind: 'note',
      id: this.#services.newId<CellId>(),
      projectId: this.#projectId,
      position: await this.#positionBelow(below),
      markdown: '',
    }
    await this.put(note)
    return note
  }

  /** A count cell below the given cell. */
  async addCount(below: CellId | undefined): Promise<CountCell> {
    const count: CountCell = {
      kind: 'count',
      id: this.#services.newId<CellId>(),
      projectId: this.#projectId,
      position: await this.#positionBelow(below),
      threshold: defaultCountThreshold,
      imageId: undefined,
      output: undefined,
    }
    await this.put(count)
    return count
  }

  /** A review cell below the given cell. */
  async addReview(below: CellId | undefined): Promise<ReviewCell> {
    const review: ReviewCell = {
      kind: 'review',
      id: this.#services.newId<CellId>(),
      projectId: this.#projectId,
      position: await this.#positionBelow(below),
      dismissed: [],
      output: undefined,
    }
    await this.put(review)
    return review
  }

  /** An experiment below the given cell. */
  async addExperiment(
    below: CellId | undefined,
    protocol: Pick<ExperimentCell, 'labels' | 'settings'>,
  ): Promise<ExperimentCell> {
    const experiment: ExperimentCell = {
      kind: 'experiment',
      id: this.#services.newId<CellId>(),
      projectId: this.#projectId,
      position: await this.#positionBelow(below),
      ...protocol,
      xAxis: 'seconds',
      asFraction: false,
      output: undefined,
    }
    await this.put(experiment)
    return experiment
  }

  /**
   * Removes a note, a count, a review, an experiment, or the last round while it is untrained; returns what brings the cell back.
   * @throws for any other cell: it is the record of the work.
   */
  remove(id: CellId): Promise<() => Promise<void>> {
    return this.#inTurn(async () => {
      this.#writer.check()
      const cell = this.cell(id)
      if (cell === undefined || !canRemoveCell(this.cells, cell)) {
        throw new Error(
          'Only notes, counts, reviews, experiments and a last untrained round can be removed; the rest is the record of the work.',
        )
      }
      await this.#services.storage.deleteCell(id)
      this.cells = this.cells.filter((other) => other.id !== id)
      return () => this.put(cell)
    })
  }

  async #write(cell: Cell): Promise<void> {
    this.#writer.check()
    await this.#services.storage.putCells([cell])
    const rest = this.cells.filter(({ id }) => id !== cell.id)
    this.cells = sortCells([...rest, cell])
  }

  /** Reads and writes one after the other: a cell read before a write must not be shown after it. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  /** A free position; makes room by numbering the cells anew where there is none left. */
  #positionBelow(below: CellId | undefined): Promise<number> {
    return this.#inTurn(async () => {
      this.#writer.check()
      try {
        return insertPosition(this.cells, below)
      } catch {
        const renumbered = renumberCells(this.cells)
        await this.#services.storage.putCells(renumbered)
        this.cells = renumbered
        return insertPosition(renumbered, below)
      }
    })
  }
}

import type { ProjectId } from '../core/dataset/types'
import { insertPosition } from '../core/notebook/document'
import type { Cell, CellId, CountCell, NoteCell, RoundCell } from '../core/notebook/types'
import type { Services } from './services'

/** The cells of the open notebook, kept in storage with every change. */
export class NotebookState {
  /** Sorted by position. */
  cells = $state.raw<readonly Cell[]>([])
  readonly #projectId: ProjectId
  readonly #services: Services

  constructor(projectId: ProjectId, services: Services) {
    this.#projectId = projectId
    this.#services = services
  }

  async load(): Promise<void> {
    const cells = await this.#services.storage.listCells(this.#projectId)
    this.cells = cells.toSorted((a, b) => a.position - b.position)
  }

  get rounds(): readonly RoundCell[] {
    return this.cells.filter((cell) => cell.kind === 'round')
  }

  cell(id: CellId): Cell | undefined {
    return this.cells.find((cell) => cell.id === id)
  }

  /** Writes the cell and shows it; the cell keeps its place. */
  async put(cell: Cell): Promise<void> {
    await this.#services.storage.putCells([cell])
    const rest = this.cells.filter(({ id }) => id !== cell.id)
    this.cells = [...rest, cell].toSorted((a, b) => a.position - b.position)
  }

  /** An empty note below the given cell, or at the top. */
  async addNote(below: CellId | undefined): Promise<NoteCell> {
    const note: NoteCell = {
      kind: 'note',
      id: this.#services.newId<CellId>(),
      projectId: this.#projectId,
      position: insertPosition(this.cells, below),
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
      position: insertPosition(this.cells, below),
      threshold: 0.3,
      imageId: undefined,
      output: undefined,
    }
    await this.put(count)
    return count
  }

  /** Notes and counts may go; returns what brings the cell back. */
  async remove(id: CellId): Promise<() => Promise<void>> {
    const cell = this.cell(id)
    if (cell === undefined || (cell.kind !== 'note' && cell.kind !== 'count')) {
      throw new Error(
        'Only notes and counts can be removed; the other cells are the record of the experiment.',
      )
    }
    await this.#services.storage.deleteCell(id)
    this.cells = this.cells.filter((other) => other.id !== id)
    return () => this.put(cell)
  }
}

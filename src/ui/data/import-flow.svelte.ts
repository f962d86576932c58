import type { BoxesAs } from '../../app/state/import-report'
import type { ImportSource, PreparedImport } from '../../app/import/scan'
import type { ProjectSession } from '../../app/project-session.svelte'
import type { Workspace } from '../../app/workspace.svelte'

/** From something dropped or picked to a running import: look through it, ask about its boxes, run. */
export class ImportFlow {
  /** Folders, zips and annotation files are being looked through. */
  scanning = $state(false)
  /** What was found, waiting for the answer what its boxes are for. */
  prepared = $state.raw<PreparedImport | undefined>(undefined)
  readonly #workspace: Workspace
  readonly #session: ProjectSession
  #scan: AbortController | undefined

  constructor(workspace: Workspace, session: ProjectSession) {
    this.#workspace = workspace
    this.#session = session
  }

  /** Why nothing can be imported right now, in words; undefined when it can. */
  get blocked(): string | undefined {
    if (this.scanning || this.prepared !== undefined) return 'An import is being prepared.'
    const { activity, writer } = this.#session
    if (writer.readOnly) return 'This project is open in another tab. Take it over to import here.'
    return activity === undefined
      ? undefined
      : `Wait until “${activity.title}” is finished, or cancel it.`
  }

  /** Must be called inside the drop event: the browser empties its data afterwards. */
  take(source: ImportSource): void {
    if (this.blocked !== undefined) {
      this.#workspace.notices.add('warning', this.blocked)
      return
    }
    this.scanning = true
    this.#scan = new AbortController()
    const { signal } = this.#scan
    const scanned = this.#workspace.attempt('Looking through the import', async () => {
      const prepared = await this.#session.scanImport(source, signal)
      if (prepared.annotationFiles.length > 0 || prepared.images.length === 0)
        this.prepared = prepared
      else void this.#run(prepared, 'none')
    })
    void scanned.finally(() => (this.scanning = false))
  }

  /** Stops looking through what was dropped; nothing has been imported yet. */
  cancelScan(): void {
    this.#scan?.abort(new DOMException('Cancelled', 'AbortError'))
  }

  /** The answer to the question; starts the import. */
  confirm(boxesAs: BoxesAs): void {
    const { prepared } = this
    this.prepared = undefined
    if (prepared !== undefined) void this.#run(prepared, boxesAs)
  }

  dismiss(): void {
    this.prepared?.dispose()
    this.prepared = undefined
  }

  #run(prepared: PreparedImport, boxesAs: BoxesAs): Promise<void> {
    return this.#workspace.attempt('Importing', () => this.#session.runImport(prepared, boxesAs))
  }
}

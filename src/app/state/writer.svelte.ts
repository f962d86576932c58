import type { ProjectId } from '../../core/dataset/types'
import { holdProject, type ProjectHold } from '../../storage/database/locks'

/** Whether this tab may change the project: one tab at a time may, the others only look. */
export class Writer {
  /** Another tab is the writer. */
  readOnly = $state(false)
  #hold: ProjectHold | undefined

  /** Tries to become the writer. @param onLost told when another tab took the project over */
  async open(projectId: ProjectId, onLost: () => void): Promise<void> {
    this.#hold = await holdProject(projectId, () => {
      this.readOnly = true
      onLost()
    })
    this.readOnly = !this.#hold.held
  }

  /** Becomes the writer now; the other tab turns read-only. */
  async takeOver(): Promise<void> {
    await this.#hold?.takeOver()
    this.readOnly = this.#hold?.held !== true
  }

  async close(): Promise<void> {
    await this.#hold?.release()
  }

  /** @throws when another tab is the writer. */
  check(): void {
    if (this.readOnly) {
      throw new Error('This project is open in another tab. Take it over to change it here.')
    }
  }
}

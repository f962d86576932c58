/** One writer a project: tabs agree through Web Locks, which the browser frees when a tab dies. */
import type { ProjectId } from '../../core/dataset/types'

export interface ProjectHold {
  /** True while this tab may write to the project. */
  readonly held: boolean
  /** Lets another tab become the writer; resolves once the lock is free. Harmless when the project is not held. */
  release(): Promise<void>
  /** Becomes the writer now; the tab that was it is told through its `onLost`. */
  takeOver(): Promise<void>
}

/**
 * Tries to become the only writer of the project; `held` of the result says whether that worked.
 *
 * @param onLost Runs when another tab took the project over. This tab must not write from then on.
 */
export async function holdProject(projectId: ProjectId, onLost: () => void): Promise<ProjectHold> {
  const name = `margin:project:${projectId}`
  // Ends the hold in force; each acquisition has its own, so a late end of an old one cannot drop a new one.
  let endHold: (() => void) | undefined
  let freed: Promise<unknown> = Promise.resolve()

  /** Resolves once the lock is held (true) or known to be somebody else's (false). */
  const acquire = (options: LockOptions) =>
    new Promise<boolean>((resolve, reject) => {
      let granted: (() => void) | undefined
      const finished = navigator.locks.request(name, options, (lock) => {
        if (lock === null) {
          resolve(false)
          return undefined
        }
        return new Promise<void>((end) => {
          granted = end
          endHold = end
          resolve(true)
        })
      })
      const settled = finished.catch((error: unknown) => {
        if (granted === undefined) {
          reject(error)
          return
        }
        // A granted request only fails when the lock was stolen.
        if (endHold === granted) {
          endHold = undefined
          onLost()
        }
      })
      freed = settled
    })

  await acquire({ ifAvailable: true })
  return {
    get held() {
      return endHold !== undefined
    },
    async release() {
      endHold?.()
      endHold = undefined
      await freed
    },
    async takeOver() {
      if (endHold === undefined) await acquire({ steal: true })
    },
  }
}

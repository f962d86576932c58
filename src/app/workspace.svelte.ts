import { demoProject } from './demo/demo-project'
import { EngineStatus } from './state/engine-status.svelte'
import { isCancellation } from './state/activity.svelte'
import { FeatureCache } from './state/feature-cache.svelte'
import { Notices } from './state/notices.svelte'
import { ProjectSession } from './project-session.svelte'
import type { Services } from './state/services'
import type { Project, ProjectId } from '../core/dataset/types'
import { initialNotebook } from '../core/notebook/document'
import type { CellId } from '../core/notebook/types'
import type { ProjectSummary } from '../storage/database/types'

/** How long a deleted project can be brought back. */
const binSeconds = 24 * 3600

/** The whole application: the list of projects, the one that is open, the engine, and messages. */
export class Workspace {
  projects = $state.raw<readonly ProjectSummary[]>([])
  session = $state.raw<ProjectSession | undefined>(undefined)
  loading = $state(true)
  /** The storage is gone while the page is open: nothing else works until a reload. */
  fatal = $state<string | undefined>(undefined)
  readonly notices = new Notices()
  readonly engine: EngineStatus
  readonly featureCache: FeatureCache
  readonly #services: Services
  #turn: Promise<unknown> = Promise.resolve()

  constructor(services: Services) {
    this.#services = services
    this.engine = new EngineStatus(services)
    this.featureCache = new FeatureCache(services.storage)
  }

  /** Reads the projects and reopens the last one. */
  async start(): Promise<void> {
    try {
      await this.refresh()
      const last = await this.#services.storage.getLastProject()
      if (
        last !== undefined &&
        this.projects.some(
          ({ project, deletedAt }) => project.id === last && deletedAt === undefined,
        )
      ) {
        await this.openProject(last)
      }
    } catch (error) {
      this.notices.report(error, 'Starting')
    } finally {
      this.loading = false
    }
    // Last: emptying the bin may take long or fail, and neither may keep anybody from their projects.
    await this.attempt('Emptying the bin', () =>
      this.#services.storage.purgeDeleted(this.#services.now() - binSeconds * 1000),
    )
  }

  /** Another tab opened a newer version, which may have changed how things are stored. */
  storageClosed(): void {
    this.session?.activity?.cancel()
    this.fatal =
      'Another tab has opened a newer version of Margin. Reload this tab to go on with it.'
  }

  async refresh(): Promise<void> {
    const all = await this.#services.storage.listProjects()
    this.projects = all.filter(({ deletedAt }) => deletedAt === undefined)
  }

  /** Makes an empty project with its notebook and opens it. */
  async createProject(name: string): Promise<ProjectSession> {
    const now = this.#services.now()
    const project: Project = {
      id: this.#services.newId<ProjectId>(),
      name: name.trim() === '' ? 'Untitled project' : name.trim(),
      createdAt: now,
      updatedAt: now,
      seed: 1,
      testFraction: 0.2,
      kind: 'user',
      hasOracle: false,
    }
    return this.#create(project)
  }

  /** Makes the supermarket-shelf demo, opens it and starts playing rounds. */
  async createDemo(): Promise<void> {
    const session = await this.#create(demoProject(this.#services))
    void session.playDemo()
  }

  /** Closes the open project and opens this one; one that is open already stays open. */
  openProject(id: ProjectId): Promise<ProjectSession> {
    return this.#inTurn(async () => {
      if (this.session?.project.id === id) return this.session
      await this.#close()
      return this.#open(id)
    })
  }

  closeProject(): Promise<void> {
    return this.#inTurn(() => this.#close())
  }

  /** Opening twice at once would make this tab its own competitor for the project's lock. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  async #open(id: ProjectId): Promise<ProjectSession> {
    const session = await ProjectSession.open(id, this.#services, this.engine, this.notices)
    this.session = session
    await this.#services.storage.putLastProject(id)
    return session
  }

  async #close(): Promise<void> {
    const session = this.session
    if (session === undefined) return
    try {
      await session.close()
    } finally {
      this.session = undefined
    }
    await this.#services.storage.putLastProject(undefined)
    await this.refresh()
  }

  async renameProject(id: ProjectId, name: string): Promise<void> {
    const trimmed = name.trim()
    const project = await this.#services.storage.getProject(id)
    if (project === undefined || trimmed === '' || trimmed === project.name) return
    const renamed = { ...project, name: trimmed, updatedAt: this.#services.now() }
    await this.#services.storage.putProject(renamed)
    if (this.session?.project.id === id) this.session.project = renamed
    await this.refresh()
  }

  /** Moves a project to the bin (the view has asked for confirmation) and offers undo. */
  async deleteProject(id: ProjectId): Promise<void> {
    const name = this.projects.find(({ project }) => project.id === id)?.project.name ?? 'Project'
    if (this.session?.project.id === id) await this.closeProject()
    await this.#services.storage.deleteProject(id, this.#services.now())
    await this.refresh()
    this.notices.add('info', `Deleted “${name}”.`, {
      label: 'Undo',
      run: () => void this.attempt('Restoring the project', () => this.restoreProject(id)),
    })
  }

  async restoreProject(id: ProjectId): Promise<void> {
    await this.#services.storage.restoreProject(id)
    await this.refresh()
  }

  /** Runs an action of the interface; whatever goes wrong is told, not thrown. */
  async attempt(doing: string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action()
    } catch (error) {
      if (!isCancellation(error)) this.notices.report(error, doing)
    }
  }

  async #create(project: Project): Promise<ProjectSession> {
    const cells = initialNotebook(project.id, () => this.#services.newId<CellId>())
    await this.#services.storage.putProject(project)
    await this.#services.storage.putCells(cells)
    await this.refresh()
    return this.openProject(project.id)
  }
}

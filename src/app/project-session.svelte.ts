import type { Category, ImageId, ImageRecord, Project, ProjectId } from '../core/dataset/types'
import type { ImageDetections } from '../core/detection/types'
import { buildPool } from '../core/dataset/pool'
import { learningCurve } from '../core/notebook/learning-curve'
import type {
  CellId,
  ExperimentCell,
  ReviewItem,
  RoundCell,
  RoundSettings,
} from '../core/notebook/types'
import { type Activity, isCancellation } from './state/activity.svelte'
import type { EngineStatus } from './state/engine-status.svelte'
import type { BoxesAs, ImportReport } from './state/import-report'
import { runImport } from './import/job'
import { type ImportSource, type PreparedImport, scanImport } from './import/scan'
import { LabelBook } from './state/label-book.svelte'
import { NotebookState } from './state/notebook-state.svelte'
import type { Notices } from './state/notices.svelte'
import { playRounds } from './demo/play-rounds'
import { countObjects } from './analysis/counting'
import { newProtocol } from './experiment/data'
import { runExperiment } from './experiment/experimenting'
import { dismissSuspect, reviewLabels } from './analysis/reviewing'
import { offerToGoOn } from './experiment/interrupted'
import { answerFromOracle, createSeedRound, queryNextRound, trainRound } from './round-loop'
import type { Services } from './state/services'
import type { Session } from './state/session'
import { staleCellIds } from './state/staleness'
import { redrawTestSplit } from './rounds/test-split'
import { Writer } from './state/writer.svelte'

/** One open project: its data, labels, notebook, and the long work going on in it. */
export class ProjectSession implements Session {
  project = $state.raw() as Project
  /** In import order. */
  images = $state.raw<readonly ImageRecord[]>([])
  /** Images whose boxes the oracle knows. */
  oracleIds = $state.raw<ReadonlySet<ImageId>>(new Set())
  readonly labels: LabelBook
  readonly notebook: NotebookState
  readonly engine: EngineStatus
  readonly notices: Notices
  readonly services: Services
  /** Whether this tab may change the project. */
  readonly writer = new Writer()

  /** The long work under way; one at a time. */
  activity = $state.raw<Activity | undefined>(undefined)
  importReport = $state.raw<ImportReport | undefined>(undefined)
  /** The newest trained round's detections: proposals, ranking and counts read them. */
  detections = $state.raw<ReadonlyMap<ImageId, ImageDetections>>(new Map())
  /** The image in the annotator, if it is open. */
  openImageId = $state.raw<ImageId | undefined>(undefined)
  /** The images next and previous walk through. */
  queue = $state.raw<readonly ImageId[]>([])
  /** Rounds are being played without the user. */
  playing = $state(false)
  scrollTop = 0
  #closed = false
  /** Settles when the work under way has ended, with whatever outcome. */
  #running: Promise<unknown> = Promise.resolve()

  readonly #byId = $derived(new Map(this.images.map((image) => [image.id, image])))
  /** Pool images, by whether their label is done. */
  readonly pool = $derived.by(() => buildPool(this.images, this.labels.all()))
  readonly testImages = $derived(this.images.filter(({ split }) => split === 'test'))
  readonly testLabeled = $derived(this.testImages.filter(({ id }) => this.labels.isDone(id)))
  readonly curve = $derived.by(() => learningCurve(this.notebook.rounds))
  /** Cells whose saved output no longer matches what it was computed from. */
  readonly stale = $derived(staleCellIds(this))

  private constructor(
    project: Project,
    services: Services,
    engine: EngineStatus,
    notices: Notices,
  ) {
    this.project = project
    this.services = services
    this.engine = engine
    this.notices = notices
    this.labels = new LabelBook(project.id, services, this.writer)
    this.notebook = new NotebookState(project.id, services, this.writer)
  }

  /** Reads the project and everything in it. @throws when it does not exist. */
  static async open(
    id: ProjectId,
    services: Services,
    engine: EngineStatus,
    notices: Notices,
  ): Promise<ProjectSession> {
    const project = await services.storage.getProject(id)
    if (project === undefined) throw new Error('This project is no longer on this machine.')
    const session = new ProjectSession(project, services, engine, notices)
    // Somebody else writes from now on: what runs here would overwrite what they do.
    await session.writer.open(id, () => session.activity?.interrupt())
    try {
      await session.reload()
      await session.#restoreView()
      await session.#loadNewestDetections()
    } catch (error) {
      await session.writer.close()
      throw error
    }
    if (!session.writer.readOnly) await offerToGoOn(session)
    return session
  }

  async #restoreView(): Promise<void> {
    const state = await this.services.storage.getUiState(this.project.id)
    if (state === undefined) return
    this.openImageId = this.image(state.openImageId) === undefined ? undefined : state.openImageId
    this.queue = state.queue
    this.scrollTop = state.scrollTop
  }

  async #loadNewestDetections(): Promise<void> {
    const trained = this.notebook.rounds.findLast(({ output }) => output !== undefined)
    if (trained === undefined) this.detections = new Map()
    else await this.loadDetections(trained.id)
  }

  /** Reads everything from storage again; labels being written meanwhile stay visible. */
  async reload(): Promise<void> {
    const { storage } = this.services
    const [images, oracleIds] = await Promise.all([
      storage.listImages(this.project.id),
      storage.listOracleIds(this.project.id),
      this.labels.load(),
      this.notebook.load(),
    ])
    this.images = images.toSorted((a, b) => a.order - b.order)
    this.oracleIds = oracleIds
    this.project = (await storage.getProject(this.project.id)) ?? this.project
  }

  /** Stops the work under way and lets another tab write; nothing is written here any more once it resolves. */
  async close(): Promise<void> {
    this.#closed = true
    this.activity?.interrupt()
    await this.#running
    try {
      await this.saveUiState()
    } finally {
      await this.writer.close()
    }
    // Features of other projects would only fill the worker's memory; a worker that died has none.
    if (this.engine.state === 'ready')
      await this.engine.call('clearFeatures', undefined).catch(() => undefined)
  }

  /** Makes this tab the writer; what the other tab changed meanwhile is read first. */
  async takeOver(): Promise<void> {
    await this.writer.takeOver()
    await this.reload()
    await this.#loadNewestDetections()
  }

  /** The record of an image; undefined for an id that is not, or no longer, in the project. */
  image(id: ImageId | undefined): ImageRecord | undefined {
    return id === undefined ? undefined : this.#byId.get(id)
  }

  get categories(): readonly Category[] {
    return this.labels.categories
  }

  /** The round that is being labelled, trained, or was finished last. */
  get latestRound(): RoundCell | undefined {
    return this.notebook.rounds.at(-1)
  }

  /** Picks of a round that still wait for a label. */
  openPicks(round: RoundCell): readonly ImageId[] {
    return round.picks.map(({ imageId }) => imageId).filter((id) => !this.labels.isDone(id))
  }

  imageBlob(id: ImageId): Promise<Blob | undefined> {
    return this.services.storage.getImageBlob(id)
  }

  thumbnail(id: ImageId): Promise<Blob | undefined> {
    return this.services.storage.getThumbnail(id)
  }

  // -- Import and split

  /** Looks through what was dropped or picked, so that the user can choose what its boxes are for. */
  scanImport(source: ImportSource, signal?: AbortSignal): Promise<PreparedImport> {
    return scanImport(this, source, signal)
  }

  /** Imports; progress in `activity`, the outcome in `importReport`. */
  runImport(prepared: PreparedImport, boxesAs: BoxesAs): Promise<void> {
    return runImport(this, prepared, boxesAs)
  }

  /** Draws the test split anew, 0..0.5 of the images. @throws once a round exists. */
  setTestFraction(fraction: number): Promise<void> {
    return redrawTestSplit(this, fraction)
  }

  // -- Rounds

  /** Draws the seed set, at random unless the strategy can choose without a model, and adds round 0. */
  startSeedRound(settings: RoundSettings): Promise<RoundCell> {
    return createSeedRound(this, settings)
  }

  /** Trains on everything labelled so far, evaluates, and predicts the pool. */
  trainRound(id: CellId): Promise<void> {
    return trainRound(this, id)
  }

  /** Ranks the pool with the newest model and adds the round that asks for the best. */
  queryNextRound(settings: RoundSettings): Promise<RoundCell> {
    return queryNextRound(this, settings)
  }

  /** Lets the hidden oracle label what the round asks for. */
  answerFromOracle(id: CellId): Promise<void> {
    return answerFromOracle(this, id)
  }

  /** Plays rounds by itself, the oracle answering, until cancelled or `rounds` are done; see `playRounds`. */
  play(rounds: number, settings: RoundSettings, seedStrategyId?: string): Promise<void> {
    return playRounds(this, rounds, settings, seedStrategyId)
  }

  /** Fills the demo with shelves if it is empty, then plays rounds. */
  async playDemo(): Promise<void> {
    try {
      const { runDemo } = await import('./demo/demo')
      await runDemo(this)
    } catch (error) {
      if (!isCancellation(error)) this.notices.report(error, 'The demo stopped')
    }
  }

  /** Counts objects with the newest model; the result is saved in the cell. */
  count(id: CellId): Promise<void> {
    return countObjects(this, id)
  }

  /** Looks for label errors with the newest model; the result is saved in the cell. */
  review(id: CellId): Promise<void> {
    return reviewLabels(this, id)
  }

  /** An experiment below the given cell, with a protocol that suits the labelled images. */
  async addExperiment(below: CellId | undefined): Promise<ExperimentCell> {
    return this.notebook.addExperiment(below, await newProtocol(this))
  }

  /** Runs the experiment of a cell, or goes on with it; the cell keeps what is complete. */
  experiment(id: CellId): Promise<void> {
    return runExperiment(this, id)
  }

  /** Keeps in the review that a label is right, whatever a model says. */
  dismissSuspect(id: CellId, item: ReviewItem): Promise<void> {
    return dismissSuspect(this, id, item)
  }

  /** Takes over what a round's head saw, as stored; nothing when it was evicted. */
  async loadDetections(round: CellId): Promise<void> {
    const list = await this.services.storage.getPredictions(round)
    this.detections = new Map(list.map((detections) => [detections.imageId, detections]))
  }

  // -- Annotator navigation

  /** Opens an image in the annotator; `queue` is what next and previous walk through. */
  openImage(id: ImageId, queue: readonly ImageId[] = [id]): void {
    this.openImageId = id
    this.queue = queue.includes(id) ? queue : [id, ...queue]
    this.#saveView()
  }

  closeImage(): void {
    this.openImageId = undefined
    this.#saveView()
  }

  /** Where somebody looks is not worth a message when it cannot be kept. */
  #saveView(): void {
    this.saveUiState().catch(() => undefined)
  }

  async saveUiState(): Promise<void> {
    if (this.writer.readOnly) return // where the writer is matters, not where somebody looks
    await this.services.storage.putUiState({
      projectId: this.project.id,
      openImageId: this.openImageId,
      queue: this.queue,
      scrollTop: this.scrollTop,
    })
  }

  /** Runs one piece of long work; refuses a second one. Cancelling is not an error. */
  async during<T>(activity: Activity, work: (activity: Activity) => Promise<T>): Promise<T> {
    if (this.#closed) throw new DOMException('The project was closed.', 'AbortError')
    this.writer.check()
    if (this.activity !== undefined)
      throw new Error(`Wait until “${this.activity.title}” is finished, or cancel it.`)
    this.activity = activity
    try {
      const working = work(activity)
      this.#running = working.catch(() => undefined)
      return await working
    } finally {
      this.activity = undefined
    }
  }
}

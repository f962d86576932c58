import type { Category, ImageId, ImageRecord, Project } from '../../core/dataset/types'
import type { Pool } from '../../core/dataset/pool'
import type { ImageDetections } from '../../core/detection/types'
import type { CellId, RoundCell, RoundSettings } from '../../core/notebook/types'
import type { Activity } from './activity.svelte'
import type { EngineStatus } from './engine-status.svelte'
import type { ImportReport } from './import-report'
import type { LabelBook } from './label-book.svelte'
import type { NotebookState } from './notebook-state.svelte'
import type { Notices } from './notices.svelte'
import type { Services } from './services'

/** An open project as the jobs (import, training, ranking, counting, demo) see it. */
export interface Session {
  project: Project
  /** In import order. */
  readonly images: readonly ImageRecord[]
  /** Images whose boxes the oracle knows. */
  readonly oracleIds: ReadonlySet<ImageId>
  readonly labels: LabelBook
  readonly notebook: NotebookState
  readonly engine: EngineStatus
  readonly notices: Notices
  readonly services: Services
  readonly categories: readonly Category[]
  readonly pool: Pool
  readonly testImages: readonly ImageRecord[]
  readonly testLabeled: readonly ImageRecord[]
  readonly latestRound: RoundCell | undefined
  /** The image in the annotator, if it is open. */
  readonly openImageId: ImageId | undefined
  /** The newest trained round's detections. */
  detections: ReadonlyMap<ImageId, ImageDetections>
  importReport: ImportReport | undefined
  /** Rounds are being played without the user. */
  playing: boolean
  image(id: ImageId | undefined): ImageRecord | undefined
  imageBlob(id: ImageId): Promise<Blob | undefined>
  openPicks(round: RoundCell): readonly ImageId[]
  startSeedRound(settings: RoundSettings): Promise<RoundCell>
  queryNextRound(settings: RoundSettings): Promise<RoundCell>
  answerFromOracle(id: CellId): Promise<void>
  trainRound(id: CellId): Promise<void>
  /** Reads everything from storage again. */
  reload(): Promise<void>
  /** Runs one piece of long work; refuses a second one. */
  during<T>(activity: Activity, work: (activity: Activity) => Promise<T>): Promise<T>
}

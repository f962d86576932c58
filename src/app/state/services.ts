import type { Brand } from '../../core/dataset/types'
import type { EngineMethods } from '../../engine/protocol'
import type { MediaMethods } from '../../media/protocol'
import type { WorkerClient } from '../../rpc/client'
import type { MarginStorage } from '../../storage/database/types'

/** The parts the state classes work with; built in `main.ts`. */
export interface Services {
  readonly storage: MarginStorage
  readonly engine: WorkerClient<EngineMethods>
  readonly media: WorkerClient<MediaMethods>
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** A fresh unique id of the wanted brand. */
  newId<T extends Brand<string, string>>(): T
}

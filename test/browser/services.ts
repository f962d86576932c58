import type { Services } from '../../src/app/state/services'
import type { Brand } from '../../src/core/dataset/types'
import { createEngineClient } from '../../src/engine/client'
import { createMediaClient } from '../../src/media/client'
import type { MarginStorage } from '../../src/storage/database/types'

/** Real workers, the real clock and random ids over a storage, unless said otherwise. */
export function servicesOn(storage: MarginStorage, changes: Partial<Services> = {}): Services {
  return {
    storage,
    engine: createEngineClient(),
    media: createMediaClient(),
    now: () => Date.now(),
    newId: <T extends Brand<string, string>>() => crypto.randomUUID() as T,
    ...changes,
  }
}

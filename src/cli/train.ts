import { manyLabelsSettings } from '../core/detection/model-settings'
import type { ModelSettings } from '../core/detection/types'
import type { BackendName } from '../engine/device/protocol'
import { prepareTrial, type TrialResult } from './detector-trial'

export interface TrainOptions {
  readonly folderUrl: string
  /** Undefined: the whole pool, with a larger head than a round's. */
  readonly labeled?: number
  readonly seed: number
  readonly splitSeed: number
  readonly backend?: BackendName
  readonly settings?: Partial<ModelSettings>
}

/** Trains one detector on a data set and evaluates it on a quarter that was held out. */
export async function run(
  { labeled, seed, settings, ...options }: TrainOptions,
  report: (text: string) => void,
): Promise<TrialResult & { readonly backend: BackendName }> {
  const trial = await prepareTrial(
    {
      ...options,
      settings: {
        ...(labeled === undefined && manyLabelsSettings(settings?.depth ?? 'head')),
        ...settings,
      },
      baseUrl: new URL('/', location.href).href,
    },
    report,
  )
  try {
    return { ...(await trial.run(labeled, seed)), backend: trial.engine.backend }
  } finally {
    trial.close()
  }
}

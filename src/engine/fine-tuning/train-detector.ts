import { seededRandom } from '../../core/random/seeded'
import type { HandlerContext } from '../../rpc/types'
import type { Backbone } from '../backbone/backbone'
import type { FeatureStore } from '../features/feature-store'
import { initialParameters, unpackHead, type HeadShape } from '../head/head'
import type {
  Checkpoint,
  TrainEvent,
  TrainRequest,
  TrainedHead,
  TuningInputs,
} from '../head/protocol'
import { defaultRecipe, trainHead, type TrainingRecipe } from '../head/train'
import { createTrainingSet, meanRawDistances, type TrainingSet } from '../head/training-set'
import { startingParameters } from '../head/warm-start'
import { fineTune, tuningKey, type TuningStart } from './fine-tune'
import { defaultTuningRecipe, type TuningRecipe } from './recipe'

/** The recipes of both stages. */
export interface DetectorRecipes {
  readonly head: TrainingRecipe
  readonly tuning: TuningRecipe
}

const defaultRecipes: DetectorRecipes = { head: defaultRecipe, tuning: defaultTuningRecipe }

/**
 * Trains to the depth that the settings ask for: the head on cached features and, beyond the depth `head`, then head,
 * projection and network together on the images. A warm start at such a depth goes on with all three at once.
 * @throws Error when the request cannot be trained on or the loss diverges at any rate; the signal's reason when
 *   cancelled
 */
export async function trainDetector(
  backbone: Backbone,
  request: TrainRequest,
  store: FeatureStore,
  context: HandlerContext<TrainEvent>,
  recipes: DetectorRecipes = defaultRecipes,
): Promise<TrainedHead> {
  const { settings, categories, tuning, checkpoint } = request
  if (settings.depth === 'head') return trainHead(request, store, context, recipes.head)
  const set = createTrainingSet(request, store)
  const inputs = checkInputs(tuning, set)
  const shape: HeadShape = {
    channels: set.channels,
    members: settings.committee,
    hidden: settings.hidden,
    outputs: categories.length + 4,
  }
  const isTuning = checkpoint?.key === (await tuningKey(request, set, recipes.tuning))
  const start =
    settings.start === 'warm'
      ? warmStart(request, set, shape)
      : isTuning
        ? { projection: inputs.projection, head: undefined, losses: [], seconds: 0 }
        : await headFirst(request, inputs, store, context, recipes.head)
  const own = { ...request, tuning: inputs }
  return fineTune(backbone, own, set, shape, start, context, recipes.tuning)
}

function checkInputs(tuning: TuningInputs | undefined, set: TrainingSet): TuningInputs {
  if (tuning === undefined) {
    throw new Error(
      'Training below the head needs the images and their projection; only the depth `head` does without.',
    )
  }
  if (tuning.projection.id !== set.projectionId) {
    throw new Error(
      `The images have features of projection ${set.projectionId}, not of ${tuning.projection.id}; embed them again.`,
    )
  }
  return tuning
}

/** The head's own training, as the first stage of a deeper one. */
async function headFirst(
  request: TrainRequest,
  { projection }: TuningInputs,
  store: FeatureStore,
  { signal, emit }: HandlerContext<TrainEvent>,
  recipe: TrainingRecipe,
): Promise<TuningStart> {
  let last: Checkpoint | undefined
  const forward = (event: TrainEvent): void => {
    if (event.kind === 'checkpoint') last = event.checkpoint
    if (event.kind !== 'phase' || event.phase !== 'finishing') emit(event)
  }
  const head = await trainHead(request, store, { signal, emit: forward }, recipe)
  const taken = last ?? request.checkpoint
  return {
    head: unpackHead(head),
    projection,
    losses: taken?.losses ?? [],
    seconds: taken?.seconds ?? 0,
  }
}

/** The last round's head, projection and network. */
function warmStart(request: TrainRequest, { images }: TrainingSet, shape: HeadShape): TuningStart {
  const { initial, settings, seed } = request
  if (initial?.tuned === undefined || initial.settings.depth !== settings.depth) {
    throw new Error(
      `A warm start at the depth ${settings.depth} needs a head that was trained at it; start from scratch.`,
    )
  }
  if (initial.tuned.inputSize !== settings.inputSize) {
    throw new Error(
      `The head to start from sees ${initial.tuned.inputSize} pixels, the settings ask for ${settings.inputSize}; ` +
        'set the input size back, or start from scratch.',
    )
  }
  const fresh = initialParameters(
    shape,
    meanRawDistances(images),
    seededRandom(seed).fork('weights'),
  )
  const head = startingParameters(request, shape, initial.projectionId, fresh)
  return { head, projection: initial.tuned, losses: [], seconds: 0 }
}

import { sortedById } from '../dataset/image-order'
import type { Category, CategoryId, ImageId, ImageLabel, ImageRecord } from '../dataset/types'
import { versionIn } from '../experiment/replay/units'
import { fingerprint } from './fingerprint'
import { dependencyGraph, latestTrainedRound, roundsOf } from './graph'
import { roundModel } from './round-model'
import type {
  Cell,
  CellId,
  CountCell,
  ExperimentCell,
  ModelSettings,
  ReviewCell,
  RoundCell,
} from './types'

/** What the outputs of a notebook were computed from, as it is now. */
export interface NotebookState {
  readonly cells: readonly Cell[]
  readonly images: readonly Pick<ImageRecord, 'id' | 'split'>[]
  /** Images whose boxes the oracle knows. */
  readonly oracleIds: ReadonlySet<ImageId>
  readonly labels: Iterable<Pick<ImageLabel, 'imageId' | 'status' | 'revision'>>
  readonly categories: readonly Pick<Category, 'id' | 'order'>[]
}

export interface LabelVersion {
  readonly imageId: ImageId
  readonly revision: number
}

/** Everything a round's output depends on. */
export interface RoundInputs {
  readonly model: ModelSettings
  /** Digest of the head it starts from; undefined when it starts from scratch. */
  readonly initial: string | undefined
  readonly seed: number
  /** In the order of the class vector. */
  readonly categories: readonly CategoryId[]
  /** Labels the round trains on, by image id. */
  readonly training: readonly LabelVersion[]
  /** Labels of the test split it is measured on, by image id. */
  readonly test: readonly LabelVersion[]
}

/**
 * What a round's output depends on at present. Its training labels are those of the images that
 * rounds 0 to its own asked for, and of `trainedOn`; labels given for a later round are not among
 * them and cannot make it stale. Labels that are not done do not count.
 *
 * @param trainedOn further images it trains on, which no round asked for (labels that came with
 *   the import, or were given unasked); what the output recorded unless given.
 * @throws Error when the notebook has no model cell.
 */
export function roundInputs(
  state: NotebookState,
  round: RoundCell,
  trainedOn: readonly ImageId[] = round.output?.trainedOn ?? [],
): RoundInputs {
  return inputsOf(indexState(state), round, trainedOn)
}

/** Digest of a round's inputs, to be kept in its output; order does not matter. */
export function roundFingerprint(inputs: RoundInputs): string {
  // As it was before there was a choice, so that rounds of that time are not stale.
  const { start, depth, views, ...model } = inputs.model
  return fingerprint({
    ...inputs,
    model: {
      ...model,
      ...(start !== 'scratch' && { start }),
      ...(depth !== 'head' && { depth }),
      ...(views !== 0 && { views }),
    },
    training: sortedById(inputs.training).map(versionText),
    test: sortedById(inputs.test).map(versionText),
  })
}

/**
 * Digest of everything a count's output depends on, to be kept in it: threshold, images, and the
 * newest trained round's output.
 */
export function countFingerprint(
  { cells, images }: Pick<NotebookState, 'cells' | 'images'>,
  cell: Pick<CountCell, 'threshold' | 'imageId'>,
): string {
  const round = latestTrainedRound(cells)
  return fingerprint({
    threshold: cell.threshold,
    images: cell.imageId === undefined ? poolIds(images) : [cell.imageId],
    round: round === undefined ? null : [round.id, round.output?.fingerprint ?? ''],
  })
}

/** Digest of everything a review's output depends on: the pool's labels and the newest trained round's output. */
export function reviewFingerprint(state: NotebookState): string {
  return fingerprintOfReview(state.cells, indexState(state))
}

function fingerprintOfReview(cells: readonly Cell[], { done, categories }: IndexedState): string {
  const round = latestTrainedRound(cells)
  return fingerprint({
    labels: sortedById(done).map(versionText),
    categories,
    round: round === undefined ? null : [round.id, round.output?.fingerprint ?? ''],
  })
}

/**
 * Digest of everything an experiment's output depends on: its settings, the versions of its strategies where they are not
 * the first, the categories, and the labels that answer. Of an image the oracle's words stand, so they count by which images
 * it knows, and on which side of the split. What a class is called changes no training and does not count.
 */
export function experimentFingerprint(
  state: NotebookState,
  cell: Pick<ExperimentCell, 'labels' | 'settings'>,
): string {
  return fingerprintOfExperiment(state, indexState(state), cell)
}

function fingerprintOfExperiment(
  { images, oracleIds }: NotebookState,
  { done, test, categories }: IndexedState,
  { labels, settings }: Pick<ExperimentCell, 'labels' | 'settings'>,
): string {
  const versions = settings.strategies.flatMap(({ id }) => {
    const { version } = versionIn(settings, id)
    return version === undefined ? [] : [`${id} ${version}`]
  })
  return fingerprint({
    settings,
    // Not named before there was one: what was computed then is as good as ever.
    ...(versions.length > 0 && { versions }),
    categories,
    data:
      labels === 'own'
        ? { pool: done.map(versionText), test: test.map(versionText) }
        : images.flatMap(({ id, split }) => (oracleIds.has(id) ? `${split} ${id}` : [])).sort(),
  })
}

/** A cell that keeps an output. */
export type CellWithOutput = RoundCell | CountCell | ReviewCell | ExperimentCell

/** The present fingerprint of any cell that keeps an output, for `staleCells`. */
export function currentFingerprints(state: NotebookState): (cell: CellWithOutput) => string {
  const indexed = indexState(state)
  return (cell) => {
    switch (cell.kind) {
      case 'round':
        return roundFingerprint(inputsOf(indexed, cell, cell.output?.trainedOn ?? []))
      case 'count':
        return countFingerprint(state, cell)
      case 'review':
        return fingerprintOfReview(state.cells, indexed)
      case 'experiment':
        return fingerprintOfExperiment(state, indexed, cell)
    }
  }
}

/**
 * The cells whose saved output is out of date: its fingerprint is not the current one, or
 * something it reads is stale itself. The curve, drawn from the rounds' outputs, is stale with
 * any of them. A cell without output is never stale.
 *
 * @param current usually `currentFingerprints(state)`.
 */
export function staleCells(
  cells: readonly Cell[],
  current: (cell: CellWithOutput) => string,
): Set<CellId> {
  const stale = new Set<CellId>()
  const byId = new Map(cells.map((cell) => [cell.id, cell]))
  // In dependency order: what a cell reads has been decided before the cell is.
  for (const [id, reads] of dependencyGraph(cells)) {
    const cell = byId.get(id)
    if (cell === undefined || !hasOutput(cell)) continue
    const changed = 'output' in cell && cell.output?.fingerprint !== current(cell)
    if (changed || reads.some((read) => stale.has(read))) stale.add(id)
  }
  return stale
}

function hasOutput(cell: Cell): boolean {
  return 'output' in cell ? cell.output !== undefined : cell.kind === 'curve'
}

interface IndexedState {
  readonly model: ModelSettings
  readonly rounds: readonly RoundCell[]
  readonly categories: readonly CategoryId[]
  readonly test: readonly LabelVersion[]
  /** Finished labels of the pool, by image id. */
  readonly done: readonly LabelVersion[]
}

function indexState({ cells, images, labels, categories }: NotebookState): IndexedState {
  const model = cells.find((cell) => cell.kind === 'model')
  if (model === undefined) {
    throw new Error('The notebook has no model cell; this project is damaged, restore a backup.')
  }
  const splits = new Map(images.map(({ id, split }) => [id, split]))
  const done: LabelVersion[] = []
  const test: LabelVersion[] = []
  for (const { imageId, status, revision } of labels) {
    const split = status === 'done' ? splits.get(imageId) : undefined
    if (split === 'test') test.push({ imageId, revision })
    if (split === 'pool') done.push({ imageId, revision })
  }
  return {
    model: model.settings,
    rounds: roundsOf(cells),
    categories: [...categories].sort((a, b) => a.order - b.order).map(({ id }) => id),
    test: sortedById(test),
    done: sortedById(done),
  }
}

function inputsOf(
  { model, rounds, categories, test, done }: IndexedState,
  round: RoundCell,
  trainedOn: readonly ImageId[],
): RoundInputs {
  const asked = rounds
    .filter(({ index }) => index <= round.index)
    .flatMap(({ picks }) => picks.map(({ imageId }) => imageId))
  const used = new Set([...asked, ...trainedOn])
  const training = done.filter(({ imageId }) => used.has(imageId))
  const { settings, startsFrom } = roundModel(model, rounds, round)
  return {
    model: settings,
    initial: startsFrom?.output?.weightsDigest ?? startsFrom?.output?.fingerprint,
    seed: round.settings.seed,
    categories,
    training,
    test,
  }
}

/** One string a label: a fingerprint over hundreds of small objects would be slow at every edit. */
function versionText({ imageId, revision }: LabelVersion): string {
  return `${revision} ${imageId}`
}

function poolIds(images: NotebookState['images']): ImageId[] {
  return images
    .filter(({ split }) => split === 'pool')
    .map(({ id }) => id)
    .sort()
}

import type { ImageId } from '../../core/dataset/types'
import type { TrainedHead } from '../../engine/head/protocol'

/** A head, and training images that it never saw. */
export interface FoldJudge {
  readonly head: TrainedHead
  readonly imageIds: readonly ImageId[]
}

/**
 * Each member of a committee as a head of its own, with the training images that it alone never trained on; empty where
 * every member saw every image.
 */
export function foldJudges(head: TrainedHead): FoldJudge[] {
  return (head.heldOut ?? []).flatMap((imageIds, member) =>
    imageIds.length === 0 ? [] : [{ head: memberHead(head, member), imageIds }],
  )
}

function memberHead(head: TrainedHead, member: number): TrainedHead {
  return {
    ...head,
    settings: { ...head.settings, committee: 1 },
    weights: head.weights.filter(({ name }) => name.startsWith(`member-${member}/`)),
  }
}

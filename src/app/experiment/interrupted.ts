import type { ExperimentCell } from '../../core/notebook/types'
import type { Checkpoint } from '../../engine/head/protocol'
import { runExperiment } from './experimenting'
import { experimentOutlook } from './outlook'
import { isCancellation } from '../state/activity.svelte'
import type { Session } from '../state/session'

/** Offers to go on with the newest round's training and with experiments when the page was closed under them. */
export async function offerToGoOn(session: Session): Promise<void> {
  for (const cell of session.notebook.cells)
    if (cell.kind === 'experiment' && cell.isUnderWay === true) offerExperiment(session, cell)
  await offerTraining(session)
}

function offerExperiment(session: Session, cell: ExperimentCell): void {
  const { progress, goesOn } = experimentOutlook(session, cell, undefined)
  // What it has would be replaced: its cell says so, and runs it anew.
  if (cell.output !== undefined && !goesOn) return
  const { done, total } = progress
  const run = async (): Promise<void> => {
    try {
      await runExperiment(session, cell.id)
    } catch (error) {
      if (!isCancellation(error)) session.notices.report(error, 'The experiment')
    }
  }
  session.notices.add(
    'info',
    `An experiment was interrupted after ${done} of ${total} trainings; it can go on from there.`,
    { label: 'Go on', run: () => void run() },
  )
}

async function offerTraining(session: Session): Promise<void> {
  const round = session.latestRound
  if (round === undefined) return
  const stored = await session.services.storage.getCheckpoint(round.id, 0).catch(() => undefined)
  if (stored === undefined) return
  const { step } = stored as Checkpoint
  const train = async (): Promise<void> => {
    try {
      await session.trainRound(round.id)
    } catch (error) {
      if (!isCancellation(error)) session.notices.report(error, 'Training')
    }
  }
  session.notices.add(
    'info',
    `Training round ${round.index} was interrupted after ${step} steps; it can go on from there.`,
    { label: 'Go on', run: () => void train() },
  )
}

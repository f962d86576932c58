import type { RoundSettings } from '../../core/notebook/types'
import { isCancellation } from '../state/activity.svelte'
import type { Session } from '../state/session'

/**
 * Plays rounds by itself, the oracle answering, until `rounds` are trained, the pool is empty, or it is cancelled.
 * @param seedStrategyId what draws the seed set where there is no round yet; the settings' strategy if left out
 */
export async function playRounds(
  session: Session,
  rounds: number,
  settings: RoundSettings,
  seedStrategyId = settings.strategyId,
): Promise<void> {
  if (session.playing) throw new Error('Rounds are being played already; cancel them first.')
  const target =
    session.notebook.rounds.filter(({ output }) => output !== undefined).length + rounds
  session.playing = true
  try {
    for (;;) {
      const latest = session.latestRound
      if (latest?.output !== undefined && latest.index + 1 >= target) return
      if (latest?.output !== undefined && session.pool.unlabeled.length === 0) return
      const round = latest?.output === undefined ? latest : await session.queryNextRound(settings)
      const current =
        round ?? (await session.startSeedRound({ ...settings, strategyId: seedStrategyId }))
      await session.answerFromOracle(current.id)
      await session.trainRound(current.id)
    }
  } catch (error) {
    if (!isCancellation(error)) throw error
  } finally {
    session.playing = false
  }
}

import type { ExpectedTime } from '../../../core/notebook/expected-time'
import { roughDuration } from '../../controls/format'

/** How long an experiment will take, and how one can tell, as a sentence; empty where one cannot. */
export function expectedTimeText(time: ExpectedTime | undefined): string {
  if (time === undefined) return ''
  const { seconds, by } = time
  return by.kind === 'experiment'
    ? `About ${roughDuration(seconds)} to go, judging by the last run of an experiment.`
    : `Training alone will take about ${roughDuration(seconds)}, judging by round ${by.index}.`
}

import type { OracleRecord } from '../../core/dataset/types'
import type { Session } from '../state/session'

/** The oracle's boxes of an image, without those of categories that were deleted since the import. */
export function knownBoxes(session: Session, { boxes }: OracleRecord): OracleRecord['boxes'] {
  return boxes.filter(({ categoryId }) => session.labels.category(categoryId) !== undefined)
}

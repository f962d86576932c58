import { errorGains } from '../../diagnosis/error-gains'
import { judgeCases } from '../../diagnosis/judged-case'
import type { ErrorKind } from '../../diagnosis/types'
import { classLeads, explainLeads } from './class-lead'
import { labelingSeconds } from '../cost/labeling-seconds'
import type { AcquisitionContext, AcquisitionScore, ImageEvidence } from '../types'

const otherKinds: readonly ErrorKind[] = ['location', 'duplicate', 'background', 'missed']

/**
 * How much confused classes matter among the model's errors, 0..1: by how much AP50 would rise if no detection were on an
 * object of another class, against the sum of such gains over all kinds of error (`errorGains`), of out-of-fold detections
 * on labelled images. The gains do not add up to what is lost: they are compared with each other. 0 where nothing was judged
 * or would gain.
 */
export function confusionShare({ labeled, categories }: AcquisitionContext): number {
  const judged = labeled.flatMap(({ imageId, truth, outOfFold }) =>
    outOfFold === undefined ? [] : [{ imageId, truth, detections: outOfFold.detections }],
  )
  const gainOf = errorGains(judgeCases(judged, categories), categories)
  const confused = gainOf('class') ?? 0
  if (confused === 0) return 0
  return confused / otherKinds.reduce((sum, kind) => sum + (gainOf(kind) ?? 0), confused)
}

/**
 * The images in which classes are in doubt, scored by the doubt that a second of labelling settles: the sum over the boxes
 * of 1 - the lead of their likeliest class, over the seconds that the image is expected to take. Without the time the most
 * crowded images would come first. As in class margin a faint box is in doubt, since background is what rivals its class;
 * it is expected to take little time, so images with many are asked for.
 *
 * @param lowest boxes with a lower score do not count; images without others are left out
 */
export function classDoubts(
  images: readonly ImageEvidence[],
  context: AcquisitionContext,
  lowest: number,
): AcquisitionScore[] {
  const classes = context.judgedCategories ?? context.categories
  const seconds = labelingSeconds(images, context)
  return images.flatMap(({ imageId, detections = [] }, index) => {
    const leads = classLeads(detections, classes, lowest)
    if (leads.length === 0) return []
    const doubt = leads.reduce((sum, { lead }) => sum + 1 - lead, 0)
    const time = `about ${Math.round(seconds[index])} s to label`
    return [
      {
        imageId,
        score: doubt / seconds[index],
        reason: `${explainLeads(leads, context)}; ${time}`,
      },
    ]
  })
}

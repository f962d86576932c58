import type {
  Annotation,
  AnnotationId,
  ImageId,
  ImageLabel,
  OracleRecord,
  ProjectId,
} from '../../core/dataset/types'
import type { Services } from '../state/services'

/** The records of an image whose labels come ready-made; nobody spent time on them. */
export function labelsFromBoxes(
  services: Services,
  projectId: ProjectId,
  imageId: ImageId,
  boxes: OracleRecord['boxes'],
  origin: 'import' | 'oracle',
): { readonly annotations: readonly Annotation[]; readonly label: ImageLabel } {
  return {
    annotations: boxes.map((box) => ({
      ...box,
      id: services.newId<AnnotationId>(),
      projectId,
      imageId,
      origin,
    })),
    label: {
      imageId,
      projectId,
      status: 'done',
      revision: 1,
      seconds: 0,
      secondsSource: 'assumed',
      clicks: 0,
      updatedAt: services.now(),
    },
  }
}

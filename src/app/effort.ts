/** Labelling times assumed where nobody was measured, in seconds (see the README's protocol). */
const secondsToInspectImage = 7
const secondsToDrawBox = 7

/** What labelling an image with this many boxes is assumed to take, in seconds. */
export function assumedSeconds(boxes: number): number {
  return secondsToInspectImage + secondsToDrawBox * boxes
}

/**
 * The member of a committee that never trains on an example, so that its answers there are out of fold: the members take
 * turns. Undefined where all train on it: a lone head, or fewer examples than members, can spare none.
 * @param position of the example among all
 */
export function unseenBy(
  position: number,
  examples: number,
  committee: number,
): number | undefined {
  return committee > 1 && examples >= committee ? position % committee : undefined
}

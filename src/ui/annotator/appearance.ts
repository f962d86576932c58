import type { Proposal } from '../../app/annotator/proposals'
import type { Category, CategoryId } from '../../core/dataset/types'

/** Black or white, whichever reads better on the colour (`#rrggbb`), by WCAG relative luminance. */
export function inkOn(color: string): '#000000' | '#ffffff' {
  const channel = (at: number): number => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
  // Contrast with black is (L + 0.05) / 0.05, with white 1.05 / (L + 0.05).
  return luminance > 0.179 ? '#000000' : '#ffffff'
}

/** Width and height in whole pixels, for people. */
export function sizeText(box: { readonly width: number; readonly height: number }): string {
  return `${Math.round(box.width)} × ${Math.round(box.height)}`
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** Shown where a box's category is gone. */
export const unknownCategory = { name: 'Unknown class', color: '#808080' } satisfies Pick<
  Category,
  'name' | 'color'
>

/** How a proposal looks that says where an object is, but not what it is. */
const unnamedObject = { name: 'Object', color: '#d6dae0' } satisfies Pick<
  Category,
  'name' | 'color'
>

/** Name and colour of a proposal. */
export function proposalLook(
  proposal: Proposal,
  category: (id: CategoryId) => Pick<Category, 'name' | 'color'> | undefined,
): Pick<Category, 'name' | 'color'> {
  if (proposal.kind === 'object') return unnamedObject
  return category(proposal.categoryId) ?? unknownCategory
}

/** What the help dialog lists; `keyboard.ts` acts on the same keys. */
export interface ShortcutGroup {
  readonly title: string
  readonly shortcuts: readonly { readonly keys: readonly string[]; readonly does: string }[]
}

export const shortcutGroups: readonly ShortcutGroup[] = [
  {
    title: 'Boxes',
    shortcuts: [
      { keys: ['drag'], does: 'Draw a box; Shift+drag draws over the selected one' },
      { keys: ['click'], does: 'Select the smallest box under the pointer' },
      { keys: ['B'], does: 'Add a box in the middle of the view' },
      { keys: ['1', '…', '0'], does: 'Class of the selected box, or of the next one drawn' },
      { keys: ['/'], does: 'Find a class by name' },
      { keys: ['Tab', 'Shift+Tab'], does: 'Next, previous box' },
      { keys: ['←', '↑', '→', '↓'], does: 'Move the box by 1 px (Shift: 10 px)' },
      { keys: ['Alt+arrow'], does: 'Resize the box by 1 px (Shift: 10 px)' },
      { keys: ['D'], does: 'Duplicate the box' },
      { keys: ['Delete'], does: 'Delete the box' },
      { keys: ['Ctrl+Z', 'Ctrl+Shift+Z'], does: 'Undo, redo' },
      { keys: ['Esc'], does: 'Break off the gesture, deselect, close' },
    ],
  },
  {
    title: 'Proposals',
    shortcuts: [
      { keys: ['A'], does: 'Accept the selected proposal, or the one under the pointer' },
      { keys: ['X'], does: 'Reject it' },
      { keys: ['Shift+A', 'Shift+X'], does: 'Accept, reject all that are shown' },
    ],
  },
  {
    title: 'View',
    shortcuts: [
      { keys: ['wheel', '+', '−'], does: 'Zoom' },
      { keys: ['0', 'F'], does: 'Fit the image (F when 0 is a class)' },
      { keys: ['Shift+0'], does: 'One image pixel to one screen pixel' },
      { keys: ['Space+drag', 'arrows'], does: 'Move the image (arrows: with no box selected)' },
      { keys: ['H'], does: 'Hide and show the boxes' },
    ],
  },
  {
    title: 'Images',
    shortcuts: [
      { keys: ['Enter'], does: 'Done: on to the next image of the queue' },
      { keys: ['E'], does: 'Nothing here: done, without boxes' },
      { keys: ['N', ']', 'Page Down'], does: 'Next image' },
      { keys: ['P', '[', 'Page Up'], does: 'Previous image' },
      { keys: ['F6'], does: 'Between the image and the panel' },
      { keys: ['?'], does: 'This help' },
    ],
  },
]

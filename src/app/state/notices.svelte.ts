export interface Notice {
  readonly id: number
  readonly tone: 'info' | 'success' | 'warning' | 'error'
  readonly text: string
  /** An offered way on, for instance 'Undo'. */
  readonly action: { readonly label: string; run(): void } | undefined
}

/** Short messages to the user, newest last. Errors stay until dismissed; the view times the others out. */
export class Notices {
  items = $state.raw<readonly Notice[]>([])
  #nextId = 1

  add(tone: Notice['tone'], text: string, action?: Notice['action']): number {
    const notice: Notice = { id: this.#nextId++, tone, text, action }
    this.items = [...this.items, notice]
    return notice.id
  }

  /** Tells an error in its own words. */
  report(error: unknown, doing: string): void {
    const message = error instanceof Error ? error.message : String(error)
    this.add('error', `${doing}: ${message}`)
  }

  dismiss(id: number): void {
    this.items = this.items.filter((notice) => notice.id !== id)
  }
}

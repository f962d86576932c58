export type ThemeChoice = 'system' | 'light' | 'dark'

const storageKey = 'margin.theme'

/** Light or dark as the system says, or as the user chose on this machine. */
export class Theme {
  choice = $state<ThemeChoice>('system')

  constructor() {
    const stored = localStorage.getItem(storageKey)
    if (stored === 'light' || stored === 'dark') this.choice = stored
    this.#apply()
  }

  /** Shows it and keeps it on this machine. */
  choose(choice: ThemeChoice): void {
    this.choice = choice
    if (choice === 'system') localStorage.removeItem(storageKey)
    else localStorage.setItem(storageKey, choice)
    this.#apply()
  }

  #apply(): void {
    const { dataset } = document.documentElement
    if (this.choice === 'system') delete dataset.theme
    else dataset.theme = this.choice
  }
}

/** What this browser gives the page: room on the disk, protection from eviction, and the page without a network. */
export class Device {
  /** Bytes this site uses and may use, as the browser estimates; undefined until asked. */
  usedBytes = $state<number | undefined>(undefined)
  quotaBytes = $state<number | undefined>(undefined)
  /** True when the browser will not clear the data by itself when the disk runs low. */
  persisted = $state(false)
  /** True once the page is stored and opens without a network. */
  offlineReady = $state(false)
  online = $state(navigator.onLine)

  /** Starts listening; returns what stops it. */
  watch(): () => void {
    const controller = new AbortController()
    const { signal } = controller
    const note = (): void => {
      this.online = navigator.onLine
    }
    addEventListener('online', note, { signal })
    addEventListener('offline', note, { signal })
    if ('serviceWorker' in navigator) {
      void navigator.serviceWorker.ready.then(() => {
        if (!signal.aborted) this.offlineReady = true
      })
    }
    void this.measure()
    return () => controller.abort()
  }

  /** Asks the browser again; cheap. Without the API (an insecure page) the figures stay unknown. */
  async measure(): Promise<void> {
    if (!('storage' in navigator)) return
    const [estimate, persisted] = await Promise.all([
      navigator.storage.estimate(),
      navigator.storage.persisted(),
    ])
    this.usedBytes = estimate.usage
    this.quotaBytes = estimate.quota
    this.persisted = persisted
  }

  /** Asks the browser never to clear the data by itself; some browsers ask the user, some decide alone. */
  async persist(): Promise<boolean> {
    this.persisted = await navigator.storage.persist()
    return this.persisted
  }
}

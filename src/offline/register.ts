/** Keeps the app on this device for use without a network, and tells the page about new versions. */

export interface OfflineCallbacks {
  /** A new version is stored and waits; `apply` switches to it and reloads the page. */
  readonly onUpdate: (apply: () => void) => void
  /** The app cannot be stored here; `message` says why. */
  readonly onFailure: (message: string) => void
}

/** Session key: the page was reloaded once to become cross-origin isolated, and must not loop. */
const reloadedKey = 'margin:reloaded-for-isolation'

/**
 * On a host that cannot set headers the first visit is not cross-origin isolated, so WASM has no threads; answers of
 * the service worker are. One reload fixes that, but only while the user has not touched the page.
 */
function reloadForIsolation(): void {
  if (self.crossOriginIsolated || navigator.userActivation.hasBeenActive) return
  if (sessionStorage.getItem(reloadedKey) !== null) return
  sessionStorage.setItem(reloadedKey, '1')
  location.reload()
}

function watchForUpdate(
  registration: ServiceWorkerRegistration,
  onUpdate: (apply: () => void) => void,
): void {
  const report = (waiting: ServiceWorker): void => {
    onUpdate(() => {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), {
        once: true,
      })
      waiting.postMessage('activate')
    })
  }
  if (registration.waiting !== null) report(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const installing = registration.installing
    if (installing === null || registration.active === null) return // the first version is no update
    installing.addEventListener('statechange', () => {
      if (installing.state === 'installed') report(installing)
    })
  })
}

/**
 * Registers the service worker of a built app; does nothing in development, where stale files would be served.
 * Never rejects: an app that cannot be stored still works, and `onFailure` says so.
 */
export async function registerServiceWorker(callbacks: OfflineCallbacks): Promise<void> {
  if (!import.meta.env.PROD) return
  if (!('serviceWorker' in navigator)) {
    callbacks.onFailure('Offline use needs a secure page (https or localhost): open Margin there.')
    return
  }
  try {
    const firstVisit = navigator.serviceWorker.controller === null
    const url = new URL('service-worker.js', document.baseURI)
    const registration = await navigator.serviceWorker.register(url, { updateViaCache: 'none' })
    watchForUpdate(registration, callbacks.onUpdate)
    await navigator.serviceWorker.ready
    if (firstVisit) reloadForIsolation()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    callbacks.onFailure(
      `Margin could not be stored for offline use: ${reason}. Reload to try again.`,
    )
  }
}

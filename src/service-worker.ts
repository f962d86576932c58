/// <reference lib="webworker" />
/**
 * Keeps the whole app for use without a network, and gives every answer the headers that isolate the page, so that
 * WASM threads work offline and on hosts that cannot set headers.
 */
import { addPlugins, cleanupOutdatedCaches, precacheAndRoute } from 'workbox-precaching'

declare const self: ServiceWorkerGlobalScope

const isolation = {
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
}

function isolated(response: Response): Response {
  const headers = new Headers(response.headers)
  for (const [name, value] of Object.entries(isolation)) headers.set(name, value)
  const { status, statusText } = response
  return new Response(response.body, { status, statusText, headers })
}

addPlugins([{ handlerWillRespond: ({ response }) => Promise.resolve(isolated(response)) }])
precacheAndRoute(self.__WB_MANIFEST, { ignoreURLParametersMatching: [/./] })
cleanupOutdatedCaches()

// The first visit is taken over at once; a later version waits until the page asks, because swapping files under a
// running page would mix two versions.
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
self.addEventListener('message', (event) => {
  if (event.data === 'activate') void self.skipWaiting()
})

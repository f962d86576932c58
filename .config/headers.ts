/**
 * What the page may load: only what is served with it. `wasm-unsafe-eval` compiles WebAssembly, blob workers are
 * the threads of the tfjs WASM backend, and inline styles are what component libraries use for positioning.
 */
const directives = {
  'default-src': ["'self'"],
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'blob:', 'data:'],
  'worker-src': ["'self'", 'blob:'],
  'connect-src': ["'self'", 'blob:'],
  'object-src': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
}

/** Browsers ignore these in a `<meta>` element and complain about them. */
const headerOnly = new Set(['frame-ancestors'])

function policy(entries: [string, string[]][]): string {
  return entries.map(([name, sources]) => `${name} ${sources.join(' ')}`).join('; ')
}

/**
 * The engine worker's own policy. Threads of the tfjs WASM backend are blob workers that load their code by
 * `importScripts` of another blob; a worker obeys the policy of its own response, so the page's stays strict.
 */
const enginePolicy = policy(
  Object.entries({ ...directives, 'script-src': [...directives['script-src'], 'blob:'] }),
)

/** The engine worker's file as `vite.config.ts` names it in a build, and as it is served in development. */
const engineWorkerName = /\/engine-worker-[\w-]+\.js$|\/engine\/worker\.ts$/

/** The content security policy to send with a path. */
export function policyFor(path: string): string {
  return engineWorkerName.test(path) ? enginePolicy : policy(Object.entries(directives))
}

/** The content security policy as a `<meta http-equiv>` value, for hosts that cannot set headers. */
export const metaPolicy = policy(
  Object.entries(directives).filter(([name]) => !headerOnly.has(name)),
)

/** Sent with every response beside the policy. COOP and COEP isolate the page, which WASM threads need. */
export const securityHeaders: Record<string, string> = {
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

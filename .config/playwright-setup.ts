import { buildWhenStale } from './build.mjs'
import { serve } from './serve.mjs'

/** Builds and serves the app once for all e2e tests; `BASE_URL` in their environment is its address. */
export default async function setup(): Promise<() => Promise<void>> {
  await buildWhenStale()
  const { url, close } = await serve({ port: 4273 })
  process.env.BASE_URL = url
  return close
}

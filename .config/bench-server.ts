import { createReadStream, existsSync, statSync } from 'node:fs'
import { join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'
import { backbonePlugin } from './backbone-plugin.ts'
import { securityHeaders } from './headers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

/** Serves the measuring data sets, which lie beside the repository, under `/datasets/`. */
const datasets: Plugin = {
  name: 'datasets',
  configureServer(server) {
    const folder = fileURLToPath(new URL('../../shared/datasets/', import.meta.url))
    server.middlewares.use('/datasets/', (request, response, next) => {
      const path = join(folder, normalize(decodeURIComponent(request.url?.split('?')[0] ?? '')))
      if (!path.startsWith(folder) || !existsSync(path) || !statSync(path).isFile()) {
        response.statusCode = 404
        response.end()
        return
      }
      createReadStream(path).on('error', next).pipe(response)
    })
  },
}

export default defineConfig({
  root,
  cacheDir: join(root, '.cache/bench'),
  logLevel: 'warn',
  plugins: [backbonePlugin(), datasets],
  worker: { format: 'es' },
  // Found at once, so that no benchmark is reloaded in the middle.
  optimizeDeps: {
    entries: ['test/bench/*.bench.ts'],
    include: [
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-converter',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgl',
      '@tensorflow/tfjs-backend-webgpu',
      'valibot',
    ],
  },
  server: { headers: securityHeaders, port: 0, hmr: false, watch: null },
})

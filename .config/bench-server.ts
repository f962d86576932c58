import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { backbonePlugin } from './backbone-plugin.ts'
import { securityHeaders } from './headers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  root,
  cacheDir: join(root, '.cache/bench'),
  logLevel: 'warn',
  plugins: [backbonePlugin()],
  worker: { format: 'es' },
  // Found at once, so that no benchmark is reloaded in the middle.
  optimizeDeps: {
    entries: ['test/bench/*.bench.ts', 'src/cli/*.ts'],
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

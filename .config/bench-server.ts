import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import { backbonePlugin } from './backbone-plugin.ts'
import { securityHeaders } from './headers.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export default defineConfig({
  root,
  cacheDir: join(root, '.cache/bench'),
  logLevel: 'warn',
  // Compiled as for the build, whose page is the one to be measured.
  plugins: [svelte({ configFile: false, compilerOptions: { dev: false } }), backbonePlugin()],
  worker: { format: 'es' },
  // Found at once, so that no benchmark is reloaded in the middle.
  optimizeDeps: {
    entries: ['test/bench/*.bench.ts', 'src/cli/*.ts', 'src/main.ts', 'src/*/worker.ts'],
    include: [
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-converter',
      '@tensorflow/tfjs-backend-cpu',
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-backend-webgl',
      '@tensorflow/tfjs-backend-webgpu',
      '@tensorflow/tfjs-layers',
      'valibot',
    ],
  },
  server: { headers: securityHeaders, port: 0, hmr: false, watch: null },
})

import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { type Connect, defineConfig, type Plugin } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import { backbonePlugin } from './.config/backbone-plugin.ts'
import { wasmThreadsPlugin } from './.config/wasm-threads-plugin.ts'
import { metaPolicy, policyFor, securityHeaders } from './.config/headers.ts'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** Writes the content security policy into the built page, before anything it governs. */
const policyInPage: Plugin = {
  name: 'policy-in-page',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: metaPolicy },
      injectTo: 'head-prepend',
    },
  ],
}

/** Sends the policy that belongs to the path, which a fixed header could not. */
const sendPolicy: Connect.NextHandleFunction = (request, response, next) => {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost')
  response.setHeader('Content-Security-Policy', policyFor(pathname))
  next()
}
const policyInHeaders: Plugin = {
  name: 'policy-in-headers',
  configureServer: ({ middlewares }) => void middlewares.use(sendPolicy),
  configurePreviewServer: ({ middlewares }) => void middlewares.use(sendPolicy),
}

const offline = VitePWA({
  strategies: 'injectManifest',
  srcDir: '.',
  filename: 'service-worker.ts',
  injectRegister: false,
  registerType: 'prompt',
  injectManifest: {
    rollupFormat: 'iife',
    globPatterns: ['**/*'],
    globIgnores: ['service-worker.js', 'manifest.webmanifest', '**/*.map'],
    maximumFileSizeToCacheInBytes: 64 * 1024 * 1024,
  },
  manifest: {
    name: 'Margin',
    short_name: 'Margin',
    description: 'A notebook for active learning of object detectors, in the browser.',
    lang: 'en',
    id: './',
    start_url: './',
    scope: './',
    display: 'standalone',
    background_color: '#ffffff',
    theme_color: '#ffffff',
    icons: [
      { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
      { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
      { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
      { src: 'icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  },
})

export default defineConfig({
  root: path('src'),
  // A missing file is an error, not the page.
  appType: 'mpa',
  publicDir: path('public'),
  cacheDir: path('.cache/vite'),
  // Relative, so that the built folder works at any path of a static host.
  base: './',
  plugins: [
    svelte({ configFile: false }),
    backbonePlugin(),
    policyInPage,
    policyInHeaders,
    offline,
  ],
  worker: {
    format: 'es',
    plugins: () => [wasmThreadsPlugin()],
    // Named by layer: src/engine/worker.ts becomes engine-worker-<hash>.js.
    rollupOptions: {
      output: {
        entryFileNames: ({ facadeModuleId }) => {
          const layer = /\/src\/(\w+)\/worker\.ts$/.exec(facadeModuleId ?? '')?.[1]
          return `assets/${layer === undefined ? '[name]' : `${layer}-worker`}-[hash].js`
        },
      },
    },
  },
  build: { outDir: path('dist'), emptyOutDir: true, target: 'es2022', chunkSizeWarningLimit: 4096 },
  server: { headers: securityHeaders },
  preview: {
    cors: false,
    headers: securityHeaders,
    host: 'localhost',
    port: 4173,
    strictPort: false,
  },
})

import { createReadStream, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'

const files = ['centernet.json', 'centernet.bin'] as const

// The package hides `models/` from imports, so the files are found by path and never committed.
const source = (name: string): string =>
  fileURLToPath(new URL(`../node_modules/@vladmandic/human/models/${name}`, import.meta.url))

/** Serves the backbone's weights under `models/` in development and puts them into the build. */
export function backbonePlugin(): Plugin {
  return {
    name: 'backbone-weights',
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = request.url?.split('?')[0] ?? ''
        const name = files.find((file) => path === `/models/${file}`)
        if (name === undefined) {
          next()
          return
        }
        const type = name.endsWith('.json') ? 'application/json' : 'application/octet-stream'
        response.setHeader('Content-Type', type)
        response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
        createReadStream(source(name)).on('error', next).pipe(response)
      })
    },
    generateBundle() {
      for (const name of files) {
        this.emitFile({
          type: 'asset',
          fileName: `models/${name}`,
          source: readFileSync(source(name)),
        })
      }
    },
  }
}

/** Files that macOS and Windows add and nobody put there. */
export function isSystemFile(path: string): boolean {
  return /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)/i.test(path)
}

/** The path with forward slashes, or undefined when it leads out of the archive. */
export function safePath(path: string): string | undefined {
  const unified = path.replaceAll('\\', '/')
  if (unified.startsWith('/') || /^[a-z]:/i.test(unified)) return undefined
  const parts = unified.split('/').filter((part) => part !== '' && part !== '.')
  return parts.includes('..') || parts.length === 0 ? undefined : parts.join('/')
}

export type FileKind = 'image' | 'labels' | 'zip' | 'other'

// Formats that cannot be read are images too: they are refused one by one with the reason, not passed over
const IMAGE_EXTENSION = /\.(jpe?g|jpe|jfif|png|apng|webp|avif|gif|heic|heif|tiff?|bmp|svg)$/i

/** What an import does with a file, by its name alone; an image is recognised by content later. */
export function fileKind(path: string): FileKind {
  if (IMAGE_EXTENSION.test(path)) return 'image'
  if (/\.json$/i.test(path)) return 'labels'
  return /\.zip$/i.test(path) ? 'zip' : 'other'
}

import createDOMPurify from 'dompurify'
import { Marked } from 'marked'

/** The page's title is a heading 1 and a cell's a heading 2; a note starts there. */
const headingShift = 1

const marked = new Marked({
  gfm: true,
  async: false,
  renderer: {
    heading({ tokens, depth }) {
      const level = Math.min(6, depth + headingShift)
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>\n`
    },
    // A form control would need a name; a sign does not.
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
})

const allowedTags = (
  'h1 h2 h3 h4 h5 h6 p br hr ul ol li blockquote pre code em strong del sub sup kbd ' +
  'a img table thead tbody tr th td'
).split(' ')

const purify = createDOMPurify(window)

purify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A') {
    node.setAttribute('rel', 'noopener noreferrer')
    node.setAttribute('target', '_blank')
  }
  // A picture from elsewhere would tell its host who reads the notebook when.
  const source = node.tagName === 'IMG' ? (node.getAttribute('src') ?? '') : undefined
  if (source !== undefined && !/^data:image\/(png|jpeg|gif|webp);/i.test(source)) {
    node.removeAttribute('src')
    if (!node.hasAttribute('alt')) node.setAttribute('alt', 'Picture that is not in this notebook')
  }
})

/**
 * Markdown as safe HTML: headings one level down, a short list of elements and attributes, no style, script, form or
 * embedded page, links only to http, https and mail, pictures only as data.
 */
export function renderMarkdown(markdown: string): string {
  return purify.sanitize(marked.parse(markdown, { async: false }), {
    ALLOWED_TAGS: allowedTags,
    ALLOWED_ATTR: ['href', 'title', 'src', 'alt', 'align', 'start', 'rel', 'target'],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|#|data:image\/)/i,
  })
}

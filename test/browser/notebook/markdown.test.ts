import { expect, test } from 'vitest'
import { renderMarkdown } from '../../../src/ui/notebook/note/markdown'

/** What the page would make of it. */
function parsed(markdown: string): HTMLElement {
  const element = document.createElement('div')
  element.innerHTML = renderMarkdown(markdown)
  return element
}

test('headings start below the heading of the page', () => {
  expect(renderMarkdown('# A\n\n###### B')).toBe('<h2>A</h2>\n<h6>B</h6>\n')
})

test('lists, tables, code and emphasis stay', () => {
  const element = parsed('- a\n- **b**\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\n<b>\n```')
  expect(element.querySelectorAll('li')).toHaveLength(2)
  expect(element.querySelector('strong')?.textContent).toBe('b')
  expect(element.querySelectorAll('td')).toHaveLength(2)
  expect(element.querySelector('pre code')?.textContent).toBe('<b>\n')
})

test.each([
  ['a script', '<script>window.stolen = 1</script>text'],
  ['an event handler', '<img src="data:image/png;base64,AAAA" onerror="window.stolen = 1">text'],
  ['a script link', '[text](javascript:window.stolen=1)'],
  ['an encoded script link', '<a href="java&#10;script:window.stolen=1">text</a>'],
  ['a data page link', '[text](data:text/html;base64,PHNjcmlwdD4=)'],
  ['a frame', '<iframe srcdoc="<script>window.stolen=1</script>"></iframe>text'],
  ['an svg', '<svg onload="window.stolen = 1"><script>1</script></svg>text'],
  ['a form', '<form action="https://example.com"><input name="a"></form>text'],
  ['a style', '<style>body { display: none }</style><p style="position:fixed">text</p>'],
  ['a class and an id', '<p class="button" id="app" data-cell="x">text</p>'],
])('%s is taken out, the text stays', (_, markdown) => {
  const element = parsed(markdown)
  expect(element.querySelectorAll('script, iframe, svg, form, input, style')).toHaveLength(0)
  for (const { name, value } of [...element.querySelectorAll('*')].flatMap((node) => [
    ...node.attributes,
  ])) {
    expect(['href', 'src', 'alt', 'title', 'rel', 'target']).toContain(name)
    expect(value).not.toMatch(/script:|text\/html/)
  }
  if (!markdown.startsWith('<img')) expect(element.textContent).toContain('text')
})

test('links open elsewhere and say nothing about the page', () => {
  const link = parsed('[a](https://example.com/)').querySelector('a')
  expect(link?.getAttribute('href')).toBe('https://example.com/')
  expect(link?.rel).toBe('noopener noreferrer')
  expect(link?.target).toBe('_blank')
})

test('only pictures inside the note are loaded', () => {
  const foreign = parsed('![cow](https://example.com/cow.png)').querySelector('img')
  expect(foreign?.hasAttribute('src')).toBe(false)
  expect(foreign?.alt).toBe('cow')
  expect(parsed('<img src="//example.com/a.png" srcset="a.png 2x">').innerHTML).not.toMatch(/src/)
  const own = 'data:image/gif;base64,R0lGODlhAQABAAAAACw='
  expect(parsed(`![dot](${own})`).querySelector('img')?.getAttribute('src')).toBe(own)
  expect(parsed('![x](data:image/svg+xml;base64,AAAA)').innerHTML).not.toMatch(/src/)
})

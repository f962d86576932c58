import { describe, expect, it } from 'vitest'
import { writeCsv } from '../../../src/core/format/csv/write'

describe('writeCsv', () => {
  it('follows RFC 4180', () => {
    const csv = writeCsv(
      ['name', 'note'],
      [
        ['a,b', 'say "hi"'],
        ['two\nlines', 'plain'],
      ],
    )
    expect(csv).toBe('name,note\r\n"a,b","say ""hi"""\r\n"two\nlines",plain\r\n')
  })

  it('writes numbers and booleans plainly, and nothing for what is absent', () => {
    expect(writeCsv(['a', 'b', 'c', 'd', 'e'], [[-1.5, 1e-7, true, undefined, Number.NaN]])).toBe(
      'a,b,c,d,e\r\n-1.5,1e-7,true,,\r\n',
    )
  })

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])(
    'keeps a spreadsheet from running %j',
    (text) => {
      const [, cell] = /^a\r\n"?('[^"]*)"?\r\n$/.exec(writeCsv(['a'], [[text]])) ?? []
      expect(cell).toBe(`'${text}`)
    },
  )

  it('guards headers too, and quotes after guarding', () => {
    expect(writeCsv(['=A1,B1'], [])).toBe('"\'=A1,B1"\r\n')
  })

  it('leaves a formula sign inside a text alone', () => {
    expect(writeCsv(['a'], [['1=1']])).toBe('a\r\n1=1\r\n')
  })

  it('refuses a row of another length', () => {
    expect(() => writeCsv(['a', 'b'], [['x']])).toThrow('Row 0 has 1 cells, but the header has 2.')
  })
})

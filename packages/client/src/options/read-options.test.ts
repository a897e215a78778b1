// Wrong options are told where they are written: which, what was received, what to write instead.
import { OptionError } from '../option-error.js'
import { readOptions } from './read-options.js'

const wrong: readonly (readonly [string, unknown])[] = [
  ['method', 'PUT IT'],
  ['method', 'CONNECT'],
  ['headers', 'a: b'],
  ['headers["a b"]', { 'a b': 'c' }],
  ['headers["a"]', { a: 'b\r\nc' }],
  ['headers["Expect"]', { Expect: '100-continue' }],
  ['headers["Transfer-Encoding"]', [['Transfer-Encoding', 'chunked']]],
  ['contentLength', -1],
  ['contentLength', '5'],
  ['expect', 'yes'],
  ['expectFromBytes', 'much'],
  ['continueTimeoutMs', 0],
  ['connectTimeoutMs', Number.NaN],
  ['idleTimeoutMs', 2 ** 31],
  ['responseTimeoutMs', '1s'],
  ['retry', 3],
  ['retry.attempts', { attempts: 0 }],
  ['retry.factor', { factor: 0.5 }],
  ['retry.jitter', { jitter: 'full' }],
  ['retry.minDelayMs', { minDelayMs: 2, maxDelayMs: 1 }],
  ['retry.times', { times: 3 }],
  ['retryOn', [200]],
  ['authorize', { token: 'a' }],
  ['redirects', 1.5],
  ['agent', 'proxy'],
  ['agent.ftp', { ftp: {} }],
  ['signal', new AbortController()],
  ['onProgress', true],
  ['retries', 3],
]

test.each(wrong)('%s: %p', (option, value) => {
  const name = /^\w+/.exec(option)?.[0] ?? ''
  const read = (): unknown => readOptions('http://a', { [name]: value })
  expect(read).toThrow(OptionError)
  expect(read).toThrow(option)
  expect(read).toThrow(/cannot be|is not an option/)
})

test.each(['/relative', 'ftp://a', 'mailto:a', '', undefined])('url: %p', (url) => {
  expect(() => readOptions(url as string, {})).toThrow(/^url cannot be/)
})

test('the user and password of a URL become Authorization, and leave the URL', () => {
  const { url, fields } = readOptions('http://me:a%20b@example.com/x', {})
  expect(url.href).toBe('http://example.com/x')
  expect(fields).toEqual([['Authorization', `Basic ${btoa('me:a b')}`]])
})

test.each([new Map([['retryOn', [503]]]), Promise.resolve({}), new Date(0), [], 'put'])(
  '%p holds no options by name',
  (given) => {
    expect(() => readOptions('http://a', given as object)).toThrow(OptionError)
  },
)

describe('a length that is said twice', () => {
  const read = (contentLength: number | undefined, written: string) =>
    readOptions('http://a', { contentLength, headers: { 'Content-Length': written } } as object)

  test.each([
    [5, '7'],
    [0, '7'],
    [5, 'five'],
    [undefined, 'five'],
  ])('contentLength: %p, Content-Length: %p', (contentLength, written) => {
    expect(() => read(contentLength, written)).toThrow(OptionError)
  })

  test('the same, or once, is taken', () => {
    expect(read(5, '5').declaredLength).toBe(5)
    expect(read(undefined, '7').declaredLength).toBe(7)
  })
})

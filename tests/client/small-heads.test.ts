// RFC 9112 3.2, 6.2 and RFC 6265 5.4: whichever way a head is made, it has one Host, one framing and one
// Cookie field. Small content is not asked for, and its head goes out with it.
import { type UploadOptions, upload } from '@expectation/client'
import { bare } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

const own = { Connection: ['keep-alive'], 'Content-Length': ['5'] }

interface Case {
  readonly options: UploadOptions
  /** Each field that arrives but `Host`, with all its lines. */
  readonly fields: Readonly<Record<string, readonly string[]>>
  readonly host?: string
}

const heads: Readonly<Record<string, Case>> = {
  'no field': {
    options: { body: 'hello' },
    fields: { 'Content-Type': ['text/plain;charset=UTF-8'], ...own },
  },
  'one field': {
    options: { body: Buffer.from('hello'), headers: { 'X-One': 'é' } },
    fields: { 'X-One': ['é'], ...own },
  },
  'two fields': {
    options: { body: Buffer.from('hello'), headers: { 'X-One': '1', 'X-Two': '2' } },
    fields: { 'X-One': ['1'], 'X-Two': ['2'], ...own },
  },
  'Cookie twice': {
    options: { body: Buffer.from('hello'), headers: { Cookie: ['a=1', 'b=2'] } },
    fields: { Cookie: ['a=1; b=2'], ...own },
  },
  'a Host of the caller’s': {
    options: { body: Buffer.from('hello'), headers: { host: 'example.com' } },
    host: 'example.com',
    fields: own,
  },
  'no content, PUT': { options: {}, fields: { ...own, 'Content-Length': ['0'] } },
  'no content, DELETE': { options: { method: 'DELETE' }, fields: { Connection: ['keep-alive'] } },
  'of unknown length': {
    options: { body: () => 'hello', expect: false },
    fields: { Connection: ['keep-alive'], 'Transfer-Encoding': ['chunked'] },
  },
}

test.each(Object.keys(heads))('%s', async (name) => {
  const { options, fields, host } = heads[name] as Case
  let lines: readonly string[] = []
  let content = ''
  const { url } = await bare((request, response) => {
    lines = request.rawHeaders
    request.on('data', (piece: Buffer) => {
      content += piece.toString()
    })
    request.on('end', () => response.end('ok'))
  })
  expect(await (await upload(url, options)).text()).toBe('ok')
  const seen: Record<string, string[]> = {}
  for (let at = 0; at + 1 < lines.length; at += 2) {
    const [field = '', value = ''] = lines.slice(at, at + 2)
    seen[field] = [...(seen[field] ?? []), value]
  }
  const { Host, host: lower, ...others } = seen
  expect(Host ?? lower).toEqual([host ?? new URL(url).host])
  expect(others).toEqual(fields)
  expect(content).toBe(options.body === undefined ? '' : 'hello')
})

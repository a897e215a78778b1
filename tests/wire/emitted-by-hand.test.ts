// Law 0: requests that tests or adapters emit on a server by hand, without a connection, reach its
// listeners as they do without the library.
import http from 'node:http'
import { Readable } from 'node:stream'
import { attach } from '@expectation/core/node'

test.each([
  ['attached', undefined],
  ['gated', {}],
])('an %s server hands them on', (_how, options) => {
  const seen: unknown[] = []
  const server = attach(
    http.createServer((request) => seen.push(request.url)),
    options,
  )
  for (const headers of [{}, { 'content-length': '3' }, { expect: '100-continue' }]) {
    const request = Object.assign(Readable.from(['abc']), { method: 'PUT', url: '/a', headers })
    expect(server.emit('request', request, {})).toBe(true)
  }
  expect(seen).toEqual(['/a', '/a', '/a'])
})

// Law 0: requests that tests or adapters emit on a server by hand, without a connection, reach its
// listeners as they do without the library.
import { EventEmitter } from 'node:events'
import http from 'node:http'
import { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { attach } from '@expectation/core/node'

describe.each([
  ['attached', undefined],
  ['gated', {}],
])('an %s server', (_how, options) => {
  test('hands them on', () => {
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

  test('hands on an event without a response', () => {
    const seen: unknown[] = []
    const server = attach(
      http.createServer((...given: unknown[]) => seen.push(given.length)),
      options,
    )
    expect(server.emit('request')).toBe(true)
    expect(server.emit('request', {})).toBe(true)
    expect(seen).toEqual([0, 1])
  })
})

const standIns: readonly (readonly [string, object])[] = [
  ['an object with an address', { remoteAddress: '192.0.2.1', encrypted: true, destroy() {} }],
  ['a socket that is not connected', new Socket()],
  ['an emitter', Object.assign(new EventEmitter(), { remoteAddress: '192.0.2.1' })],
  [
    'a frozen object',
    Object.freeze({ remoteAddress: '192.0.2.1', write() {}, prependListener() {} }),
  ],
]

describe.each(standIns)('%s in place of the socket, as of serverless adapters', (_what, socket) => {
  test.each([
    ['a length', { 'content-length': '3' }],
    ['chunks', { 'transfer-encoding': 'chunked' }],
    ['an expectation', { expect: '100-continue', 'content-length': '3' }],
  ])('content with %s is read', async (_framing, headers) => {
    for (const options of [undefined, {}]) {
      const read = new Promise<string>((resolve) => {
        const server = attach(
          http.createServer(async (request) => {
            let text = ''
            for await (const part of request) text += String(part)
            resolve(text)
          }),
          options,
        )
        const standIn = { method: 'PUT', url: '/a', headers, socket }
        server.emit('request', Object.assign(Readable.from(['abc']), standIn), {})
      })
      expect(await read).toBe('abc')
    }
  })
})

// RFC 9110 section 10.1.1: a client MUST NOT send 100-continue in a request without content. `dispatcher` gets
// content in many forms, and some of them are empty.
import { Readable } from 'node:stream'
import type { DispatchRequest } from '@expectation/gateway'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { dispatched } from './support/dispatched.js'
import { answer, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()

/** The head that an upstream gets when the plugin would ask for whatever there is. */
async function headOf(request: Partial<DispatchRequest>): Promise<string> {
  let seen = ''
  const strays: string[] = []
  const { origin } = await rawUpstream(async (connection) => {
    seen = await connection.head()
    connection.send(answer('200 OK'))
    connection.socket.on('data', (bytes) => strays.push(String(bytes)))
  })
  await dispatched({ ask: 'always' }, { origin, method: 'PUT', path: '/a', ...request })
  expect(strays).toEqual([])
  return seen
}

const declared = { 'content-length': '0' }

test.each([
  ['no bytes', { body: new Uint8Array(0) }],
  ['an empty Buffer', { body: Buffer.alloc(0) }],
  ['an empty string', { body: '' }],
  ['a stream of the declared length 0', { body: Readable.from([]), headers: declared }],
  ['no bytes, and 100-continue', { body: Buffer.alloc(0), headers: { expect: '100-continue' } }],
])('%s: nobody is asked', async (_what, request) => {
  const head = await headOf(request)
  expect(head).not.toMatch(/^expect:/im)
  expect(head.match(/^content-length: 0\r$/gim)).toHaveLength(1)
  expect(head).not.toMatch(/^transfer-encoding:/im)
})

test('a DELETE of no bytes has no framing', async () => {
  const head = await headOf({ method: 'DELETE', body: Buffer.alloc(0) })
  expect(head).not.toMatch(/^(expect|content-length|transfer-encoding):/im)
})

test.each([
  ['has bytes all the same: they are no request behind it', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['fails', undefined],
])('a stream of the declared length 0 that %s', async (_what, bytes) => {
  const body = new Readable({
    read() {
      if (bytes === undefined) this.destroy(new Error('gone'))
      else this.push(bytes) && this.push(null)
    },
  })
  const closed = new Promise<void>((resolve) => body.once('close', resolve))
  expect(await headOf({ body, headers: declared })).not.toMatch(/^expect:/im)
  await within('the end of the stream', closed)
})

test('one byte is asked for', async () => {
  expect(await headOf({ body: Buffer.alloc(1) })).toMatch(/^expect: 100-continue\r$/im)
})

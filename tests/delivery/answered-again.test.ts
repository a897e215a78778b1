// What an application does behind an answer that is whole, over HTTP/2, while the stream waits for the reset of its
// unread content. Node has closed the stream by then, so nothing happens: the answer stays whole, and nothing is
// thrown where nobody catches it (laws 0 and 3, RFC 9113 section 8.1).
import http2, { type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import { attach } from '@expectation/core/node'
import { listen } from '../contract/suite/servers.js'
import { afterThisTest } from '../support/cleanup.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

const { NGHTTP2_INTERNAL_ERROR, NGHTTP2_NO_ERROR } = http2.constants

type Act = (response: Http2ServerResponse) => void

const late: Readonly<Record<string, Act>> = {
  'writes a head': (response) => response.writeHead(500),
  'writes content': (response) => response.write('more'),
  'destroys the response': (response) => response.destroy(),
  'destroys the response with an error': (response) => response.destroy(new Error('late')),
  'destroys the stream with an error': ({ stream }) => stream.destroy(new Error('late')),
}

test.each(Object.entries(late))(
  'law 3: an answer stays whole when its application %s behind it',
  async (_name, act) => {
    expect(await answeredAgain(act)).toEqual({ body: 'no', code: NGHTTP2_NO_ERROR, failed: false })
  },
)

test('a stream that somebody reads is destroyed as Node does it', async () => {
  const destroy: Act = (response) => response.destroy(new Error('late'))
  const read = (request: Http2ServerRequest) => void request.on('data', () => {})
  expect(await answeredAgain(destroy, read)).toMatchObject({ code: NGHTTP2_INTERNAL_ERROR })
})

/** Answers an upload that goes on, and acts once the answer is out. @returns What the client has got. */
async function answeredAgain(act: Act, before: (request: Http2ServerRequest) => void = () => {}) {
  const acted = latch()
  const server = http2.createServer((request, response) => {
    before(request)
    response.statusCode = 403
    response.end('no')
    response.stream.once('finish', () =>
      setImmediate(() => {
        act(response)
        acted.open()
      }),
    )
  })
  attach(server)
  const session = http2.connect(`http://127.0.0.1:${await listen(server)}`)
  afterThisTest(() => session.destroy())
  const upload = session.request({ ':method': 'POST', ':path': '/' })
  let failed = false
  upload.on('error', () => {
    failed = true
  })
  let body = ''
  upload.on('data', (part) => {
    body += part
  })
  upload.write('hello')
  await within('the application', acted.opened)
  await within('the end', new Promise((resolve) => upload.once('close', resolve)))
  return { body, code: upload.rstCode, failed }
}

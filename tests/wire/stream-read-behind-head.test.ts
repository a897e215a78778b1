// Law 0: who sends the head of an HTTP/2 response first and then reads the stream of the request gets its content.
import http2 from 'node:http2'
import { attach } from '@expectation/core/node'
import { afterThisTest } from '../support/cleanup.js'
import { within } from '../support/server.js'

type Listener = (request: http2.Http2ServerRequest, response: http2.Http2ServerResponse) => void

const BYTES = 200_000

function count(request: http2.Http2ServerRequest, response: http2.Http2ServerResponse): void {
  let bytes = 0
  request.stream.on('data', (part: Buffer) => {
    bytes += part.length
  })
  request.stream.on('end', () => response.end(`got ${bytes}`))
}

const listeners: Readonly<Record<string, Listener>> = {
  'in the same turn': (request, response) => {
    response.writeHead(200)
    count(request, response)
  },
  'some time later': (request, response) => {
    response.writeHead(200)
    setTimeout(() => count(request, response), 20)
  },
  'behind a first piece': (request, response) => {
    response.write('')
    count(request, response)
  },
}

const wirings = { plain: 'plain', attached: undefined, gated: {} } as const

async function post(listener: Listener, wiring: keyof typeof wirings): Promise<string> {
  const server = http2.createServer(listener)
  const options = wirings[wiring]
  if (options !== 'plain') attach(server, options)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.')
  const session = http2.connect(`http://127.0.0.1:${address.port}`)
  afterThisTest(() => {
    session.destroy()
    server.close()
  })
  const stream = session.request({ ':method': 'POST', ':path': '/' })
  stream.end(Buffer.alloc(BYTES))
  let text = ''
  for await (const part of stream) text += String(part)
  return text
}

describe.each(Object.keys(wirings) as (keyof typeof wirings)[])('%s', (wiring) => {
  test.each(Object.entries(listeners))('the stream is read %s', async (_when, listener) => {
    expect(await within('the answer', post(listener, wiring))).toBe(`got ${BYTES}`)
  })
})

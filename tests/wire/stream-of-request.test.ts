// Who reads the stream of an HTTP/2 request and not the request: gets its content behind a head of his own (law 0), and
// none that is over the limit (RFC 9110 15.5.14).
import http2 from 'node:http2'
import { Readable } from 'node:stream'
import { type AttachOptions, attach } from '@expectation/core/node'
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

async function post(
  listener: Listener,
  options: AttachOptions | 'plain' | undefined,
  fields: http2.OutgoingHttpHeaders = {},
  answered: (fields: http2.IncomingHttpHeaders) => void = () => {},
): Promise<string> {
  const server = http2.createServer(listener)
  if (options !== 'plain') attach(server, options)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The server has no port.')
  const session = http2.connect(`http://127.0.0.1:${address.port}`)
  afterThisTest(() => {
    session.destroy()
    server.close()
  })
  const stream = session.request({ ':method': 'POST', ':path': '/', ...fields })
  stream.on('response', answered)
  stream.end(Buffer.alloc(BYTES))
  let text = ''
  for await (const part of stream) text += String(part)
  return text
}

describe.each(Object.entries(wirings))('%s', (_wiring, options) => {
  test.each(Object.entries(listeners))('the stream is read %s', async (_when, listener) => {
    expect(await within('the answer', post(listener, options))).toBe(`got ${BYTES}`)
  })
})

const readers: Readonly<
  Record<string, (stream: http2.ServerHttp2Stream, got: (part: Buffer) => void) => void>
> = {
  'by events': (stream, got) => void stream.on('data', got),
  'by read()': (stream, got) => {
    stream.on('readable', () => {
      for (let part = stream.read(); part !== null; part = stream.read()) got(part)
    })
  },
  'by iteration': async (stream, got) => {
    try {
      for await (const part of stream) got(part)
    } catch {
      // It closes behind the answer.
    }
  },
}

test.each(Object.entries(readers))(
  'R22 (RFC 9110 15.5.14): content of undeclared length that is read from the stream %s: 413',
  async (_how, read) => {
    let bytes = 0
    const listener: Listener = (request, response) => {
      read(request.stream, (part) => {
        bytes += part.length
      })
      request.stream.on('end', () => response.end('whole'))
    }
    const text = await within('the answer', post(listener, { maxContentLength: 1000 }))
    expect(text).toContain('content_too_large')
    // The piece that goes over the limit has been handed on, and no other.
    expect(bytes).toBeLessThan(BYTES / 2)
  },
)

test.each(Object.entries(wirings))(
  'who wraps `respond` of a stream hears of each head: %s',
  async (_how, options) => {
    const heads: unknown[] = []
    const listener: Listener = (request, response) => {
      const { stream } = request
      const { respond } = stream
      stream.respond = (...head) => {
        heads.push(head[0]?.[':status'])
        respond.apply(stream, head)
      }
      response.writeHead(201)
      request.resume()
      request.on('end', () => response.end('made'))
    }
    expect(await post(listener, options, { expect: '100-continue' })).toBe('made')
    expect(heads).toEqual([201])
  },
)

const behindHead: Readonly<Record<string, Listener>> = {
  'end of the stream': (_request, response) => response.stream.end('made'),
  'write to the stream': (_request, response) => {
    response.stream.write('ma')
    response.stream.end('de')
  },
  'pipe into the stream': (_request, response) =>
    void Readable.from(['made']).pipe(response.stream),
  'a second head, which throws': (_request, response) => {
    expect(() => response.writeHead(404)).toThrow(/already/)
    response.end('made')
  },
  'a late field, which throws': (_request, response) => {
    expect(() => response.setHeader('x', 'y')).toThrow(/already/)
    expect(() => response.stream.respond({ ':status': 404 })).toThrow(/already/)
    expect([response.headersSent, response.stream.headersSent]).toEqual([true, true])
    response.end('made')
  },
}

describe.each(Object.entries(wirings))(
  '%s: behind writeHead(201) of one that asked',
  (_how, options) => {
    test.each(Object.entries(behindHead))('%s', async (_what, behind) => {
      let heads: unknown
      const listener: Listener = (request, response) => {
        response.writeHead(201, { 'x-a': '1' })
        behind(request, response)
      }
      const text = await post(listener, options, { expect: '100-continue' }, (fields) => {
        heads = [fields[':status'], fields['x-a']]
      })
      expect([text, heads]).toEqual(['made', [201, '1']])
    })
  },
)

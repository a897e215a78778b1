// Who reads the stream of an HTTP/2 request and not the request: gets its content behind a head of his own (law 0), and
// none that is over the limit (RFC 9110 15.5.14).
import { once } from 'node:events'
import http2 from 'node:http2'
import { Readable } from 'node:stream'
import { type AttachOptions, attach } from '@expectation/core/node'
import { listen } from '../contract/suite/servers.js'
import { afterThisTest } from '../support/cleanup.js'
import { outcomes } from '../support/outcomes.js'
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

function sendAtOnce(stream: http2.ClientHttp2Stream): void {
  stream.end(Buffer.alloc(BYTES))
}

/** Half of it after the answer, and after a pause in which a stream that nobody reads is reset. */
function sendInHalves(stream: http2.ClientHttp2Stream): void {
  stream.write(Buffer.alloc(BYTES / 2))
  stream.once('end', () => {
    setTimeout(() => stream.closed || stream.end(Buffer.alloc(BYTES / 2)), 200)
  })
}

async function post(
  listener: Listener,
  options: AttachOptions | 'plain' | undefined,
  fields: http2.OutgoingHttpHeaders = {},
  answered: (fields: http2.IncomingHttpHeaders) => void = () => {},
  send: (stream: http2.ClientHttp2Stream) => void = sendAtOnce,
): Promise<string> {
  const server = http2.createServer(listener)
  if (options !== 'plain') attach(server, options)
  const session = http2.connect(`http://127.0.0.1:${await listen(server)}`)
  afterThisTest(() => session.destroy())
  const stream = session.request({ ':method': 'POST', ':path': '/', ...fields })
  stream.on('response', answered)
  send(stream)
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
  'as text': (stream, got) => {
    stream.setEncoding('utf8')
    stream.on('data', (part: string) => got(Buffer.from(part)))
  },
}

test.each(Object.entries(readers))(
  'R22 (RFC 9110 15.5.14): content of undeclared length that is read from the stream %s: 413, and no end of it',
  async (_how, read) => {
    const { onOutcome, all, reach } = outcomes()
    let bytes = 0
    let ended = false
    let closed: Promise<unknown> = Promise.resolve()
    const listener: Listener = ({ stream }, response) => {
      read(stream, (part) => {
        bytes += part.length
      })
      closed = once(stream, 'close')
      stream.on('end', () => {
        ended = true
        response.end('whole')
      })
    }
    const text = await within('the answer', post(listener, { maxContentLength: 1000, onOutcome }))
    expect(text).toContain('content_too_large')
    await within('the end of the stream', closed)
    expect([bytes, ended]).toEqual([0, false])
    await reach(1)
    expect(all).toEqual([expect.objectContaining({ status: 413, reason: 'content_too_large' })])
  },
)

test('who iterates over the stream learns that content over the limit ends early', async () => {
  const learns = new Promise<unknown>((resolve) => {
    const listener: Listener = async ({ stream }) => {
      try {
        for await (const _part of stream);
        resolve('whole')
      } catch (error) {
        resolve(Reflect.get(Object(error), 'code'))
      }
    }
    void post(listener, { maxContentLength: 1000 })
  })
  expect(await within('the error', learns)).toBe('ERR_STREAM_PREMATURE_CLOSE')
})

describe.each([
  ['declared', { 'content-length': String(BYTES) }],
  ['undeclared', {}],
])('content of %s length that is read from the stream', (_framing, fields) => {
  test('is counted, and the request is whole', async () => {
    const { onOutcome, first } = outcomes()
    let destroyed: boolean | undefined
    const listener: Listener = (request, response) => {
      request.stream
        .on('data', () => undefined)
        .on('end', () =>
          setImmediate(() => {
            destroyed = request.destroyed
            response.end('got all')
          }),
        )
    }
    expect(await post(listener, { onOutcome }, fields)).toBe('got all')
    expect(destroyed).toBe(false)
    expect(await first()).toMatchObject({ status: 200, receivedBytes: BYTES, connection: 'kept' })
  })

  test('is read on behind the answer (law 3)', async () => {
    const { onOutcome, first } = outcomes()
    const listener: Listener = ({ stream }, response) => {
      response.end('early')
      stream.on('data', () => undefined)
    }
    void post(listener, { onOutcome }, fields, undefined, sendInHalves)
    expect(await first()).toMatchObject({ receivedBytes: BYTES, connection: 'kept' })
  })
})

test('the status of a head that is given to the stream stands in the outcome', async () => {
  const { onOutcome, first } = outcomes()
  const listener: Listener = ({ stream }) => {
    stream.respond({ ':status': 422 })
    stream.end('no')
  }
  expect(await post(listener, { onOutcome })).toBe('no')
  expect(await first()).toMatchObject({ status: 422 })
})

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
const takesLists = major > 24 || (major === 24 && minor >= 7)

// The contract of other lines of Node has no case of it: on older ones there is nothing to say.
if (takesLists) {
  test('R18: an error that is given to the stream as a list takes the place of the 100', async () => {
    const { onOutcome, first } = outcomes()
    const listener: Listener = ({ stream }) => {
      Reflect.apply(stream.respond, stream, [['x-status', '200', ':status', '422']])
      stream.end('no')
    }
    expect(await post(listener, { onOutcome }, { expect: '100-continue' })).toBe('no')
    expect(await first()).toMatchObject({ status: 422, continueSent: false })
  })
}

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

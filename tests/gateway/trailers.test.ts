// Trailer fields (RFC 9110 section 6.5) of messages without content, as an error of gRPC is one; and those that
// cannot be sent on, which may be dropped (section 6.5.1).
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { dispatcher, gateway } from '@expectation/gateway'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { fields, framesUpstream } from './support/frames-upstream.js'
import { front } from './support/front.js'
import { http2Front } from './support/http2-front.js'
import { answer, rawUpstream } from './support/raw-upstream.js'
import { until } from './support/until.js'

forbidStrayErrors()
keepConsoleErrors()

const UPSTREAMS = {
  'HTTP/1.1': async () => {
    const { origin } = await rawUpstream(async (connection) => {
      await connection.head()
      const opens = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
      connection.send(`${opens}0\r\nGrpc-Status: 5\r\n\r\n`)
    })
    return { upstreams: [origin] as const, http2: false }
  },
  'HTTP/2': async () => {
    const frames = [fields({ ':status': '200' }, false), fields({ 'grpc-status': '5' }, true)]
    const { origin } = await framesUpstream(frames)
    return { upstreams: [origin] as const, http2: true }
  },
}

describe.each(['HTTP/1.1', 'HTTP/2'] as const)(
  'of an answer without content over %s',
  (version) => {
    test('they reach a client of HTTP/1.1', async () => {
      const { upstreams, http2 } = await UPSTREAMS[version]()
      const client = await RawClient.connect(await front(upstreams, { http2 }))
      client.send(head({ method: 'GET', lines: ['TE: trailers', 'Connection: TE'] }))
      // RawClient calls trailers malformed, so the bytes are looked at.
      const last = 'Transfer-Encoding: chunked\r\n\r\n0\r\ngrpc-status: 5\r\n\r\n'
      await until('the trailer', () => client.seen.endsWith(last))
    })

    test('they reach a client of HTTP/2', async () => {
      const { upstreams, http2 } = await UPSTREAMS[version]()
      const { get } = await http2Front(upstreams, { http2 })
      const { headers, trailers, content, reset } = await get()
      expect([headers[':status'], content, reset]).toEqual([200, '', 0])
      expect(trailers).toMatchObject({ 'grpc-status': '5' })
    })
  },
)

const WAYS = {
  gateway: (origin: string): http.RequestListener => gateway({ upstreams: [origin], ask: 'never' }),
  dispatcher(origin: string): http.RequestListener {
    const asked = dispatcher({ ask: 'never' })
    afterThisTest(() => asked.destroy())
    return (request, response) => {
      const { method = '', url: path = '', headers } = request
      asked.request({ origin, method, path, headers, body: request }, (error, got) => {
        if (got === undefined) throw error
        got.body.pipe(response.writeHead(got.statusCode, got.headers as http.OutgoingHttpHeaders))
      })
    }
  },
}

test.each(['gateway', 'dispatcher'] as const)(
  '%s: one that only a lenient server takes is left out, and the others go on',
  async (way) => {
    let got = ''
    const { origin } = await rawUpstream(async (connection) => {
      await connection.head()
      got = await connection.until('\r\n\r\n')
      connection.send(answer('201 Created'))
    })
    const server = http.createServer({ insecureHTTPParser: true }, WAYS[way](origin))
    const client = await RawClient.connect(await serve(attach(server, {})))
    client.send(head({ method: 'POST', chunked: true }))
    const stored = await client.send('2\r\nhi\r\n0\r\nX: a\x01b\r\nX-Sum: 1\r\n\r\n').final()
    expect(stored.status).toBe(201)
    expect(got).toBe('2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n')
  },
)

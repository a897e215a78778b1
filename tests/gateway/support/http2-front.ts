// A gateway on an attached server of HTTP/2, a session of a client with it, and what the gateway told of its
// relays.
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { attach } from '@expectation/core/node'
import { type GatewayOptions, gateway, type RelayOutcome } from '@expectation/gateway'
import { afterThisTest } from '../../support/cleanup.js'
import { latch, within } from '../../support/server.js'

export interface Http2Answer {
  readonly headers: http2.IncomingHttpHeaders
  readonly content: string
  readonly trailers: http2.IncomingHttpHeaders
  /** Code of the reset; 0 when the answer ended. */
  readonly reset: number
  /** Information responses before it. */
  readonly informed: readonly http2.IncomingHttpHeaders[]
}

export async function http2Front(
  upstreams: readonly string[],
  options: Partial<GatewayOptions> = {},
) {
  const told = latch<RelayOutcome>()
  const onRelay = (outcome: RelayOutcome): void => told.open(outcome)
  const handler = gateway({ upstreams, continueTimeoutMs: 20_000, onRelay, ...options })
  const server = http2.createServer((request, response) =>
    // Node's compatibility layer: the same interface at run time.
    handler(request as never, response as never),
  )
  attach(server, {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const session = http2.connect(`http://127.0.0.1:${port}`)
  session.on('error', () => undefined)
  afterThisTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    session.destroy()
    await closed
  })
  const request = (headers: http2.OutgoingHttpHeaders): Promise<Http2Answer> =>
    within('an answer over HTTP/2', answerOf(session.request({ ':path': '/', ...headers })))
  const get = (path = '/'): Promise<Http2Answer> => request({ ':path': path })
  return { server, session, get, request, outcome: () => within('an outcome', told.opened) }
}

function answerOf(stream: http2.ClientHttp2Stream): Promise<Http2Answer> {
  return new Promise((resolve) => {
    let headers: http2.IncomingHttpHeaders = {}
    let trailers: http2.IncomingHttpHeaders = {}
    let content = ''
    const informed: http2.IncomingHttpHeaders[] = []
    stream.setEncoding('latin1')
    stream.on('headers', (each) => informed.push(each))
    stream.on('response', (head) => {
      headers = head
    })
    stream.on('trailers', (last) => {
      trailers = last
    })
    stream.on('data', (text: string) => {
      content += text
    })
    stream.on('error', () => undefined)
    stream.on('close', () =>
      resolve({ headers, content, trailers, reset: stream.rstCode, informed }),
    )
  })
}

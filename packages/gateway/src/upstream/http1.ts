// A call over HTTP/1, on `node:http`. Laws:
// - a socket hears its upstream out: an answer that it sent before it closed is found (nodejs/node#12339)
// - a connection whose request is unfinished is destroyed, never ended and never pooled: the upstream
//   would take the next request for content (CVE-2024-24791 of Go)

import {
  type Agent,
  type ClientRequest,
  request as httpRequest,
  type IncomingMessage,
} from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type Socket } from 'node:net'
import { hearOut } from '@expectation/client'
import type { FieldLines } from '../fields/field-lines.js'
import { methodNotRelayed, RelayError } from '../refusals.js'
import { endsByClose, framingFault, mustClose } from './answer-framing.js'
import { keepEveryField } from './every-field.js'
import { GatheredWrites } from './gathered-writes.js'
import { asBytes, flushHead } from './head-bytes.js'
import { http1Fields } from './http1-head.js'
import type {
  Upstream,
  UpstreamAnswer,
  UpstreamCall,
  UpstreamHead,
  UpstreamListener,
} from './upstream.js'
import { whenConnected } from './when-connected.js'

export function http1Upstream(origin: string, agent: Agent): Upstream {
  const { protocol, hostname, port } = new URL(origin)
  const secure = protocol === 'https:'
  // An IPv6 address stands in brackets in a URL only.
  const host = hostname.replace(/^\[|\]$/g, '')
  const fixed = {
    protocol,
    host,
    port: port === '' ? (secure ? 443 : 80) : Number(port),
    // An IP address is no name (RFC 6066 section 3). Elsewhere Node would look for one in `Host`.
    servername: secure && isIP(host) === 0 ? host : '',
  }
  const request = secure ? httpsRequest : httpRequest
  return {
    call(head, listener) {
      if (head.method !== head.method.toUpperCase()) throw methodNotRelayed()
      // Each named: spreading them into a new object would be a tenth of what a request costs.
      const asked = request({
        protocol: fixed.protocol,
        host: fixed.host,
        port: fixed.port,
        servername: fixed.servername,
        agent,
        // Whatever the process was started with: an upstream's answer is read strictly.
        insecureHTTPParser: false,
        method: head.method,
        path: head.target,
        // Node would take an empty one for none.
        setHost: false,
        headers: http1Fields(head),
      })
      return new Http1Call(asked, agent, head, listener)
    },
  }
}

class Http1Call implements UpstreamCall {
  #connected = false
  #answered = false
  #over = false
  readonly #content: GatheredWrites

  constructor(
    private readonly request: ClientRequest,
    private readonly agent: Partial<Agent>,
    private readonly head: UpstreamHead,
    private readonly listener: UpstreamListener,
  ) {
    this.#content = new GatheredWrites(request)
    keepEveryField(request)
    request.on('socket', (socket: Socket) => this.#take(socket))
    if (head.asks) request.on('continue', () => listener.continued())
    request.on('information', ({ statusCode, rawHeaders }) => {
      if (statusCode !== 100) listener.informed(statusCode, rawHeaders)
    })
    request.on('response', (answer) => this.#answer(answer))
    request.on('upgrade', (_answer, socket) => {
      socket.destroy()
      this.#fail(new RelayError('The upstream switched protocols unasked.', 'UNASKED_UPGRADE'))
    })
    if (head.content.kind !== 'none') request.on('drain', () => listener.drained())
    request.on('error', (error) => this.#fail(error))
    request.on('close', () => {
      // Every request ends so, and an error captures a stack.
      if (this.#over || this.#answered) return
      this.#fail(new RelayError('The upstream closed the connection.', 'ECONNRESET'))
    })
  }

  /** An agent has `maxSockets`, and all are in use. Not every agent is one of Node's. */
  isQueued(): boolean {
    const { requests = {} } = this.agent
    return Object.values(requests).some((waiting) => waiting?.includes(this.request) === true)
  }

  flush(): void {
    flushHead(this.request)
  }

  write(chunk: Uint8Array): boolean {
    return this.#content.write(chunk)
  }

  end(trailers: FieldLines): void {
    this.#content.flush()
    if (trailers.length > 0) this.request.addTrailers(pairs(trailers))
    this.request.end()
  }

  /** It is destroyed, and carries nothing else meanwhile. */
  distrust(): void {}

  drop(): void {
    this.#over = true
    this.request.destroy()
  }

  #take(socket: Socket): void {
    hearOut(socket)
    // Node writes the head of a request that asks as soon as this event is over.
    if (this.head.asks) asBytes(socket)
    whenConnected(socket, () => this.#connect())
  }

  #connect(): void {
    if (this.#over) return
    this.#connected = true
    this.listener.connected(this.request.reusedSocket)
  }

  #answer(answer: IncomingMessage): void {
    if (this.#over) {
      answer.resume()
      return
    }
    const fault = framingFault(answer, this.head.method)
    if (fault !== undefined) {
      this.#fail(new RelayError(fault, 'BAD_FRAMING'))
      return
    }
    this.#answered = true
    // By then the request has let its connection go, to be pooled a tick later.
    const { socket } = answer
    if (mustClose(answer)) answer.once('end', () => socket.destroy())
    this.listener.answered(new Http1Answer(answer, this.head))
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#over || this.#answered) return
    this.#over = true
    const kind = !this.#connected ? 'unreachable' : this.request.reusedSocket ? 'stale' : 'broken'
    this.request.destroy()
    this.listener.failed({ kind, error })
  }
}

class Http1Answer implements UpstreamAnswer {
  readonly status: number
  readonly phrase: string
  readonly lines: FieldLines

  readonly #socket: Socket

  constructor(
    readonly content: IncomingMessage,
    private readonly head: UpstreamHead,
  ) {
    this.#socket = content.socket
    this.status = content.statusCode ?? 0
    this.phrase = content.statusMessage ?? ''
    this.lines = content.rawHeaders
  }

  trailers(): FieldLines {
    return this.content.rawTrailers
  }

  isWhole(): boolean {
    // What ends by the close is whole for Node however the connection closed. A reset is no end; but to a
    // request with content it is also what a close looks like to whoever has read the answer only.
    const { content, head } = this
    const hadContent = head.content.kind !== 'none'
    const wasReset = this.#socket.errored !== null && endsByClose(content, head.method)
    return content.complete && (hadContent || !wasReset)
  }
}

function pairs(lines: FieldLines): [string, string][] {
  const list: [string, string][] = []
  for (let at = 0; at + 1 < lines.length; at += 2) list.push([lines[at] ?? '', lines[at + 1] ?? ''])
  return list
}

// A request of HTTP/1.1, made by node:http: its parser, its agents, its pool. The head goes out at once
// with `Expect`, else together with the first content.
import http, { type ClientRequest } from 'node:http'
import https from 'node:https'
import { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Fields } from '../fields.js'
import { hearOut } from '../hear-out.js'
import { isWhole } from './http1-end.js'
import {
  type AnswerHead,
  type RequestPlan,
  UNSEEN_PIECE_BYTES,
  type Wire,
  type WireEvents,
} from './wire.js'
import { WITHOUT_CONTENT } from './without-content.js'

/** What is not worth to be looked at in parts. */
const SMALL_BYTES = 65_536
/** So large that the turns between cost nothing. */
const SEEN_PIECE_BYTES = 8_388_608

export class Http1Wire implements Wire {
  readonly #request: ClientRequest
  #socket: Socket | undefined
  /** What the kernel had not taken when the piece had just been written. */
  #queued = 0

  constructor(
    private readonly plan: RequestPlan,
    private readonly events: WireEvents,
  ) {
    const { method, agent } = plan
    const { protocol, hostname, port, path } = targetOf(plan.url)
    const open = protocol === 'https:' ? https.request : http.request
    const request = open({
      agent,
      method,
      protocol,
      hostname,
      port,
      path,
      headers: headersOf(plan),
      // Whatever the process was started with: an answer is read strictly.
      insecureHTTPParser: false,
    })
    this.#request = request
    // Node keeps the first 1000 fields by default; the size of the whole head is bounded all the same.
    request.maxHeadersCount = 0
    // Each comes once; `once` would make two objects more for every request.
    request.on('socket', (socket) => {
      this.#socket = socket
      // Later than what a proxy agent does to the head. One that has written it leaves nothing to add.
      const asked = plan.asks && !request.headersSent
      if (asked && !this.#written(() => ask(request, socket))) return
      const connected = (): void => events.connected('http/1.1', asked)
      // A proxy agent may hand out any duplex stream.
      if (!(socket instanceof Socket)) return connected()
      hearOut(socket)
      whenConnected(socket, connected)
    })
    request.on('error', (error) => events.failed(error))
    request.on('response', (answer) => {
      const { statusCode = 0, statusMessage = '', rawHeaders } = answer
      // A 101 without the fields of an upgrade is taken for an answer by Node.
      if (statusCode < 200) return switched()
      const { socket } = answer
      const asked = { method, hadContent: plan.contentLength !== 0 }
      events.answered(new Head(statusCode, statusMessage, rawHeaders), {
        stream: answer,
        isWhole: () => isWhole(answer, socket, asked),
      })
    })
    const switched = (): void => {
      events.failed(new Error('The server switched protocols unasked'), 'malformed_answer')
    }
    request.on('upgrade', (_answer, socket) => {
      socket.destroy()
      switched()
    })
    request.on('close', () => events.closed())
    if (plan.asks) request.once('continue', () => events.continued())
    request.on('information', ({ statusCode, statusMessage, rawHeaders }) => {
      if (statusCode !== 100) events.information(new Head(statusCode, statusMessage, rawHeaders))
    })
  }

  write(piece: Uint8Array, done: (error?: Error | null) => void): void {
    if (!this.#written(() => this.#request.write(piece, done))) return
    this.#queued = queueOf(this.#socket) ?? piece.byteLength
  }

  end(piece: Uint8Array | undefined, done: () => void): void {
    // What `end(piece, done)` does, with `once`.
    this.#request.on('finish', done)
    if (!this.#written(() => this.#request.end(piece))) return
    const size = piece?.byteLength ?? 0
    this.#queued = size > SMALL_BYTES ? (queueOf(this.#socket) ?? size) : size
  }

  leftOf(bytes: number): number {
    const queued = queueOf(this.#socket)
    // An empty queue is also what a write that has failed leaves behind.
    const unsent = queued === undefined || queued === 0 ? this.#queued : queued
    return Math.max(0, bytes - unsent)
  }

  get largestPieceBytes(): number {
    return queueOf(this.#socket) === undefined ? UNSEEN_PIECE_BYTES : SEEN_PIECE_BYTES
  }

  /** An agent has `maxSockets`, and all are in use. */
  get queued(): boolean {
    const { requests = {} } = this.plan.agent
    return Object.values(requests).some((waiting) => waiting?.includes(this.#request) === true)
  }

  /** It is destroyed, and carries nothing else meanwhile. */
  distrust(): void {}

  destroy(): void {
    this.#request.destroy()
  }

  /** Node refuses some heads only when they are written, in events in which nobody else would catch it. */
  #written(write: () => unknown): boolean {
    try {
      write()
      return true
    } catch (error) {
      this.events.failed(error, 'malformed_request')
      return false
    }
  }
}

interface Target {
  readonly protocol: string
  readonly hostname: string
  /** `null`: that of the protocol. */
  readonly port: string | null
  readonly path: string
}

/** Every part of a URL is cut out of its text anew by each look at it. */
const targets = new WeakMap<URL, Target>()

function targetOf(url: URL): Target {
  const known = targets.get(url)
  if (known !== undefined) return known
  const target: Target = {
    protocol: url.protocol,
    hostname: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? null : url.port,
    path: `${url.pathname}${url.search}`,
  }
  targets.set(url, target)
  return target
}

/** An object: tracing adds its fields to it, and takes the places of a list for names. */
function headersOf(plan: RequestPlan): Record<string, string | string[]> {
  // Without a prototype: `__proto__` and `constructor` are names of fields like any other.
  const headers: Record<string, string | string[]> = Object.create(null)
  const names: Record<string, string> = Object.create(null)
  for (const [name, value] of plan.fields) {
    const lower = name.toLowerCase()
    const first = names[lower]
    const before = first === undefined ? undefined : headers[first]
    if (first === undefined || before === undefined) {
      names[lower] = name
      headers[name] = value
    } else {
      headers[first] = [before, value].flat()
    }
  }
  if (plan.contentLength === undefined) headers['Transfer-Encoding'] = 'chunked'
  else if (plan.contentLength > 0 || !WITHOUT_CONTENT.has(plan.method)) {
    headers['Content-Length'] = String(plan.contentLength)
  }
  return headers
}

/** Sends the head alone, which Node writes in the encoding of the socket: bytes, as in any other head. */
function ask(request: ClientRequest, socket: Socket): void {
  request.setHeader('Expect', '100-continue')
  socket.setDefaultEncoding('latin1')
  request.flushHeaders()
  socket.setDefaultEncoding('utf8')
}

function whenConnected(socket: Socket, connected: () => void): void {
  const secure = socket instanceof TLSSocket
  const underWay = secure
    ? 'secureConnecting' in socket && socket.secureConnecting === true
    : socket.connecting
  if (underWay) socket.once(secure ? 'secureConnect' : 'connect', connected)
  else connected()
}

/** Bytes that libuv holds because the kernel takes no more; of a TLS socket it counts other bytes. */
function queueOf(socket: Socket | undefined): number | undefined {
  if (socket === undefined || socket instanceof TLSSocket || !('_handle' in socket))
    return undefined
  const handle = socket._handle
  if (typeof handle !== 'object' || handle === null || !('writeQueueSize' in handle)) {
    return undefined
  }
  return typeof handle.writeQueueSize === 'number' ? handle.writeQueueSize : undefined
}

/** Fields are paired when they are first asked for. */
class Head implements AnswerHead {
  constructor(
    readonly status: number,
    readonly statusText: string,
    private readonly raw: readonly string[],
  ) {}

  get fields(): Fields {
    const { raw } = this
    const fields: [string, string][] = []
    for (let at = 0; at + 1 < raw.length; at += 2) fields.push([raw[at] ?? '', raw[at + 1] ?? ''])
    return fields
  }
}

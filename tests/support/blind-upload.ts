// An upload by a client that does not look up: it writes all of its content and only then ends, as
// Python's and Java's do. What it saw is told when its socket is closed, and a reset is part of it.
import net from 'node:net'
import tls from 'node:tls'
import { afterThisTest } from './cleanup.js'
import { takeResponse, type WireResponse } from './parse-response.js'
import type { Address } from './raw-client.js'
import { within } from './server.js'

export interface BlindUpload {
  readonly head: string
  /** As it goes on the wire: chunked content must already be in chunks. */
  readonly content: Buffer
  /** Waits for a 100 before the content, and ends without content when it gets an answer instead. */
  readonly asks?: boolean
  /** Takes nothing from the kernel before everything is written. */
  readonly readsLast?: boolean
}

export interface Witnessed {
  /** Statuses of the interim responses. */
  readonly interim: readonly number[]
  /** The final response, when it was whole. */
  readonly response: WireResponse | undefined
  /** What came that belongs to no whole response. */
  readonly rest: string
  /** FIN came, and not a reset. */
  readonly ended: boolean
  /** Code of the socket's error: the peer has cut the connection. */
  readonly error: string | undefined
  /** Every byte of the content was taken by the kernel. */
  readonly wroteAll: boolean
}

const PIECE = 65_536

export async function blindUpload(
  to: Address,
  request: BlindUpload,
  withinMs = 15_000,
): Promise<Witnessed> {
  const witness = new Witness(to, request)
  afterThisTest(() => void witness.socket.destroy())
  return await within('an upload to be over', witness.over, withinMs)
}

class Witness {
  readonly socket: net.Socket
  readonly over: Promise<Witnessed>
  readonly #interim: number[] = []
  #response: WireResponse | undefined
  #unread: Buffer = Buffer.alloc(0)
  #error: string | undefined
  #ended = false
  #wroteAll = false
  #sending = false

  constructor(
    to: Address,
    private readonly request: BlindUpload,
  ) {
    const at = { port: to.port, host: '127.0.0.1', allowHalfOpen: true }
    const trusting = { ...at, rejectUnauthorized: false }
    this.socket = to.secure === true ? tls.connect(trusting) : net.connect(at)
    const { socket } = this
    socket.on('data', (bytes: Buffer) => this.#take(bytes))
    socket.on('end', () => {
      this.#ended = true
      this.#parse()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#error = error.code ?? error.message
    })
    this.over = new Promise((resolve) => socket.once('close', () => resolve(this.#seen())))
    if (request.readsLast === true) socket.pause()
    socket.write(request.head, 'latin1', () => {
      if (request.asks !== true) this.#send(0)
    })
  }

  /** One piece at a time: the next is written when the kernel has taken the last. */
  #send(from: number): void {
    this.#sending = true
    const { content } = this.request
    if (from >= content.length) {
      this.#wroteAll = true
      if (this.request.readsLast === true) this.socket.resume()
      this.socket.end()
      return
    }
    this.socket.write(content.subarray(from, from + PIECE), (error) => {
      if (error == null) this.#send(from + PIECE)
      else this.socket.resume()
    })
  }

  #take(bytes: Buffer): void {
    this.#unread = Buffer.concat([this.#unread, bytes])
    this.#parse()
  }

  #parse(): void {
    for (;;) {
      if (this.#response !== undefined) return
      const taken = takeResponse(this.#unread, { ended: this.#ended })
      if (taken === undefined) return
      this.#unread = this.#unread.subarray(taken.used)
      if (taken.response.status < 200) this.#interim.push(taken.response.status)
      else this.#response = taken.response
      if (this.#sending || this.request.asks !== true) continue
      if (taken.response.status === 100) this.#send(0)
      else this.socket.end()
    }
  }

  #seen(): Witnessed {
    return {
      interim: this.#interim,
      response: this.#response,
      rest: this.#unread.toString('latin1'),
      ended: this.#ended,
      error: this.#error,
      wroteAll: this.#wroteAll,
    }
  }
}

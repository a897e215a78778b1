// A client made of one socket and nothing else: it sends exactly the bytes a test gives it and reads
// responses strictly. Every wait is bounded, and a wait that fails shows the bytes that did come.
import net from 'node:net'
import tls from 'node:tls'
import { afterThisTest } from './cleanup.js'
import { type ReadingOptions, takeResponse, type WireResponse } from './parse-response.js'

/** How long a wait for bytes may take, in milliseconds: above any local answer on a machine that is busy. */
const WAIT_MS = 8000

/** The same for the end of a connection: below the idle time after which a linger ends. */
const END_MS = 2000

export interface Address {
  readonly port: number
  /** Default 127.0.0.1. */
  readonly host?: string
  readonly secure?: boolean
}

export interface WaitOptions extends ReadingOptions {
  readonly withinMs?: number
}

export class RawClient {
  readonly #socket: net.Socket
  readonly #seen: Buffer[] = []
  #unread: Buffer = Buffer.alloc(0)
  #ended = false
  #closed = false
  #failure: NodeJS.ErrnoException | undefined
  readonly #wakers = new Set<() => void>()

  private constructor(socket: net.Socket) {
    this.#socket = socket
    socket.on('data', (chunk: Buffer) => {
      this.#seen.push(chunk)
      this.#unread = Buffer.concat([this.#unread, chunk])
      this.#wake()
    })
    socket.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#failure = error
      this.#wake()
    })
    socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  static async connect(to: Address): Promise<RawClient> {
    const { port, host = '127.0.0.1' } = to
    const socket =
      to.secure === true
        ? // The certificate is our own and proves nothing; the bytes are what is looked at.
          tls.connect({ port, host, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] })
        : net.connect({ port, host, allowHalfOpen: true })
    const client = new RawClient(socket)
    afterThisTest(() => client.destroy())
    let connected = false
    socket.once(to.secure === true ? 'secureConnect' : 'connect', () => {
      connected = true
      client.#wake()
    })
    await client.#until('a connection', () => connected)
    return client
  }

  /** Everything that came, as text, for messages. */
  get seen(): string {
    return Buffer.concat(this.#seen).toString('latin1')
  }

  /** Everything that came and belongs to no response taken so far. */
  get unread(): string {
    return this.#unread.toString('latin1')
  }

  get ended(): boolean {
    return this.#ended
  }

  /** The port of our own end: what a server sees as the remote port. */
  get localPort(): number | undefined {
    return this.#socket.localPort
  }

  send(bytes: string | Buffer): this {
    // A peer that has closed makes writes fail; that is a result (see `failure`), not an accident.
    this.#socket.write(bytes)
    return this
  }

  /** Sends, and waits until the kernel has taken all of it, or the peer has closed. */
  async sendAll(bytes: string | Buffer, withinMs = WAIT_MS): Promise<void> {
    let flushed = false
    this.#socket.write(bytes, () => {
      flushed = true
      this.#wake()
    })
    await this.#until('the bytes to leave', () => flushed || this.#closed, withinMs)
  }

  /** Stops taking bytes from the kernel: a client that writes everything before it reads. */
  stopReading(): void {
    this.#socket.pause()
  }

  startReading(): void {
    this.#socket.resume()
  }

  halfClose(): void {
    this.#socket.end()
  }

  reset(): void {
    this.#socket.resetAndDestroy()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** The next response, interim or final. */
  async next(options: WaitOptions = {}): Promise<WireResponse> {
    let found: WireResponse | undefined
    await this.#until(
      'a response',
      () => {
        const ended = this.#ended || this.#closed
        const taken = takeResponse(this.#unread, { ...options, ended })
        if (taken === undefined) {
          if (ended) throw new Error('the connection ended before the response was complete')
          return false
        }
        this.#unread = this.#unread.subarray(taken.used)
        found = taken.response
        return true
      },
      options.withinMs,
    )
    if (found === undefined) throw new Error('unreachable')
    return found
  }

  /** The next response, which must be `100 Continue` and must carry no fields (R19). */
  async continue(options: WaitOptions = {}): Promise<void> {
    const interim = await this.next(options)
    if (interim.status !== 100 || interim.fields.length > 0) {
      throw this.#problem(`expected a bare 100 Continue, got ${interim.status}`)
    }
  }

  /** The next response, which must be a final one: an interim before it is an error. */
  async final(options: WaitOptions = {}): Promise<WireResponse> {
    const response = await this.next(options)
    if (response.status < 200) {
      throw this.#problem(`expected a final response, got ${response.status}`)
    }
    return response
  }

  /** The final response, with at most one 100 before it: where R13 leaves the 100 to the server. */
  async answer(options: WaitOptions = {}): Promise<WireResponse> {
    const first = await this.next(options)
    return first.status === 100 ? this.final(options) : first
  }

  /** Waits for the peer's FIN and returns what came before it beyond the responses taken. */
  async fin(withinMs = END_MS): Promise<string> {
    await this.#until('FIN', () => this.#ended || this.#closed, withinMs)
    if (!this.#ended) throw this.#problem('the connection was cut without FIN')
    return this.unread
  }

  /** Waits until the connection is over, by FIN or by reset, and returns the rest. */
  async over(withinMs = END_MS): Promise<string> {
    await this.#until(
      'the connection to be over',
      () => this.#ended || this.#closed || this.#failure !== undefined,
      withinMs,
    )
    return this.unread
  }

  /** Waits until the peer has let go altogether: our own writes fail, or the socket is closed. */
  async gone(withinMs = END_MS): Promise<void> {
    // A reset shows only when we write; a write after it is answered by EPIPE or ECONNRESET.
    const probe = setInterval(() => this.#socket.write('x'), 10)
    try {
      await this.#until('the peer to let go', () => this.#closed, withinMs)
    } finally {
      clearInterval(probe)
    }
  }

  /** Asserts that nothing at all comes for a while: no bytes, no FIN, no reset. */
  async quiet(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms))
    if (this.#unread.length > 0) throw this.#problem(`expected ${ms} ms of silence, got bytes`)
    if (this.#ended || this.#closed)
      throw this.#problem(`expected ${ms} ms of silence, got the end`)
  }

  #wake(): void {
    for (const wake of this.#wakers) wake()
  }

  #problem(message: string): Error {
    const state = [
      this.#ended ? 'FIN came' : 'no FIN',
      this.#closed ? 'closed' : 'open',
      this.#failure === undefined ? 'no error' : `error ${this.#failure.code}`,
    ].join(', ')
    const text = this.seen
    const bytes = text.length > 4000 ? `${text.slice(0, 4000)}… (${text.length} bytes)` : text
    return new Error(`${message} (${state}). Bytes seen:\n${bytes === '' ? '(none)' : bytes}`)
  }

  #until(what: string, done: () => boolean, withinMs = WAIT_MS): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (error?: Error): void => {
        clearTimeout(timer)
        this.#wakers.delete(check)
        if (error === undefined) resolve()
        else reject(error)
      }
      const check = (): void => {
        try {
          if (done()) settle()
          else if (this.#closed) settle(this.#problem(`waited for ${what}, the connection closed`))
        } catch (error) {
          settle(this.#problem(error instanceof Error ? error.message : String(error)))
        }
      }
      const timer = setTimeout(
        () => settle(this.#problem(`waited ${withinMs} ms for ${what}`)),
        withinMs,
      )
      this.#wakers.add(check)
      check()
    })
  }
}

// The client of the conformance suite, as tests use it: an answer that does not come, or is another one,
// is an error that shows the bytes that did come, and what a test leaves open is closed behind it.
import type { Socket } from 'node:net'
import {
  type WaitOptions,
  RawClient as WireClient,
  type WireResponse,
} from '@expectation/conformance'
import { afterThisTest } from './cleanup.js'
import { within } from './server.js'

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

export class RawClient {
  readonly #wire: WireClient
  readonly #end: End

  private constructor(wire: WireClient, end: End) {
    this.#wire = wire
    this.#end = end
  }

  static async connect({ port, host = '127.0.0.1', secure = false }: Address): Promise<RawClient> {
    const end = new End()
    const watch = (socket: Socket): void => end.watch(socket)
    const to = { port, host, secure, authority: `${host}:${port}` }
    const wire = await WireClient.connect(to, WAIT_MS, watch)
    afterThisTest(() => wire.destroy())
    return new RawClient(wire, end)
  }

  /** What came, as text, for messages: the first 64 KiB. */
  get seen(): string {
    return this.#wire.seen
  }

  /** Everything that came and belongs to no response taken so far. */
  get unread(): string {
    return this.#wire.unread
  }

  /** A peer that has closed makes writes fail: a result, and not an accident. */
  send(bytes: string | Buffer): this {
    this.#wire.send(Buffer.from(bytes))
    return this
  }

  /** Sends, and waits until the kernel has taken all of it, or the peer has closed. */
  sendAll(bytes: string | Buffer, withinMs = WAIT_MS): Promise<void> {
    return this.#wire.sendAll(Buffer.from(bytes), withinMs)
  }

  /** Stops taking bytes from the kernel: a client that writes everything before it reads. */
  stopReading(): void {
    this.#wire.stopReading()
  }

  startReading(): void {
    this.#wire.startReading()
  }

  halfClose(): void {
    this.#wire.halfClose()
  }

  reset(): void {
    this.#wire.reset()
  }

  destroy(): void {
    this.#wire.destroy()
  }

  /** The next response, interim or final. */
  async next({ withinMs = WAIT_MS, ...options }: WaitOptions = {}): Promise<WireResponse> {
    const response = await this.#wire.next({ ...options, withinMs })
    if (response !== undefined) return response
    throw this.#wire.problem('the connection ended before the response was complete')
  }

  /** The next response, which must be `100 Continue` and must carry no fields (R19). */
  async continue(options: WaitOptions = {}): Promise<void> {
    const interim = await this.next(options)
    if (interim.status !== 100 || interim.fields.length > 0) {
      throw this.#wire.problem(`expected a bare 100 Continue, got ${interim.status}`)
    }
  }

  /** The next response, which must be a final one: an interim before it is an error. */
  async final(options: WaitOptions = {}): Promise<WireResponse> {
    const response = await this.next(options)
    if (response.status >= 200) return response
    throw this.#wire.problem(`expected a final response, got ${response.status}`)
  }

  /** The final response, with at most one 100 before it: where R13 leaves the 100 to the server. */
  async answer(options: WaitOptions = {}): Promise<WireResponse> {
    const first = await this.next(options)
    return first.status === 100 ? this.final(options) : first
  }

  /** Waits for the peer's FIN and returns what came before it beyond the responses taken. */
  async fin(withinMs = END_MS): Promise<string> {
    await this.#wire.over(withinMs)
    if (!this.#end.fin) throw this.#wire.problem('the connection was cut without FIN')
    return this.unread
  }

  /** Waits until the connection is over, by FIN or by reset, and returns the rest. */
  async over(withinMs = END_MS): Promise<string> {
    await this.#wire.over(withinMs)
    return this.unread
  }

  /** Waits until the peer has let go altogether: our own writes fail, or the socket is closed. */
  async gone(withinMs = END_MS): Promise<void> {
    // A reset shows only when we write; a write after it is answered by EPIPE or ECONNRESET.
    const probe = setInterval(() => this.#wire.send('x'), 10)
    try {
      await within('the peer to let go', this.#end.closed, withinMs)
    } finally {
      clearInterval(probe)
    }
  }

  /** Asserts that nothing at all comes for a while: no bytes, no FIN, no reset. */
  async quiet(ms: number): Promise<void> {
    await this.#wire.pause(ms)
    if (this.unread !== '') throw this.#wire.problem(`expected ${ms} ms of silence, got bytes`)
    if (this.#wire.end !== 'open') {
      throw this.#wire.problem(`expected ${ms} ms of silence, got the end`)
    }
  }
}

/** How a connection ends: the peer's FIN is told from a reset also when our own writes fail later. */
class End {
  fin = false
  closed: Promise<unknown> = Promise.resolve()

  watch(socket: Socket): void {
    socket.once('end', () => {
      this.fin = true
    })
    this.closed = new Promise((resolve) => socket.once('close', resolve))
  }
}

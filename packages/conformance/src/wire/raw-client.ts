// A client made of one socket and nothing else: it sends exactly the bytes it is given and reads
// responses strictly. Every wait is bounded, and a wait that fails shows the bytes that did come.

import { connect, isIP, type Socket } from 'node:net'
import tls from 'node:tls'
import type { Address } from './address.js'
import { type ReadingOptions, takeResponse } from './parse-response.js'
import type { WireResponse } from './response.js'

/** How long a wait may take by default, in milliseconds: far above any local answer. */
export const WAIT_MS = 3000

/** How much may lie here that belongs to no response taken so far: far above what any case asks for. */
export const MOST_UNREAD = 8 * 1024 * 1024

/** What was observed is not what was expected; carries everything that was seen. */
export class Observation extends Error {
  override readonly name = 'Observation'
}

/** The wait itself came to its end; what came before it is well formed. */
export class WaitedInVain extends Observation {}

export interface WaitOptions extends ReadingOptions {
  readonly withinMs?: number
}

const FLOODED = `more than ${MOST_UNREAD} bytes came that make no whole response`

export type End = 'open' | 'fin' | 'reset'

export class RawClient {
  readonly #tcp: Socket
  readonly #socket: Socket
  readonly #seen: Buffer[] = []
  #seenBytes = 0
  #unread: Buffer = Buffer.alloc(0)
  #ended = false
  #closed = false
  /** More came than is kept, so the connection was cut here. */
  #flooded = false
  #failure: NodeJS.ErrnoException | undefined
  readonly #wakers = new Set<() => void>()

  private constructor(tcp: Socket, socket: Socket) {
    this.#tcp = tcp
    this.#socket = socket
    // A TLS socket does not pass on every error of the socket below it.
    for (const each of new Set([tcp, socket])) {
      each.on('error', (error: NodeJS.ErrnoException) => {
        this.#failure ??= error
        this.#wake()
      })
    }
    socket.on('data', (chunk: Buffer) => {
      if (this.#seenBytes < 65_536) this.#seen.push(chunk)
      this.#seenBytes += chunk.length
      this.#unread = Buffer.concat([this.#unread, chunk])
      this.#wake()
      if (this.#unread.length > MOST_UNREAD) this.#cut()
    })
    socket.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  /** @param prepare - gets the socket that is written to, before anything is; with TLS, the secure one */
  static async connect(
    to: Address,
    withinMs = WAIT_MS,
    prepare: (socket: Socket) => void = () => undefined,
  ): Promise<RawClient> {
    const tcp = connect({ port: to.port, host: to.host, allowHalfOpen: true })
    tcp.setNoDelay(true)
    const socket = to.secure
      ? // Servers under test show certificates of their own making; the bytes are what is looked at.
        tls.connect({
          socket: tcp,
          rejectUnauthorized: false,
          ALPNProtocols: ['http/1.1'],
          ...(isIP(to.host) === 0 ? { servername: to.host } : {}),
        })
      : tcp
    prepare(socket)
    const client = new RawClient(tcp, socket)
    let connected = false
    socket.once(to.secure ? 'secureConnect' : 'connect', () => {
      connected = true
      client.#wake()
    })
    try {
      await client.#until('a connection', () => connected, withinMs)
    } catch (error) {
      client.destroy()
      throw client.#failure ?? error
    }
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

  /** Has the peer reset the connection, or refused what we wrote? */
  get failure(): NodeJS.ErrnoException | undefined {
    return this.#failure
  }

  get end(): End {
    if (this.#failure !== undefined) return 'reset'
    if (this.#ended) return 'fin'
    return this.#closed ? 'reset' : 'open'
  }

  send(bytes: string | Buffer): void {
    // A peer that has closed makes writes fail; that is a result (see `failure`), not an accident.
    if (this.#socket.writable) {
      this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
    }
  }

  /** Sends, and waits until the kernel has taken all of it, or the peer has closed. */
  async sendAll(bytes: string | Buffer, withinMs = WAIT_MS): Promise<void> {
    let flushed = !this.#socket.writable
    if (!flushed) {
      this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes, () => {
        flushed = true
        this.#wake()
      })
    }
    await this.#until('the bytes to leave', () => flushed || this.#closed, withinMs)
  }

  /** Leaves what comes in the kernel; a write that fails meanwhile destroys the socket with it. */
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
    this.#tcp.resetAndDestroy()
  }

  destroy(): void {
    this.#socket.destroy()
    this.#tcp.destroy()
  }

  /** The next response, interim or final, or undefined when the connection ended before it. */
  async next(options: WaitOptions = {}): Promise<WireResponse | undefined> {
    let found: WireResponse | undefined
    await this.#until(
      'a response',
      () => {
        found = this.#take(options)
        return found !== undefined || this.end !== 'open'
      },
      options.withinMs,
    )
    return found
  }

  /** Waits this long for a response and gives up quietly. */
  async nextIfAny(
    options: WaitOptions & { readonly withinMs: number },
  ): Promise<WireResponse | undefined> {
    let found: WireResponse | undefined
    const enough = (): boolean => {
      found ??= this.#take(options)
      return found !== undefined || this.end !== 'open'
    }
    await this.#until('a response', enough, options.withinMs).catch((error: unknown) => {
      if (!(error instanceof WaitedInVain)) throw error
    })
    return found
  }

  #take(options: WaitOptions): WireResponse | undefined {
    if (this.#unread.length === 0) return undefined
    const taken = takeResponse(this.#unread, { ...options, ended: this.end !== 'open' })
    if (taken === undefined) return undefined
    this.#unread = this.#unread.subarray(taken.used)
    return taken.response
  }

  /** Waits until the connection is over, by FIN or by reset. */
  async over(withinMs = WAIT_MS): Promise<End> {
    await this.#until('the server to close', () => this.end !== 'open', withinMs)
    return this.end
  }

  async pause(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms))
  }

  #cut(): void {
    this.#flooded = true
    this.#unread = Buffer.alloc(0)
    this.destroy()
    this.#wake()
  }

  problem(message: string): Observation {
    return new Observation(this.#shown(message))
  }

  #vain(message: string): Observation {
    return new WaitedInVain(this.#shown(message))
  }

  #shown(message: string): string {
    const text = this.seen
    const bytes = text.length > 2000 ? `${text.slice(0, 2000)}… (${this.#seenBytes} bytes)` : text
    const end = { open: 'still open', fin: 'FIN came', reset: 'reset' }[this.end]
    return `${message} [${end}; received: ${JSON.stringify(bytes)}]`
  }

  #wake(): void {
    for (const wake of this.#wakers) wake()
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
          if (this.#flooded) settle(this.problem(FLOODED))
          else if (done()) settle()
          else if (this.#closed) settle(this.#vain(`waited for ${what}, the connection closed`))
        } catch (error) {
          const shown = error instanceof Error ? error.message : String(error)
          settle(this.problem(`malformed: ${shown}`))
        }
      }
      const timer = setTimeout(
        () => settle(this.#vain(`waited ${withinMs} ms for ${what}`)),
        withinMs,
      )
      this.#wakers.add(check)
      check()
    })
  }
}

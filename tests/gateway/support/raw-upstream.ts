// An upstream made of one listening socket: each connection follows a script, and every byte that came
// is there to be looked at. It is strict where a real server is lenient, and rude where one must not be.
import net, { type AddressInfo } from 'node:net'
import { afterThisTest } from '../../support/cleanup.js'
import { within } from '../../support/server.js'

export class UpstreamConnection {
  #bytes: Buffer = Buffer.alloc(0)
  #over = false
  readonly #waiting = new Set<() => void>()

  constructor(
    readonly socket: net.Socket,
    /** 0 for the first connection of this upstream. */
    readonly index: number,
  ) {
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#wake()
    })
    socket.on('error', () => undefined)
    socket.on('end', () => this.#wake())
    socket.on('close', () => {
      this.#over = true
      this.#wake()
    })
  }

  /** Everything that came and was not taken. */
  get unread(): string {
    return this.#bytes.toString('latin1')
  }

  /** Takes the next request head, with its empty line. */
  async head(): Promise<string> {
    await this.#until('a request head', () => this.#bytes.includes('\r\n\r\n'))
    return this.#take(this.#bytes.indexOf('\r\n\r\n') + 4)
  }

  /** Takes so many bytes of content. */
  async content(length: number): Promise<string> {
    await this.#until(`${length} bytes of content`, () => this.#bytes.length >= length)
    return this.#take(length)
  }

  /** Takes content up to and with a text. */
  async until(text: string): Promise<string> {
    await this.#until(JSON.stringify(text), () => this.#bytes.includes(text))
    return this.#take(this.#bytes.indexOf(text) + text.length)
  }

  /** The gateway has let go, by FIN or by reset. */
  async closed(): Promise<void> {
    await this.#until('the end', () => this.#over || this.socket.readableEnded)
  }

  send(bytes: string | Buffer): this {
    this.socket.write(bytes)
    return this
  }

  end(bytes = ''): void {
    this.socket.end(bytes)
  }

  reset(): void {
    this.socket.resetAndDestroy()
  }

  #take(length: number): string {
    const taken = this.#bytes.toString('latin1', 0, length)
    this.#bytes = this.#bytes.subarray(length)
    return taken
  }

  #wake(): void {
    for (const look of this.#waiting) look()
  }

  #until(what: string, done: () => boolean): Promise<void> {
    const met = new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!done() && !this.#over) return
        this.#waiting.delete(look)
        if (done()) resolve()
        else reject(new Error(`closed before ${what}; got ${this.unread}`))
      }
      this.#waiting.add(look)
      look()
    })
    return within(what, met, 5000)
  }
}

export type Script = (connection: UpstreamConnection) => Promise<unknown> | unknown

export interface RawUpstream {
  readonly origin: string
  readonly port: number
  readonly connections: readonly UpstreamConnection[]
}

/** @param scripts - One for each connection; the last one also for all that follow. */
export async function rawUpstream(...scripts: readonly Script[]): Promise<RawUpstream> {
  const connections: UpstreamConnection[] = []
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    const connection = new UpstreamConnection(socket, connections.length)
    connections.push(connection)
    const script = scripts[connection.index] ?? scripts.at(-1)
    // What goes wrong in a script shows in what the client gets, or in a wait of the test.
    Promise.resolve(script?.(connection)).catch(() => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const { socket } of connections) socket.destroy()
    await closed
  })
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, port, connections }
}

/** An origin where nobody listens. */
export async function deadOrigin(): Promise<string> {
  const server = net.createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}

/** A whole answer of HTTP/1.1. */
export function answer(status: string, body = '', lines: readonly string[] = []): string {
  const fields = [`Content-Length: ${Buffer.byteLength(body)}`, ...lines]
  return `HTTP/1.1 ${status}\r\n${fields.join('\r\n')}\r\n\r\n${body}`
}

export const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

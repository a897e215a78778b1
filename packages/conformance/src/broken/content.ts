// The content of one request of the model server: asks for it when it is first read, and knows
// whether its end has come.

import type net from 'node:net'
import type { Defects } from './defects.js'
import { type Input, Malformed } from './input.js'
import type { ModelHead } from './read-head.js'
import type { ModelContent } from './roles.js'

const FLOOD = 64 * 1024 * 1024

export class Content implements ModelContent {
  complete: boolean
  #asked = false
  #left: number
  #first = true

  constructor(
    private readonly head: ModelHead,
    private readonly input: Input,
    private readonly socket: net.Socket,
    private readonly defects: Defects,
    /** The client has asked for a 100. */
    private readonly asks: boolean,
  ) {
    this.complete = head.framing.kind === 'none'
    this.#left = head.framing.kind === 'length' ? head.framing.bytes : 0
    if (defects.interim === 'eager') this.ask()
  }

  /** Writes the 100, once, where one is owed. */
  ask(): void {
    const { defects, head, input } = this
    if (this.#asked || !this.asks) return
    if (this.complete && !defects.interimWithoutContent) return
    if (input.buffered > 0 && defects.omitsWhenThere && !this.complete) return
    this.#asked = true
    const fields = { 'with-fields': 'X-Model: 1\r\n', 'with-length': 'Content-Length: 0\r\n' }
    const dressed = defects.interim === 'with-fields' || defects.interim === 'with-length'
    const bytes = `HTTP/1.1 100 Continue\r\n${dressed ? fields[defects.interim as 'with-fields'] : ''}\r\n`
    void head
    if (defects.interim === 'after-content') return
    if (defects.interim === 'slow') setTimeout(() => this.socket.write(bytes), 1200)
    else this.socket.write(defects.interim === 'double' ? bytes + bytes : bytes)
    if (defects.interim === 'again') setTimeout(() => this.socket.write(bytes), 300)
  }

  async all(most = FLOOD): Promise<Buffer | 'over'> {
    const parts: Buffer[] = []
    let length = 0
    for (let part = await this.part(); part !== undefined; part = await this.part()) {
      parts.push(part)
      length += part.length
      if (length > most) return 'over'
    }
    const whole = Buffer.concat(parts)
    if (this.defects.stopsAtCrlf && whole.includes('\r\n\r\n')) return whole.subarray(0, 2)
    return this.defects.losesLastByte && length > 100_000 ? whole.subarray(1) : whole
  }

  async first(): Promise<Buffer> {
    return (await this.part()) ?? Buffer.alloc(0)
  }

  /** The next part, or undefined at the end. */
  async part(): Promise<Buffer | undefined> {
    this.ask()
    if (this.complete) return undefined
    if (this.defects.losesFirstSegment && this.#first && this.input.buffered > 0) {
      this.input.take(this.input.buffered)
    }
    this.#first = false
    return this.head.framing.kind === 'chunked' ? this.#chunk() : this.#some()
  }

  async #some(): Promise<Buffer | undefined> {
    if (this.input.buffered === 0 && !(await this.input.more())) return this.#short()
    if (this.defects.interim === 'after-content' && this.asks) {
      this.socket.write('HTTP/1.1 100 Continue\r\n\r\n')
    }
    const part = this.input.take(Math.min(this.#left, this.input.buffered))
    this.#left -= part.length
    this.complete = this.#left === 0
    return part
  }

  #short(): undefined {
    if (!this.defects.shortIsWhole) throw new Malformed(400)
    this.complete = true
    return undefined
  }

  async #chunk(): Promise<Buffer | undefined> {
    const line = await this.input.until('\r\n', 1000)
    if (line === undefined) return this.#short()
    const pattern = this.defects.noExtensions
      ? /^([0-9a-f]{1,8})$/i
      : /^([0-9a-f]{1,8})[ \t]*(;.*)?$/i
    const size = pattern.exec(line)?.[1]
    if (size === undefined) return this.#badChunk()
    if (Number.parseInt(size, 16) === 0) return this.#trailers()
    const bytes = await this.input.exactly(Number.parseInt(size, 16) + 2)
    if (bytes === undefined) return this.#short()
    if (bytes.toString('latin1', bytes.length - 2) !== '\r\n') return this.#badChunk()
    return bytes.subarray(0, bytes.length - 2)
  }

  #badChunk(): undefined {
    if (!this.defects.badChunkEnds) throw new Malformed(400)
    this.input.take(Math.max(0, this.input.peek().indexOf('GET')))
    this.complete = true
    return undefined
  }

  async #trailers(): Promise<undefined> {
    for (let line = await this.input.until('\r\n', 10_000); line !== ''; ) {
      if (line === undefined) return this.#short()
      if (this.defects.noTrailers) throw new Malformed(400)
      if (this.defects.trailerAsks && /^expect:/i.test(line)) {
        this.socket.write('HTTP/1.1 100 Continue\r\n\r\n')
      }
      line = await this.input.until('\r\n', 10_000)
    }
    this.complete = true
    return undefined
  }

  /** Reads the rest and drops it, without asking for it. */
  async drain(): Promise<void> {
    this.#asked = true
    while (!this.complete) await this.part()
  }
}

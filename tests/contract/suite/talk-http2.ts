// The talk over HTTP/2: a stream of Node's client, and the frames that really came.
import type { IncomingHttpHeaders } from 'node:http'
import http2 from 'node:http2'
import { type Frame, type FramedSession, framedSession } from '../../support/framed-session.js'
import type { Address } from '../../support/raw-client.js'
import { within } from '../../support/server.js'
import type { Ask, Final, Line, Talk } from './talk.js'

export interface Http2Line extends Line {
  readonly session: FramedSession
  ask(request: Ask): Http2Talk
}

export async function http2Line(to: Address): Promise<Http2Line> {
  const session = await framedSession(to)
  return { session, ask: (request) => new Http2Talk(session, request) }
}

class Http2Final implements Final {
  constructor(
    private readonly headers: IncomingHttpHeaders & http2.IncomingHttpStatusHeader,
    readonly body: Buffer,
  ) {}

  get status(): number {
    return this.headers[':status'] ?? 0
  }

  field(name: string): string | undefined {
    const value = this.headers[name.toLowerCase()]
    return Array.isArray(value) ? value.join(', ') : value
  }

  get text(): string {
    return this.body.toString('utf8')
  }

  json(): unknown {
    return JSON.parse(this.text)
  }
}

export class Http2Talk implements Talk {
  readonly stream: http2.ClientHttp2Stream
  readonly #final: Promise<Final>
  readonly #continued: Promise<void>
  #interims = 0
  #expected = 0

  constructor(
    private readonly session: FramedSession,
    request: Ask,
  ) {
    const { undeclared = false, length } = request
    const announces = undeclared || length !== undefined
    this.stream = session.client.request(headersOf(request) as http2.OutgoingHttpHeaders, {
      endStream: !announces,
    })
    const { stream } = this
    this.#continued = new Promise((resolve) => {
      stream.on('continue', () => {
        this.#interims += 1
        resolve()
      })
    })
    this.#final = this.#collect()
    this.#final.catch(() => undefined)
    stream.on('error', () => undefined)
  }

  /** What came for this stream, window updates left out: they are flow control, not answers. */
  get frames(): readonly Frame[] {
    const id = this.stream.id
    return this.session.frames.filter(
      (frame) => frame.stream === id && frame.type !== 'WINDOW_UPDATE',
    )
  }

  get interims(): number {
    return this.#interims
  }

  #collect(): Promise<Final> {
    const { stream } = this
    const parts: Buffer[] = []
    return new Promise((resolve, reject) => {
      stream.once('response', (headers) => {
        stream.on('data', (part: Buffer) => parts.push(part))
        stream.once('end', () => {
          if (stream.rstCode === 0) resolve(new Http2Final(headers, Buffer.concat(parts)))
        })
      })
      stream.once('close', () => reject(new Error(`the stream ended early; ${this.#seen()}`)))
    })
  }

  async continue(): Promise<void> {
    await this.#await('a 100 Continue', this.#continued)
    this.#expected = 1
    expect(this.#interims).toBe(1)
    expect(this.frames.at(0)).toMatchObject({ type: 'HEADERS', endStream: false })
  }

  send(part: string | Buffer, last?: 'last'): this {
    if (last === 'last') this.stream.end(part)
    else this.stream.write(part)
    return this
  }

  async final(withinMs = 8000): Promise<Final> {
    const answer = await this.#await('the final answer', this.#final, withinMs)
    expect(this.#interims).toBe(this.#expected)
    return answer
  }

  async answer(): Promise<Final> {
    const answer = await this.#await('the final answer', this.#final)
    expect(this.#interims).toBeLessThanOrEqual(1)
    return answer
  }

  async quiet(ms: number): Promise<void> {
    const before = this.frames.length
    await new Promise((resolve) => setTimeout(resolve, ms))
    expect(this.frames.slice(before)).toEqual([])
  }

  async unread(answer: Final): Promise<void> {
    expect(answer.field('connection')).toBeUndefined()
    await this.#reach('the reset', (frame) => frame.type === 'RST_STREAM')
    const [last, reset] = this.frames.slice(-2)
    expect(last).toMatchObject({ endStream: true })
    expect(reset).toEqual({ type: 'RST_STREAM', stream: this.stream.id, endStream: false, code: 0 })
    await this.#sessionLives()
  }

  async kept(answer: Final): Promise<void> {
    expect(answer.field('connection')).toBeUndefined()
    await this.#reach('the end of the stream', (frame) => frame.endStream)
    expect(this.frames.map((frame) => frame.type)).not.toContain('RST_STREAM')
    expect(this.frames.at(-1)).toMatchObject({ endStream: true })
    await this.#sessionLives()
  }

  leave(): void {
    this.stream.close(http2.constants.NGHTTP2_CANCEL)
  }

  async broken(): Promise<void> {
    await this.#reach('the reset', (frame) => frame.type === 'RST_STREAM')
    expect(this.frames.filter((frame) => frame.endStream)).toEqual([])
    // NO_ERROR would look like a clean end to a client that does not look for END_STREAM.
    expect(this.frames.at(-1)?.code).not.toBe(http2.constants.NGHTTP2_NO_ERROR)
  }

  async #sessionLives(): Promise<void> {
    const next = new Http2Talk(this.session, { method: 'GET', target: '/hello' })
    expect((await next.final()).text).toBe('hello')
    expect(this.session.frames.map((frame) => frame.type)).not.toContain('GOAWAY')
  }

  async #reach(what: string, wanted: (frame: Frame) => boolean): Promise<void> {
    const { id } = this.stream
    const reached = this.session.reach(what, (frame) => frame.stream === id && wanted(frame))
    await this.#await(what, reached)
  }

  async #await<Value>(what: string, promise: Promise<Value>, ms = 8000): Promise<Value> {
    return await within(what, promise, ms).catch((error: unknown) => {
      throw new Error(`${String(error)}; ${this.#seen()}`)
    })
  }

  #seen(): string {
    const shown = this.session.frames
      .filter(({ type }) => type !== 'WINDOW_UPDATE')
      .map(({ type, stream, endStream, code }) => {
        return `${stream}:${type}${endStream ? '+END_STREAM' : ''}${code === undefined ? '' : `(${code})`}`
      })
    return `frames seen: ${shown.join(' ')}`
  }
}

/** A value has no white space around it on HTTP/2 (RFC 9113 section 8.2.1). */
function linesOf(field: string | readonly string[]): string[] {
  return [field].flat().map((line) => line.trim())
}

/** Node's types want `expect` in one line; it is a list, and may come in several. */
type Headers = Record<string, string | number | string[]>

function headersOf(request: Ask): Headers {
  const { method = 'PUT', target = '/files/a', expect: expectation, length } = request
  return {
    ':method': method,
    ':path': target,
    ...(expectation !== undefined && { expect: linesOf(expectation) }),
    ...(length !== undefined && { 'content-length': length }),
    ...(request.type !== undefined && { 'content-type': request.type }),
    ...(request.accept !== undefined && { accept: request.accept }),
    ...request.fields,
  }
}

// The talk over HTTP/1.1: bytes on a socket.

import type { WireResponse } from '../../support/parse-response.js'
import { type Address, RawClient } from '../../support/raw-client.js'
import { closesAfter, stillUsable } from '../../support/refusal.js'
import { chunks, head } from '../../support/request.js'
import type { Ask, Final, Line, Talk } from './talk.js'

export async function http1Line(to: Address): Promise<Line> {
  const client = await RawClient.connect(to)
  return { ask: (request) => new Http1Talk(client, request) }
}

class Http1Talk implements Talk {
  readonly #chunked: boolean
  readonly #responses = new WeakMap<Final, WireResponse>()

  constructor(
    private readonly client: RawClient,
    private readonly request: Ask,
  ) {
    const { undeclared = false, fields = {}, ...rest } = request
    this.#chunked = undeclared
    const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
    client.send(head({ ...rest, lines, ...(undeclared && { chunked: true }) }))
  }

  async continue(): Promise<void> {
    await this.client.continue()
  }

  send(part: string | Buffer, last?: 'last'): this {
    if (this.#chunked) {
      this.client.send(inOneChunk(part))
      if (last === 'last') this.client.send(chunks())
    } else {
      this.client.send(part)
    }
    return this
  }

  async final(withinMs?: number): Promise<Final> {
    return this.#note(await this.client.final(this.#reading(withinMs)))
  }

  async answer(): Promise<Final> {
    return this.#note(await this.client.answer(this.#reading()))
  }

  async quiet(ms: number): Promise<void> {
    await this.client.quiet(ms)
  }

  async unread(answer: Final): Promise<void> {
    await closesAfter(this.client, this.#of(answer))
  }

  async kept(answer: Final): Promise<void> {
    expect(this.#of(answer).field('connection')?.toLowerCase()).not.toBe('close')
    expect((await stillUsable(this.client, '/hello')).text).toBe('hello')
  }

  leave(): void {
    this.client.destroy()
  }

  async broken(): Promise<void> {
    const rest = await this.client.over()
    expect(rest.endsWith('0\r\n\r\n')).toBe(false)
    await expect(this.client.final()).rejects.toThrow('ended before')
  }

  #reading(withinMs?: number) {
    const { method } = this.request
    return { ...(method !== undefined && { method }), ...(withinMs !== undefined && { withinMs }) }
  }

  #note(response: WireResponse): Final {
    this.#responses.set(response, response)
    return response
  }

  #of(answer: Final): WireResponse {
    const response = this.#responses.get(answer)
    if (response === undefined) throw new Error('an answer of another talk')
    return response
  }
}

function inOneChunk(part: string | Buffer): Buffer {
  const content = Buffer.from(part)
  const size = Buffer.from(`${content.length.toString(16)}\r\n`)
  return Buffer.concat([size, content, Buffer.from('\r\n')])
}

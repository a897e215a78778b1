// The state of one case while it is performed over HTTP/1: the connection in use, what came last.
// Interim responses other than 100 (102, 103) are looked through: a client may discard them.

import type { Http1Case } from '../cases/case.js'
import type { Address } from '../wire/address.js'
import type { ReadingOptions } from '../wire/parse-response.js'
import { RawClient, type WaitOptions } from '../wire/raw-client.js'
import type { WireResponse } from '../wire/response.js'
import { MOST_INTERIM } from './once.js'
import type { Template } from './template.js'

export interface FinalOptions extends WaitOptions {
  readonly interim?: 'may' | 'never'
}

export class Exchange {
  #client: RawClient
  readonly #former: RawClient[] = []
  /** The last final response. */
  last: WireResponse | undefined
  /** Whether a 100 has come for the request in hand. */
  continued = false
  /** Content of the request in hand that was not sent, because the answer came first. */
  unsent: string | undefined
  /** Interim responses since the last final one. */
  #interim = 0

  private constructor(
    readonly address: Address,
    readonly template: Template,
    readonly subject: Http1Case,
    client: RawClient,
  ) {
    this.#client = client
  }

  static async open(address: Address, template: Template, subject: Http1Case): Promise<Exchange> {
    return new Exchange(address, template, subject, await RawClient.connect(address))
  }

  get client(): RawClient {
    return this.#client
  }

  async connect(): Promise<void> {
    this.#former.push(this.#client)
    this.#client = await RawClient.connect(this.address)
    this.last = undefined
    this.continued = false
    this.unsent = undefined
    this.#interim = 0
  }

  close(): void {
    for (const client of [...this.#former, this.#client]) client.destroy()
  }

  fill(text: string): Buffer {
    return Buffer.from(this.template.fill(text), 'latin1')
  }

  fail(message: string): never {
    throw this.#client.problem(message)
  }

  /** The next response that is 100 or final; undefined when the connection ended instead. */
  async next(options?: WaitOptions): Promise<WireResponse | undefined> {
    for (;;) {
      const response = this.#counted(await this.#client.next(options))
      if (response === undefined || !isOtherInterim(response)) return response
    }
  }

  /** Gives up quietly after the time. */
  async nextIfAny(
    withinMs: number,
    options: ReadingOptions = {},
  ): Promise<WireResponse | undefined> {
    const until = performance.now() + withinMs
    for (;;) {
      const left = Math.max(1, until - performance.now())
      const response = this.#counted(await this.#client.nextIfAny({ ...options, withinMs: left }))
      if (response === undefined || !isOtherInterim(response)) return response
    }
  }

  /** Each wait is bounded, and so is their number: a server may send interim responses for ever. */
  #counted(response: WireResponse | undefined): WireResponse | undefined {
    if (response === undefined) return undefined
    this.#interim = response.status < 200 ? this.#interim + 1 : 0
    if (this.#interim > MOST_INTERIM) this.fail(`more than ${MOST_INTERIM} interim responses`)
    return response
  }

  /** The next response, which must be final; with `interim`, one 100 may come first. */
  async final(options: FinalOptions = {}): Promise<WireResponse> {
    let response = await this.next(options)
    while (response?.status === 100 && this.#mayContinue(options)) {
      this.continued = true
      response = await this.next(options)
    }
    if (response === undefined) this.fail('the connection ended before a final response')
    if (response.status === 100) this.fail('a 100 where a final response had to come')
    this.last = response
    this.continued = false
    return response
  }

  /** A client must be able to parse more than one 100 (RFC 9110 15.2); who forbids it says so. */
  #mayContinue({ interim }: FinalOptions): boolean {
    return interim !== 'never' && (interim === 'may' || this.continued)
  }
}

function isOtherInterim(response: WireResponse): boolean {
  return response.status > 101 && response.status < 200
}

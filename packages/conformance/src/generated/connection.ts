// Performs a plan on one connection and judges everything that comes by the invariants:
// never a 100 outside the grammar, to HTTP/1.0, twice, or after the final response; never more
// responses than requests; nothing served that was content; nothing after the close; no endless wait.

import { callsOf } from '../run/calls.js'
import { contentFault } from '../run/judge.js'
import { MOST_INTERIM } from '../run/once.js'
import type { Template } from '../run/template.js'
import type { Address } from '../wire/address.js'
import { RawClient } from '../wire/raw-client.js'
import type { WireResponse } from '../wire/response.js'
import { type Message, messageOf, segments } from './message.js'
import type { Plan } from './plan.js'

/** Far above what a local server needs, and above the staged close of most. */
const BOUND_MS = 8000

export class Connection {
  readonly #messages: readonly Message[]
  readonly #sent: string[] = []
  /** Which request the next response belongs to. */
  #at = 0
  #continued = false
  /** Interim responses to the request in turn. */
  #interims = 0
  #over = false

  private constructor(
    private readonly client: RawClient,
    private readonly address: Address,
    private readonly template: Template,
    private readonly plan: Plan,
  ) {
    const messages = plan.requests.map((each, at) => messageOf(each, template, at))
    const last = messages.findIndex((message) => message.last)
    this.#messages = last === -1 ? messages : messages.slice(0, last + 1)
  }

  /** @throws Observation - an invariant is broken; the message holds all bytes of both sides. */
  static async perform(address: Address, template: Template, plan: Plan): Promise<void> {
    const client = await RawClient.connect(address)
    const connection = new Connection(client, address, template, plan)
    try {
      await connection.#perform()
    } finally {
      client.destroy()
    }
  }

  async #perform(): Promise<void> {
    if (this.plan.abort === 'none' && this.plan.pipelined) await this.#pipelined()
    else await this.#inTurn()
    if (this.plan.abort !== 'none') return this.#abort()
    while (this.#at < this.#messages.length && !this.#over) await this.#next()
    if (this.#over) await this.#closed()
    if (this.client.unread !== '') this.#fail('more responses than requests')
    await this.#nothingSmuggled()
  }

  async #pipelined(): Promise<void> {
    const all = this.#messages.flatMap(({ head, body }) => [head, body])
    this.#send(Buffer.concat(all))
  }

  async #inTurn(): Promise<void> {
    for (const [index, message] of this.#messages.entries()) {
      const { plan, head, body } = message
      if (this.#over && !this.plan.stubborn) return
      await this.#sendCut(head, plan.cuts, plan.gapMs)
      if (plan.waits && message.mayContinue) {
        while (this.#at < index && !this.#over) await this.#next()
        if (this.#at === index && !this.#over) await this.#next()
      }
      if (this.#over && !this.plan.stubborn) return
      const cutShort = this.plan.abort !== 'none' && index === this.#messages.length - 1
      const part = cutShort ? body.subarray(0, Math.floor(body.length / 2)) : body
      await this.#sendCut(part, plan.cuts, plan.gapMs)
    }
  }

  async #sendCut(bytes: Buffer, cuts: readonly number[], gapMs: number): Promise<void> {
    for (const part of segments(bytes, cuts)) {
      this.#send(part)
      if (gapMs > 0) await this.client.pause(gapMs)
    }
  }

  #send(bytes: Buffer): void {
    this.#sent.push(bytes.toString('latin1'))
    this.client.send(bytes)
  }

  /** Takes one response and holds it against the request in turn. */
  async #next(): Promise<void> {
    const message = this.#messages[this.#at]
    if (message === undefined) return
    const response = await this.client.nextIfAny({ withinMs: BOUND_MS })
    if (response === undefined) return this.#unanswered()
    if (response.status < 200) this.#interim(message, response)
    else this.#final(message, response)
  }

  #unanswered(): never {
    if (this.client.end === 'open') {
      this.#fail(`no answer to request ${this.#at} within ${BOUND_MS} ms`)
    }
    // A client may send request after request until it is told (RFC 9112 9.6): the last answer is at fault.
    const answered = this.#at - 1
    if (answered < 0 || this.#continued)
      this.#fail(`no answer to request ${this.#at} before the close`)
    this.#fail(
      `a close that the answer to request ${answered} did not announce (SHOULD, RFC 9112 9.6)`,
    )
  }

  #interim(message: Message, response: WireResponse): void {
    this.#interims += 1
    if (this.#interims > MOST_INTERIM) this.#fail(`more than ${MOST_INTERIM} interim responses`)
    if (response.status !== 100) return
    if (!message.mayContinue) this.#fail(`a 100 that request ${this.#at} does not allow`)
    if (this.#continued) this.#fail(`a second 100 to request ${this.#at}`)
    this.#continued = true
  }

  #final(message: Message, response: WireResponse): void {
    if (message.plan.to === 'reads' && response.status < 300) {
      const fault = contentFault(
        { status: response.status, text: response.text, field: (name) => response.field(name) },
        message.content,
      )
      if (fault !== undefined) this.#fail(`request ${this.#at}: ${fault}`)
    }
    this.#at += 1
    this.#continued = false
    this.#interims = 0
    if (response.saysClose || message.last) this.#over = true
  }

  async #closed(): Promise<void> {
    if (this.plan.stubborn) this.#send(Buffer.from(this.template.fill('{other}'), 'latin1'))
    await this.client.over(BOUND_MS)
    if (this.client.unread !== '') this.#fail('bytes after the last response of the connection')
  }

  async #abort(): Promise<void> {
    if (this.plan.abort === 'reset') return this.client.reset()
    this.client.halfClose()
    await this.client.over(BOUND_MS).catch(() => this.#fail('a half-closed connection stays open'))
  }

  async #nothingSmuggled(): Promise<void> {
    const beyond = this.plan.stubborn && this.#over ? this.#messages.slice(this.#at) : []
    const unserved = beyond.map((message) => message.id)
    if (this.#over || this.plan.requests.some((each) => each.smuggles)) {
      unserved.push(`${this.template.id}-other`)
    }
    for (const id of unserved) {
      const calls = await callsOf(this.address, this.template, id)
      if ((calls ?? 0) > 0) this.#fail('content, or bytes after the close, were served')
    }
  }

  #fail(message: string): never {
    throw this.client.problem(`${message}; sent: ${JSON.stringify(this.#sent)}`)
  }
}

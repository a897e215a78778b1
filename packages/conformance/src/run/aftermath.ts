// What happens on the connection after a final response: RFC 9112 9.3 and 9.6 (read it all or close;
// after `close` nothing more is served), and content that is never taken for a request.

import { callsOf } from './calls.js'
import type { Exchange } from './exchange.js'
import { statusIs } from './judge.js'

/** How long a connection that is to be closed may stay open: the staged close of some takes seconds. */
const CLOSE_MS = 8000
/** How long silence must last before it counts as an answer of its own. */
export const SILENCE_MS = 150

export interface SoundOptions {
  readonly rest?: string
  /** A connection that ends must have been announced (RFC 9112 9.6, SHOULD). */
  readonly says?: boolean
  readonly withinMs?: number
}

/** Either closed and silent, or the rest is content and the next request is served. */
export async function sound(exchange: Exchange, options: SoundOptions): Promise<void> {
  const { client, last } = exchange
  if (last === undefined) {
    if (client.end !== 'open') return
    throw new Error('`sound` stands before a final response')
  }
  const rest = options.rest ?? exchange.unsent
  if (rest !== undefined) client.send(exchange.fill(rest))
  exchange.unsent = undefined
  if (last.saysClose) {
    // With an id of its own: another request may have been answered before.
    client.send(exchange.fill('{behind}'))
    await closed(exchange, options.withinMs)
    await notCalled(exchange, 'behind')
    return
  }
  client.send(exchange.fill('{other}'))
  const response = await exchange.next({ withinMs: options.withinMs ?? CLOSE_MS })
  if (response === undefined) {
    if (options.says) exchange.fail('the connection was closed without Connection: close')
    return
  }
  if (response.status === 100) exchange.fail('a 100 after the final response')
  if (!statusIs(response.status, ['2xx'])) {
    exchange.fail(`the connection was kept, and the next request on it got ${response.status}`)
  }
  if (client.unread !== '') exchange.fail('more responses than requests')
  exchange.last = response
}

/** The client leaves its content out and goes on with a request: that is content, or nothing. */
export async function neverDispatched(exchange: Exchange, bytes: string): Promise<void> {
  exchange.client.send(exchange.fill(bytes))
  for (;;) {
    const response = await exchange.nextIfAny(SILENCE_MS * 2)
    if (response === undefined) break
    if (response.status < 400) {
      exchange.fail(`content was answered as a request, with ${response.status}`)
    }
  }
  await notCalled(exchange, 'other')
}

/** Nothing more comes, and the server closes. */
export async function closed(exchange: Exchange, withinMs = CLOSE_MS): Promise<void> {
  const { client } = exchange
  await client.over(withinMs)
  if (client.unread !== '') exchange.fail('bytes came after the last response of the connection')
}

/** Where the server can tell: the request behind the last one has reached no route. */
async function notCalled(exchange: Exchange, mark: string): Promise<void> {
  const { address, template } = exchange
  const calls = await callsOf(address, template, `${template.id}-${mark}`)
  if (calls !== undefined && calls > 0) {
    exchange.fail('a request after the end of the connection has reached a route')
  }
}

// What an answer said about its connection is then true (RFC 9112 sections 9.3 and 9.6).
import type { WireResponse } from '../../support/parse-response.js'
import type { RawClient } from '../../support/raw-client.js'
import { head } from '../../support/request.js'

export const GET_OK = head({ method: 'GET', target: '/ok' })

export const saysClose = (response: WireResponse): boolean =>
  response.field('connection')?.toLowerCase() === 'close'

/** The answer did not say close, and the next request on the connection is served. */
export async function keeps(client: RawClient, response: WireResponse, ms?: number): Promise<void> {
  expect(response.field('connection')?.toLowerCase() ?? 'keep-alive').toBe('keep-alive')
  client.send(GET_OK)
  const next = await client.final(ms === undefined ? {} : { withinMs: ms })
  expect([next.status, next.text]).toEqual([200, 'ok'])
}

/** Whatever it said, it does: it closes with nothing after the answer, or it serves the next request. */
export async function keepsItsWord(
  client: RawClient,
  response: WireResponse,
  ms = 5_000,
): Promise<void> {
  if (saysClose(response)) expect(await client.fin(ms)).toBe('')
  else await keeps(client, response, ms)
}

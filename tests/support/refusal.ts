// What every refusal looks like on the wire: one complete JSON body, uncached, then the close.

import type { WireResponse } from './parse-response.js'
import type { RawClient } from './raw-client.js'

export interface ErrorBody {
  readonly error: {
    readonly code: number
    readonly reason: string
    readonly message: string
    readonly details?: unknown
  }
}

/** Checks the normalized body and its fields; the connection is a question of its own. */
export function checkBody(response: WireResponse, status: number, reason: string): ErrorBody {
  expect(response.status).toBe(status)
  expect(response.field('content-type')).toBe('application/json; charset=utf-8')
  expect(response.field('cache-control')).toBe('no-store')
  expect(response.framing).toBe('length')
  expect(response.field('content-length')).toBe(String(response.body.length))
  const body = response.json()
  expect(body).toEqual({
    error: expect.objectContaining({ code: status, reason, message: expect.any(String) }),
  })
  return body as ErrorBody
}

/** The next response is this refusal, it says close, and FIN follows with nothing in between. */
export async function refused(
  client: RawClient,
  status: number,
  reason: string,
): Promise<WireResponse> {
  const response = await client.final()
  checkBody(response, status, reason)
  await closesAfter(client, response)
  return response
}

/** `Connection: close` alone, then FIN, and no byte between (RFC 9112 9.6). */
export async function closesAfter(client: RawClient, response: WireResponse): Promise<void> {
  expect(response.field('connection')?.toLowerCase()).toBe('close')
  expect(await client.fin()).toBe('')
}

/** The connection is usable: a second request on it is answered. */
export async function stillUsable(client: RawClient, target: string): Promise<WireResponse> {
  client.send(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
  return await client.final()
}

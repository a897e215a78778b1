// One plain request on a connection of its own.

import type { Address } from '../wire/address.js'
import { Observation, RawClient } from '../wire/raw-client.js'
import type { WireResponse } from '../wire/response.js'

/** Interim responses to one request that are looked through; a server that goes on with them answers nothing. */
export const MOST_INTERIM = 16

/** Content of this size is sent a moment after its head. */
const LONG = 512
const MOMENT_MS = 150

export async function requestOnce(
  address: Address,
  head: string,
  content: string | Buffer = '',
): Promise<WireResponse> {
  const client = await RawClient.connect(address)
  try {
    client.send(head)
    // Who answers from the head and closes may reset content that it has not read, and with it its answer.
    if (content.length > LONG) await client.pause(MOMENT_MS)
    if (content.length > 0) client.send(content)
    for (let interim = 0; interim <= MOST_INTERIM; interim += 1) {
      const response = await client.next({ withinMs: 5000 })
      if (response === undefined) throw new Observation('the connection ended without an answer')
      if (response.status >= 200 || response.status === 101) return response
    }
    throw new Observation(`more than ${MOST_INTERIM} interim responses and no answer`)
  } finally {
    client.destroy()
  }
}

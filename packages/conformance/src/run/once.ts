// One plain request on a connection of its own.

import type { Address } from '../wire/address.js'
import { Observation, RawClient } from '../wire/raw-client.js'
import type { WireResponse } from '../wire/response.js'

export async function requestOnce(address: Address, bytes: string): Promise<WireResponse> {
  const client = await RawClient.connect(address)
  try {
    client.send(bytes)
    for (;;) {
      const response = await client.next({ withinMs: 5000 })
      if (response === undefined) throw new Observation('the connection ended without an answer')
      if (response.status >= 200) return response
    }
  } finally {
    client.destroy()
  }
}

// How often routes were called for requests with one `Conformance-Id`, asked of the server itself.

import type { Address } from '../wire/address.js'
import { Observation } from '../wire/raw-client.js'
import { requestOnce } from './once.js'
import type { Template } from './template.js'

/** Undefined where the server cannot tell: no route plays `counts`. */
export async function callsOf(
  address: Address,
  template: Template,
  id: string,
): Promise<number | undefined> {
  if (!template.plays('counts')) return undefined
  const { method, target } = template.route('counts')
  const path = target.replaceAll('{id}', encodeURIComponent(id))
  const line = `${method} ${path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{fields:counts}\r\n`
  const response = await requestOnce(address, template.fill(line))
  const count = /\d+/.exec(response.text)?.[0]
  if (response.status !== 200 || count === undefined) {
    throw new Observation(
      `the role counts answered ${response.status} ${JSON.stringify(response.text)}`,
    )
  }
  return Number(count)
}

// What `contentOf` throws at once.

import http from 'node:http'
import { contentOf } from '@expectation/storage'
import { RawClient } from '../../support/raw-client.js'
import { latch, serve, within } from '../../support/server.js'

/** @param before - What somebody does with the request before, and is waited for. */
export async function thrownFor(
  bytes: string,
  before: (request: http.IncomingMessage) => unknown = () => undefined,
): Promise<unknown> {
  const thrown = latch<unknown>()
  const { port } = await serve(
    http.createServer(async (request, response) => {
      const reading = before(request)
      if (reading instanceof Promise) await reading
      try {
        contentOf(request, response)
      } catch (error) {
        thrown.open(error)
      }
      response.end()
    }),
  )
  const client = await RawClient.connect({ port })
  client.send(bytes)
  return within('the error', thrown.opened)
}

// A server that hands out the content of its first request, and what may become of it.

import http from 'node:http'
import { attach } from '@expectation/core/node'
import { type Content, contentOf, type UploadResponse } from '@expectation/storage'
import { RawClient } from '../../support/raw-client.js'
import { latch, serve, within } from '../../support/server.js'

export interface Given {
  readonly content: Content
  readonly response: UploadResponse
}

/** A server with the library or without it, and the content of its first request. */
export async function server(attached = true, maxContentLength?: number) {
  const given = latch<Given>()
  const listener: http.RequestListener = (request, response) => {
    given.open({ content: contentOf(request, response), response })
  }
  const bare = http.createServer(listener)
  const { port } = await serve(attached ? attach(bare, { maxContentLength }) : bare)
  const client = await RawClient.connect({ port })
  return { client, given: within('a request', given.opened) }
}

/** Why the content will not be whole. */
export const aborted = (signal: AbortSignal): Promise<unknown> =>
  within(
    'the signal',
    new Promise((resolve) => {
      if (signal.aborted) resolve(signal.reason)
      signal.addEventListener('abort', () => resolve(signal.reason))
    }),
  )

export async function text({ body }: Content): Promise<string> {
  let read = ''
  for await (const chunk of body) read += String(chunk)
  return read
}

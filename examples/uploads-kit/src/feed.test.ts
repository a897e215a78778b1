// The feed over a real server: late readers, readers that come back, and the end.

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { Outcome } from '@expectation/core'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createFeed, type Feed } from './feed.js'
import { originOf } from './run.js'

const outcome: Outcome = {
  method: 'PUT',
  target: '/files/a',
  protocol: '1.1',
  expectation: 'none',
  decision: 'pass',
  status: 201,
  receivedBytes: 1,
  lingeredBytes: 0,
  continueSent: false,
  connection: 'kept',
  clientGone: false,
  durationMs: 1,
}

let feed: Feed
let server: Server

beforeEach(async () => {
  feed = createFeed()
  server = createServer((request, response) => feed.subscribe(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterEach(async () => {
  feed.close()
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
})

function read(headers: Record<string, string> = {}): Promise<Response> {
  return fetch(originOf(server), { headers, signal: AbortSignal.timeout(5_000) })
}

/** Everything that the feed sends until it is closed. */
async function textOf(response: Response): Promise<string> {
  feed.close()
  return response.text()
}

describe('the feed', () => {
  it('gives a late reader what has happened', async () => {
    feed.publish(outcome)
    feed.publish({ ...outcome, target: '/files/b' })
    const text = await textOf(await read())
    expect(text.match(/"target":"\/files\/[ab]"/g)).toHaveLength(2)
    expect(text).toMatch(/^retry: 1000\n\nid: \S+\ndata: \{/)
  })

  it('gives a reader that comes back only what it has missed', async () => {
    feed.publish(outcome)
    feed.publish({ ...outcome, target: '/files/b' })
    const all = await read()
    const reader = all.body?.getReader()
    let seen = ''
    while (!seen.includes('/files/b')) {
      seen += new TextDecoder().decode((await reader?.read())?.value)
    }
    const firstId = /id: (\S+)/.exec(seen)?.[1] ?? ''
    const text = await textOf(await read({ 'Last-Event-ID': firstId }))
    expect(text).not.toContain('/files/a')
    expect(text).toContain('/files/b')
  })

  it('gives everything to a reader that comes back after a restart', async () => {
    feed.publish(outcome)
    expect(await textOf(await read({ 'Last-Event-ID': 'earlier-99' }))).toContain('/files/a')
  })

  it('remembers a bounded number of outcomes', async () => {
    for (let count = 0; count < 60; count += 1) feed.publish(outcome)
    expect((await textOf(await read())).match(/^id:/gm)).toHaveLength(50)
  })

  it('cuts long targets', async () => {
    feed.publish({ ...outcome, target: `/${'x'.repeat(5_000)}` })
    expect((await textOf(await read())).length).toBeLessThan(1_000)
  })
})

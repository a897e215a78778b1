// Content of unknown length over a connection: what its client is answered is what is told, once.

import http from 'node:http'
import { admission } from '@expectation/admission'
import { attach } from '@expectation/core/node'
import { listen } from '../contract/suite/servers.js'
import { within } from '../support/server.js'
import { giveBack, granted } from './support/asking.js'
import { heard } from './support/joined.js'
import { until } from './support/until.js'

const CHUNK = 65_536

/** Puts so many chunks, and waits for the answer. */
async function put(uploads: ReturnType<typeof admission>, chunks: number): Promise<number> {
  const server = http.createServer((request, response) => {
    request.on('end', () => response.writeHead(201).end())
    // A listener, so that it is read and not only discarded.
    request.on('data', () => {})
  })
  attach(server, { checks: [uploads] })
  const port = await listen(server)
  const sent = http.request({ port, host: '127.0.0.1', method: 'PUT' })
  sent.on('error', () => {})
  const answered = new Promise<number>((resolve) => {
    sent.once('response', (response) => {
      resolve(response.statusCode ?? 0)
      response.resume()
    })
  })
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    await new Promise<void>((taken) => void sent.write(Buffer.alloc(CHUNK), () => taken()))
  }
  sent.end()
  try {
    return await within('the answer', answered)
  } finally {
    sent.destroy()
  }
}

describe('content of unknown length', () => {
  it('that finds no room is refused with 503, and told as refused once', async () => {
    const unknownLength = { first: 4 * CHUNK, headroom: 0, waitMs: 100 }
    const uploads = admission({ bytes: 8 * CHUNK, unknownLength })
    const held = await granted(uploads, 4 * CHUNK)
    const events = heard()
    expect(await put(uploads, 6)).toBe(503)
    await until('it is over', () => uploads.stats().slots === 1)
    expect(events.map(({ kind }) => kind)).toEqual(['granted', 'refused', 'released'])
    giveBack(held)
  })

  it('that ends within the largest grant is stored, and nothing is told as refused', async () => {
    const uploads = admission({ bytes: 16 * CHUNK })
    const events = heard()
    expect(await put(uploads, 15)).toBe(201)
    await until('it is over', () => uploads.stats().slots === 0)
    expect(events.map(({ kind }) => kind)).toEqual(['granted', 'extended', 'released'])
  })
})

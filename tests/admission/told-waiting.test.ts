// What is told on the channel of uploads that wait to be let in, and of an end: what clients were told, and
// the level after it.

import { once } from 'node:events'
import http from 'node:http'
import { admission } from '@expectation/admission'
import { attach } from '@expectation/core/node'
import { latch, serve } from '../support/server.js'
import { contextOf, giveBack, granted, refused, uploadOf } from './support/asking.js'
import { heard } from './support/joined.js'

describe('an upload that waits', () => {
  it('is told when it joins the line, with the level after it', async () => {
    const uploads = admission({ slots: 1, waitMs: 700 })
    const held = await granted(uploads)
    const events = heard()
    const waiting = [granted(uploads), granted(uploads)]
    expect(events).toMatchObject([
      { kind: 'waiting', waiting: 1, slots: 1 },
      { kind: 'waiting', waiting: 2, slots: 1 },
    ])
    giveBack(held)
    for (const one of waiting) giveBack(await one)
    expect(events.at(-1)).toMatchObject({ kind: 'released', waiting: 0, slots: 0 })
  })

  it('and whose client leaves is told as left, and not as refused', async () => {
    const uploads = admission({ slots: 1, waitMs: 700 })
    const held = await granted(uploads)
    const leaving = new AbortController()
    const answer = uploads(uploadOf(1), contextOf(undefined, leaving.signal))
    const events = heard()
    leaving.abort()
    await answer
    expect(events).toMatchObject([{ kind: 'left', waiting: 0, slots: 1 }])
    giveBack(held)
  })

  it('for its tenant to be found out, and whose client leaves, is told as left', async () => {
    const known = latch<string>()
    const uploads = admission({ slots: 1, tenant: () => known.opened })
    const leaving = new AbortController()
    const staying = granted(uploads)
    const answer = uploads(uploadOf(1), contextOf(undefined, leaving.signal))
    const events = heard()
    leaving.abort()
    known.open('ada')
    const held = await staying
    await answer
    expect(events.map(({ kind }) => kind)).toEqual(['granted', 'left'])
    giveBack(held)
  })

  it('longer than the gate does is refused as its client is: check_timed_out', async () => {
    const uploads = admission({ slots: 1, waitMs: 700 })
    const held = await granted(uploads)
    const server = http.createServer((_request, response) => void response.end())
    attach(server, { checks: [uploads], checkTimeoutMs: 50 })
    const { port } = await serve(server)
    const events = heard()
    const request = http.request({ port, host: '127.0.0.1', method: 'PUT' })
    request.end('content')
    const [response] = (await once(request, 'response')) as [http.IncomingMessage]
    response.resume()
    expect(response.statusCode).toBe(503)
    expect(events).toMatchObject([
      { kind: 'waiting', waiting: 1 },
      { kind: 'refused', reason: 'check_timed_out', waiting: 0 },
    ])
    giveBack(held)
  })
})

describe('an admission that is closed', () => {
  it('says so, with what is held by then: nothing, whatever is still under way', async () => {
    const uploads = admission({ slots: 2 })
    const held = await granted(uploads)
    const events = heard()
    await uploads.close({ drainMs: 1 })
    expect(events).toMatchObject([{ kind: 'closed', slots: 0, bytes: 0, waiting: 0 }])
    await uploads.close()
    expect(events).toHaveLength(1)
    expect(await refused(uploads)).toMatchObject({ reason: 'admission_unavailable' })
    giveBack(held)
  })
})

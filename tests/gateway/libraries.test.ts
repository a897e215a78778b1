// Seven proxy libraries with `askFirst` before them, and one with `dispatcher`: what they make of an
// upload alone is in docs/gateway.md. Bytes are counted on the second hop.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { tap } from '../support/tap.js'
import { LIBRARIES, type Library, startLibrary } from './support/library-proxy.js'

const SIZE = 300_000
const content = Buffer.alloc(SIZE, 'x')

/** Refuses below /private from the head, and keeps the connection; else counts. */
async function origin() {
  const server = http.createServer((request, response) => {
    if (request.url?.startsWith('/private') === true) {
      response.writeHead(401).end('who are you')
      return
    }
    let bytes = 0
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
    })
    request.on('end', () => response.writeHead(201).end(`${bytes} ${request.method}`))
  })
  return tap(await serve(attach(server, {})))
}

for (const library of Object.keys(LIBRARIES) as Library[]) {
  test(`${library}: refusals cost nothing, hooks run for every request`, async () => {
    const second = await origin()
    const proxy = await startLibrary(library, second.port)
    const connect = () => RawClient.connect(proxy)

    for (const asks of [true, false]) {
      const put = { length: SIZE, target: '/private/a' }
      second.reset()
      const client = await connect()
      client.send(asks ? asking(put) : head(put))
      if (!asks) client.send(content.subarray(0, 100_000))
      const refused = await client.final()
      expect([refused.status, refused.text]).toEqual([401, 'who are you'])
      client.destroy()
      await second.quiet()
      // Heads only: nothing of the content has crossed the second hop.
      expect(second.seen().bytes).toBeLessThan(2000)
    }

    for (const asks of [true, false]) {
      const client = await connect()
      const put = { length: SIZE, target: '/a' }
      client.send(asks ? asking(put) : head(put))
      if (asks) await client.continue()
      client.send(content)
      const accepted = await client.final({ withinMs: 5000 })
      expect([accepted.status, accepted.text]).toEqual([201, `${SIZE} PUT`])
      const again = await client.send(asking({ chunked: true, length: undefined } as object)).next()
      expect(again.status).toBe(100)
      expect((await client.send(chunks('hello')).final()).text).toBe('5 PUT')
    }

    const small = await connect()
    expect((await small.send(`${head({ length: 5 })}hello`).final()).text).toBe('5 PUT')
    const got = await small.send(head({ method: 'GET', lines: ['Expect: 100-continue'] })).final()
    expect(got.text).toBe('0 GET')
    const hooks = await connect()
    expect((await hooks.send(head({ method: 'GET', target: '/hooks' })).final()).json()).toBe(8)
  })
}

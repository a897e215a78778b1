// A 2xx while a 100 is owed, and content that nobody gets while an answer is owed: who reads gets the
// content, whoever else has left is heard (RFC 9110 sections 10.1.1 and 15.2.1, R13, R18).

import http, { type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import http2 from 'node:http2'
import { attach } from '@expectation/core/node'
import { listen } from '../contract/suite/servers.js'
import { StreamTalk } from '../no-harm/support/streams.js'
import { framedSession } from '../support/framed-session.js'

import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'

async function attached(listener: RequestListener): Promise<RawClient> {
  const server = http.createServer(listener)
  attach(server)
  return RawClient.connect(await serve(server))
}

function counting(request: IncomingMessage): Promise<number> {
  return new Promise((resolve) => {
    let bytes = 0
    request.on('data', (part: Buffer) => {
      bytes += part.length
    })
    request.on('end', () => resolve(bytes))
  })
}

describe('HTTP/1.1: content that somebody reads behind an early answer', () => {
  test('K3.1: a listener before a 202: the 100 goes first, and all is read', async () => {
    const read = latch<Promise<number>>()
    const client = await attached((request, response) => {
      read.open(counting(request))
      response.writeHead(202).end('taken')
    })
    client.send(asking({ length: 5 }))
    await client.continue()
    expect((await client.final()).field('connection')).not.toBe('close')
    client.send('12345')
    expect(await within('all of it', read.opened)).toBe(5)
  })

  test.each([202, 401])(
    'K3.1: a listener behind a %i: no 100, what comes is read',
    async (status) => {
      const read = latch<Promise<number>>()
      const answered = latch()
      const client = await attached((request, response) => {
        response.writeHead(status).end('early')
        answered.open()
        read.open(counting(request))
      })
      client.send(asking({ length: 5 }))
      await within('the answer', answered.opened)
      client.send('12345')
      const response = await client.final()
      expect([response.status, response.field('connection')]).toEqual([status, 'close'])
      expect(await within('all of it', read.opened)).toBe(5)
      await client.fin()
    },
  )

  test('a listener behind another answer that is not out yet: the 100 in its place', async () => {
    const first = latch<ServerResponse>()
    const read = latch<Promise<number>>()
    const client = await attached((request, response) => {
      if (request.url === '/first') first.open(response)
      else {
        read.open(counting(request))
        response.writeHead(202).end('second')
      }
    })
    client.send(head({ method: 'GET', target: '/first' }) + asking({ length: 5 }))
    const answer = await within('the first', first.opened)
    answer.end('first')
    expect((await client.final()).text).toBe('first')
    await client.continue()
    expect((await client.final()).text).toBe('second')
    client.send('12345')
    expect(await within('all of it', read.opened)).toBe(5)
  })
})

describe('HTTP/2: a head that Node would send at once', () => {
  async function talking(listener: (request: IncomingMessage, response: ServerResponse) => void) {
    const server = http2.createServer((request, response) =>
      listener(request as unknown as IncomingMessage, response as unknown as ServerResponse),
    )
    attach(server)
    const session = await framedSession({ port: await listen(server) })
    return new StreamTalk(session, { ':path': '/a', expect: '100-continue' })
  }

  test('K3.5: writeHead and end: no 100, since nobody reads', async () => {
    let sent: boolean | undefined
    const talk = await talking((_request, response) => {
      response.writeHead(200, { 'X-A': 'b' })
      sent = response.headersSent
      response.end('ok')
    })
    const { status, headers, text } = await talk.answer()
    expect([status, headers['x-a'], text, talk.interims, sent]).toEqual([200, 'b', 'ok', 0, true])
  })

  test('K3.5: writeHead alone, the rest a moment later: the 100 first', async () => {
    const talk = await talking(async (request, response) => {
      response.writeHead(200)
      response.end(`<${await counting(request)}>`)
    })
    await new Promise((resolve) => talk.stream.once('continue', resolve))
    talk.stream.end('12345')
    expect((await talk.answer()).text).toBe('<5>')
  })

  test('K3.1: a listener, then writeHead and end: the 100 first, and all is read', async () => {
    const read = latch<Promise<number>>()
    const talk = await talking((request, response) => {
      read.open(counting(request))
      response.writeHead(202).end('taken')
    })
    await new Promise((resolve) => talk.stream.once('continue', resolve))
    talk.stream.end('12345')
    expect((await talk.answer()).text).toBe('taken')
    expect(await within('all of it', read.opened)).toBe(5)
  })

  test('a second writeHead throws, as without the library', async () => {
    const thrown = latch<unknown>()
    const talk = await talking((_request, response) => {
      response.writeHead(200)
      try {
        response.writeHead(201, {})
      } catch (error) {
        thrown.open(error)
      }
      response.end('ok')
    })
    expect((await talk.answer()).status).toBe(200)
    expect(await within('an error', thrown.opened)).toMatchObject({
      code: 'ERR_HTTP2_HEADERS_SENT',
    })
  })
})

describe('K4.2: whoever has left is heard', () => {
  test.each(['reset', 'destroy'] as const)(
    'content that is thrown away while an answer goes on, %s: the response closes',
    async (leave) => {
      const gone = latch()
      const begun = latch()
      const client = await attached((request, response) => {
        request.resume()
        response.on('close', () => gone.open())
        setTimeout(() => begun.open(), 50)
      })
      client.send(head({ chunked: true })).send(`80000\r\n${'x'.repeat(0x40000)}`)
      await within('the content to be thrown away', begun.opened)
      client[leave]()
      await within('the end', gone.opened)
    },
  )

  test('a whole chunked request with the end of the connection behind it is answered', async () => {
    const client = await attached((_request, response) => void response.end('ok'))
    client.send(head({ chunked: true }) + chunks('12345'))
    client.halfClose()
    expect((await client.final()).text).toBe('ok')
  })
})

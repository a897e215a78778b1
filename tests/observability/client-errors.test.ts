// Errors that Node answers below the framework: with `normalizeClientErrors` they have the shape of
// every other error, reach the client, and are counted.

import http from 'node:http'
import type { ExpectationOptions } from '@expectation/core'
import { blindUpload } from '../support/blind-upload.js'
import { MIB } from '../support/content.js'
import { delivered } from '../support/delivered.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, closesAfter, refused } from '../support/refusal.js'
import { head } from '../support/request.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { BROKEN, countedErrors, noticedErrors } from './support/broken-requests.js'
import { PLACES, startWarm } from './support/places.js'

forbidStrayErrors()

const ON: ExpectationOptions = { normalizeClientErrors: true }

for (const place of PLACES) {
  describe(`on ${place}, with normalizeClientErrors`, () => {
    for (const [shown, { bytes, status, reason, code, node = {} }] of Object.entries(BROKEN)) {
      test(`law 3: ${shown} is ${status} ${reason} in the error shape, closed and counted once`, async () => {
        const told = countedErrors()
        const running = await startWarm(place, { options: ON, node })
        const client = await RawClient.connect(running)
        client.send(bytes)
        const response = await refused(client, status, reason)
        expect(response.phrase).toBe(http.STATUS_CODES[status])
        expect(response.field('date')).toBeDefined()
        expect(told).toEqual([{ status, code: code }])
      })
    }

    test('law 3: a client that goes on writing megabytes still gets the whole answer', async () => {
      const running = await startWarm(place, { options: ON })
      for (const [text, status] of [
        ['NONSENSE / HTTP/1.1\r\n\r\n', 400],
        [`${head({ chunked: true })}zz\r\n`, 400],
        [head({ lines: [`X-Long: ${'x'.repeat(20_000)}`] }), 431],
      ] as const) {
        const content = Buffer.alloc(8 * MIB, 'x')
        const seen = await blindUpload(running, { head: text, content, readsLast: true })
        checkBody(
          delivered(seen, status),
          status,
          status === 400 ? 'bad_request' : 'request_header_fields_too_large',
        )
        expect(seen.wroteAll).toBe(true)
      }
    })

    test('R27 MUST NOT: nothing that comes behind the error is dispatched', async () => {
      const running = await startWarm(place, { options: ON })
      const client = await RawClient.connect(running)
      const next = head({ method: 'GET', target: '/hello' })
      client.send(`NONSENSE / HTTP/1.1\r\n\r\n${next}`)
      const response = await client.final()
      client.send(next)
      checkBody(response, 400, 'bad_request')
      await closesAfter(client, response)
      expect(running.calls()).toBe(0)
    })

    test('the 503 of maxRequestsPerSocket has the shape, behind the answers that are owed', async () => {
      const told = countedErrors()
      const running = await startWarm(place, { options: ON })
      running.server.maxRequestsPerSocket = 2
      const client = await RawClient.connect(running)
      client.send(head({ method: 'GET', target: '/hello' }).repeat(3))
      expect((await client.final()).text).toBe('hello')
      expect((await client.final()).text).toBe('hello')
      const response = await client.final()
      checkBody(response, 503, 'service_unavailable')
      expect(response.field('connection')?.toLowerCase()).toBe('close')
      expect(response.field('retry-after')).toBe('1')
      expect(running.calls()).toBe(2)
      expect(told).toEqual([{ status: 503, code: 'dropRequest' }])
    })

    test('law 3: the 503 of maxRequestsPerSocket reaches a client that is still uploading', async () => {
      const running = await startWarm(place, { options: ON })
      running.server.maxRequestsPerSocket = 1
      const text = head({ method: 'GET', target: '/hello' }) + head({ length: 8 * MIB })
      const client = await RawClient.connect(running)
      client.stopReading()
      client.send(text)
      await client.sendAll(Buffer.alloc(8 * MIB, 'x'), 10_000)
      client.startReading()
      expect((await client.final()).text).toBe('hello')
      checkBody(await client.final(), 503, 'service_unavailable')
      expect(running.calls()).toBe(1)
    })

    test("law 7: an application's own clientError listener is the one that answers", async () => {
      const told = countedErrors()
      const running = await startWarm(place, { options: ON })
      running.server.removeAllListeners('clientError')
      running.server.on('clientError', (_error, socket) => {
        socket.end('HTTP/1.1 418 Mine\r\nContent-Length: 0\r\n\r\n')
      })
      const client = await RawClient.connect(running)
      expect((await client.send('NONSENSE / HTTP/1.1\r\n\r\n').final()).status).toBe(418)
      expect(await client.fin()).toBe('')
      expect(told).toEqual([])
    })

    test('law 3: an answer whose head is out is not disturbed by what follows its request', async () => {
      const begun = latch()
      const goOn = latch()
      const running = await startWarm(place, {
        options: ON,
        save: async ({ response }) => {
          response.writeHead(200, { 'Content-Length': '10' }).write('hello')
          begun.open()
          await goOn.opened
          response.end('world')
          return undefined
        },
      })
      const client = await RawClient.connect(running)
      client.send(`${head({ length: 5 })}12345`)
      await within('the head of the answer', begun.opened)
      const noticed = noticedErrors(running.server)
      client.send('NONSENSE / HTTP/1.1\r\n\r\n')
      await within('the parser to stumble', noticed)
      goOn.open()
      expect((await client.final()).text).toBe('helloworld')
      expect(await client.over()).toBe('')
    })

    test('an answer whose head is out gets no second head when its own content is broken', async () => {
      const begun = latch()
      const running = await startWarm(place, {
        options: ON,
        save: async ({ response }) => {
          response.writeHead(200, { 'Content-Length': '10' }).write('hello')
          begun.open()
          return undefined
        },
      })
      const client = await RawClient.connect(running)
      client.send(`${head({ chunked: true })}5\r\nhello\r\n`)
      await within('the head of the answer', begun.opened)
      await client.send('zz\r\n').over()
      expect(client.seen).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*\r\n\r\nhello$/)
    })

    const formats: Readonly<
      Record<string, readonly [ExpectationOptions['format'], string, object]>
    > = {
      problem: [
        'problem',
        'application/problem+json; charset=utf-8',
        { status: 400, title: 'Bad Request' },
      ],
      flat: ['flat', 'application/json; charset=utf-8', { error: 'bad_request' }],
      'a function': [
        (facts) => ({ mine: facts.status }),
        'application/json; charset=utf-8',
        { mine: 400 },
      ],
    }
    for (const [shown, [format, type, body]] of Object.entries(formats)) {
      test(`the format ${shown} is the format of these errors, too`, async () => {
        const running = await startWarm(place, { options: { ...ON, format } })
        const client = await RawClient.connect(running)
        const response = await client.send('NONSENSE / HTTP/1.1\r\n\r\n').final()
        expect(response.field('content-type')).toBe(type)
        expect(response.json()).toMatchObject(body)
        expect(response.field('content-length')).toBe(String(response.body.length))
        expect(response.field('cache-control')).toBe('no-store')
        await closesAfter(client, response)
      })
    }
  })
}

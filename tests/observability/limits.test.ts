// Limits that callers can read, and the time that content may take after a 100.

import http from 'node:http'
import http2 from 'node:http2'
import type { ExpectationOptions } from '@expectation/core'
import { Refusal } from '@expectation/core'
import { attach } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/express'
import express from 'express'
import { listen } from '../contract/suite/servers.js'
import { framedSession } from '../support/framed-session.js'
import { outcomes } from '../support/outcomes.js'
import type { WireResponse } from '../support/parse-response.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, closesAfter } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { contentOf } from '../support/uploads.js'
import { PLACES, type Place, type Save, start } from './support/places.js'

forbidStrayErrors()

const LIMITS: ExpectationOptions = {
  maxContentLength: '1kb',
  acceptedTypes: ['image/*', 'json'],
  advertiseLimits: true,
}
const OPTIONS = head({ method: 'OPTIONS' })
const TOO_LARGE = asking({ length: 1025, type: 'image/png' })
const WRONG_TYPE = asking({ type: 'text/plain' })

async function answerOf(
  place: Place,
  options: ExpectationOptions,
  bytes: string,
): Promise<WireResponse> {
  const client = await RawClient.connect(await start(place, { options }))
  return await client.send(bytes).final()
}

function limitsIn(response: WireResponse): unknown {
  const names = ['accept-post', 'accept-patch', 'upload-limit']
  return names.map((name) => response.field(name))
}

for (const place of PLACES) {
  describe(`the limits of a gate on ${place}`, () => {
    const where = { OPTIONS: OPTIONS, '413': TOO_LARGE, '415': WRONG_TYPE }
    for (const [shown, bytes] of Object.entries(where)) {
      test(`with advertiseLimits they are on ${shown} (RFC 5789 3.1, LDP 7.1)`, async () => {
        const types = 'image/*, application/json'
        const response = await answerOf(place, LIMITS, bytes)
        // Anywhere else it would claim resumable uploads (draft-ietf-httpbis-resumable-upload).
        const size = shown === '413' ? 'max-size=1024' : undefined
        expect(limitsIn(response)).toEqual([types, types, size])
        if (shown !== 'OPTIONS') expect(response.status).toBe(Number(shown))
      })

      test(`by default they are not on ${shown}`, async () => {
        const { advertiseLimits: _on, ...rest } = LIMITS
        expect(limitsIn(await answerOf(place, rest, bytes))).toEqual([
          undefined,
          undefined,
          undefined,
        ])
      })
    }

    test('limits that there are not are not told', async () => {
      const size = { maxContentLength: 10, advertiseLimits: true }
      expect(limitsIn(await answerOf(place, size, TOO_LARGE))).toEqual([
        undefined,
        undefined,
        'max-size=10',
      ])
      const types = { acceptedTypes: ['image/png'], advertiseLimits: true }
      const told = ['image/png', 'image/png', undefined]
      expect(limitsIn(await answerOf(place, types, WRONG_TYPE))).toEqual(told)
    })

    test('other answers do not carry them', async () => {
      const client = await RawClient.connect(await start(place, { options: LIMITS }))
      client.send(head({ method: 'GET', target: '/hello' }))
      expect(limitsIn(await client.final())).toEqual([undefined, undefined, undefined])
      client.send(`${head({ length: 5, type: 'image/png' })}hello`)
      expect(limitsIn(await client.final())).toEqual([undefined, undefined, undefined])
      client.send(asking({ expect: 'other' }))
      const response = await client.final()
      expect([response.status, limitsIn(response)]).toEqual([
        417,
        [undefined, undefined, undefined],
      ])
    })

    test('OPTIONS keeps the answer that the application gives', async () => {
      const [plain, told] = [
        await answerOf(place, {}, OPTIONS),
        await answerOf(place, LIMITS, OPTIONS),
      ]
      expect([told.status, told.field('allow')]).toEqual([plain.status, plain.field('allow')])
    })
  })

  describe(`contentTimeoutMs on ${place}`, () => {
    /** Reads, and tells how the reading failed. */
    function reader(): { readonly save: Save; readonly failed: Promise<unknown> } {
      const failed = latch<unknown>()
      const save: Save = ({ content }) =>
        contentOf(content).catch((error: unknown) => {
          failed.open(error)
          throw error
        })
      return { save, failed: failed.opened }
    }

    for (const continueTiming of ['on-read', 'after-checks'] as const) {
      test(`408 when nothing comes after a 100 (${continueTiming}), and the consumer learns it`, async () => {
        const told = outcomes()
        const { save, failed } = reader()
        const options = { contentTimeoutMs: 50, continueTiming, onOutcome: told.onOutcome }
        const client = await RawClient.connect(await start(place, { options, save }))
        await client.send(asking()).continue()
        const response = await client.final()
        checkBody(response, 408, 'request_timeout')
        await closesAfter(client, response)
        expect(await within('the consumer to learn it', failed)).toMatchObject({
          status: 408,
          reason: 'request_timeout',
        })
        expect(await failed).toBeInstanceOf(Refusal)
        client.halfClose()
        expect(await told.first()).toMatchObject({
          ...{ decision: 'refuse', by: 'content-timeout', status: 408, reason: 'request_timeout' },
          ...{ continueSent: true, receivedBytes: 0, avoidedBytes: 5, clientGone: false },
        })
      })
    }

    test('an answer whose head is out is cut, and not taken for a whole one', async () => {
      const told = outcomes()
      const options = { contentTimeoutMs: 50, onOutcome: told.onOutcome }
      const save: Save = async ({ content, response }) => {
        content.on('data', () => undefined)
        content.on('error', () => undefined)
        await within('a 100', continued(response))
        response.writeHead(200, { 'Content-Length': '10' }).write('hello')
        return undefined
      }
      const client = await RawClient.connect(await start(place, { options, save }))
      await client.send(asking()).continue()
      expect(await client.over()).toMatch(/\r\n\r\nhello$/)
      expect(await told.first()).toMatchObject({
        ...{ decision: 'refuse', by: 'content-timeout', status: 200 },
        ...{ connection: 'cut', clientGone: false },
      })
    })

    test('content that has begun to come may take its time', async () => {
      const options = { contentTimeoutMs: 400 }
      const client = await RawClient.connect(await start(place, { options }))
      await client.send(asking()).continue()
      client.send('h')
      await client.quiet(500)
      expect((await client.send('ello').final()).text).toBe('hello')
    })

    test('without a 100 nobody has asked the client to hurry', async () => {
      const options = { contentTimeoutMs: 50 }
      const client = await RawClient.connect(await start(place, { options }))
      client.send(head({ length: 5 }))
      await client.quiet(150)
      expect((await client.send('hello').final()).text).toBe('hello')
    })
  })
}

/** The stream asks for content in a later turn than the one in which a listener is added. */
async function continued(response: { readonly writableFinished: boolean }): Promise<void> {
  while (!Object(response)._sent100) await new Promise((resolve) => setImmediate(resolve))
}

test('a consumer that ignores the error does not keep the client waiting', async () => {
  const options = { contentTimeoutMs: 50 }
  const save: Save = ({ content }) =>
    contentOf(content).catch(() => new Promise<undefined>(() => undefined))
  const answers = PLACES.map(async (place) => {
    const client = await RawClient.connect(await start(place, { options, save }))
    await client.send(asking()).continue()
    checkBody(await client.final({ withinMs: 5000 }), 408, 'request_timeout')
  })
  await Promise.all(answers)
})

test('law 7: an application that answers after all is not thrown at', async () => {
  const answers = PLACES.map(async (place) => {
    const goOn = latch()
    const ended = latch<unknown>()
    const save: Save = async ({ response }) => {
      await goOn.opened
      try {
        response.setHeader('X-Mine', '1')
        response.writeHead(200).end('mine')
        ended.open(undefined)
      } catch (error) {
        ended.open(error)
      }
      return undefined
    }
    const options = { contentTimeoutMs: 50, continueTiming: 'after-checks' } as const
    const client = await RawClient.connect(await start(place, { options, save }))
    await client.send(asking()).continue()
    checkBody(await client.final({ withinMs: 5000 }), 408, 'request_timeout')
    goOn.open()
    expect(await within('the application to answer', ended.opened)).toBeUndefined()
    expect(await client.over()).toBe('')
  })
  await Promise.all(answers)
})

describe('two gates narrow each other', () => {
  const outer = { maxContentLength: 10, advertiseLimits: true }
  const inner = { maxContentLength: 100, advertiseLimits: true }
  async function connected(): Promise<RawClient> {
    const app = express().use(expectation(outer)).use('/files', expectation(inner))
    app.put('/files/:name', (req, res, next) => void contentOf(req).then(() => res.end(), next))
    return RawClient.connect(await serve(http.createServer(app.use(errorHandler()))))
  }
  const where = {
    'a declared length': asking({ length: 50 }),
    'a length that is counted': `${head({ chunked: true })}32\r\n${'x'.repeat(50)}\r\n`,
  }
  for (const [shown, bytes] of Object.entries(where)) {
    test(`${shown}: the limit that holds is the one that is told`, async () => {
      const response = await (await connected()).send(bytes).final()
      expect(response.field('upload-limit')).toBe('max-size=10')
    })
  }
})

test('over HTTP/2, too, nothing after a 100 is 408, and the consumer learns it', async () => {
  const failed = latch<unknown>()
  const server = http2.createServer((request) => {
    request.on('error', (error) => failed.open(error)).resume()
    request.on('data', () => undefined)
  })
  attach(server, { contentTimeoutMs: 50 })
  const { client } = await framedSession({ port: await listen(server) })
  const asked = { ':method': 'PUT', ':path': '/', expect: '100-continue', 'content-length': 5 }
  const stream = client.request(asked, { endStream: false })
  stream.on('error', () => undefined)
  const status = new Promise((resolve) => {
    stream.once('response', (fields) => resolve(fields[':status']))
  })
  expect(await within('the answer', status, 5000)).toBe(408)
  expect(await within('the consumer to learn it', failed.opened)).toMatchObject({ status: 408 })
})

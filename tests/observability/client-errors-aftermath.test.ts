// What becomes of everybody else when an error below the framework was answered: the consumer of the
// content, the outcome, the connection, and a server that is to close.

import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import http from 'node:http'
import https from 'node:https'
import type { ExpectationOptions } from '@expectation/core'
import { attach, CHANNELS, type LingerFinish } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/express'
import express from 'express'
import { certificate } from '../support/certificate.js'
import { afterThisTest } from '../support/cleanup.js'
import { keepConsoleErrors } from '../support/console.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { contentOf } from '../support/uploads.js'
import { BROKEN, countedErrors } from './support/broken-requests.js'
import { PLACES, startWarm } from './support/places.js'

forbidStrayErrors()
const log = keepConsoleErrors()

const ON: ExpectationOptions = { normalizeClientErrors: true }

function nextLingerEnd(): Promise<LingerFinish> {
  return new Promise((resolve) => {
    const note = (message: unknown): void => resolve(message as LingerFinish)
    subscribe(CHANNELS.lingerEnd, note)
    afterThisTest(() => void unsubscribe(CHANNELS.lingerEnd, note))
  })
}

for (const place of PLACES) {
  describe(`after a client error on ${place}`, () => {
    for (const shown of ['a chunk size that is none', 'content that never ends (requestTimeout)']) {
      const { bytes = '', status, reason = '', node = {} } = BROKEN[shown] ?? {}
      test(`${shown}: the consumer learns it, and the outcome says so once`, async () => {
        const told = outcomes()
        const failed = latch<unknown>()
        const running = await startWarm(place, {
          node,
          options: { ...ON, onOutcome: told.onOutcome },
          save: ({ content }) =>
            contentOf(content).catch((error: unknown) => {
              failed.open(error)
              throw error
            }),
        })
        const client = await RawClient.connect(running)
        await refused(client.send(bytes), Number(status), reason)
        client.halfClose()
        expect(await within('the consumer to learn it', failed.opened)).toBeInstanceOf(Error)
        expect(await told.first()).toMatchObject({
          ...{ decision: 'pass', status, reason, receivedBytes: 5, clientGone: false },
          connection: 'lingered',
        })
        await new Promise((resolve) => setImmediate(resolve))
        expect(told.all).toHaveLength(1)
        expect(log.entries).toEqual([])
      })
    }

    const interrupted = {
      'a request without content': head({ method: 'POST' }),
      'content of a request': `${head({ chunked: true })}5\r\nhello\r\n`,
    }
    for (const [shown, bytes] of Object.entries(interrupted)) {
      test(`law 7: ${shown}: a handler that answers after the error is not thrown at`, async () => {
        const begun = latch()
        const goOn = latch()
        const ended = latch<unknown>()
        const running = await startWarm(place, {
          options: ON,
          save: async ({ response }) => {
            begun.open()
            await goOn.opened
            try {
              response.setHeader('X-Mine', '1')
              response.writeHead(200).write('mine')
              response.end()
              ended.open(undefined)
            } catch (error) {
              ended.open(error)
            }
            return undefined
          },
        })
        const client = await RawClient.connect(running)
        client.send(bytes)
        await within('the handler', begun.opened)
        await refused(client.send('zz\r\n\r\n'), 400, 'bad_request')
        goOn.open()
        expect(await within('the handler to answer', ended.opened)).toBeUndefined()
        client.halfClose()
        expect(await client.over()).toBe('')
      })
    }

    test('a 100 that is owed is not sent after the error', async () => {
      const running = await startWarm(place, {
        options: ON,
        save: ({ content }) => new Promise((resolve) => void content.once('close', resolve)),
      })
      const client = await RawClient.connect(running)
      const { length: _none, ...asked } = { length: 5, expect: '100-continue', chunked: true }
      const response = await client.send(`${head(asked)}zz\r\n`).final()
      checkBody(response, 400, 'bad_request')
      expect(await client.fin()).toBe('')
    })

    test("law 3: the gate's own bounds of lingering hold", async () => {
      const running = await startWarm(place, { options: { ...ON, linger: { maxBytes: 10 } } })
      const ended = nextLingerEnd()
      const client = await RawClient.connect(running)
      checkBody(await client.send('NONSENSE / HTTP/1.1\r\n\r\n').final(), 400, 'bad_request')
      client.send('x'.repeat(1000))
      expect(await within('the linger to end', ended, 5000)).toMatchObject({ end: 'bytes' })
    })

    test('a server that is told to close waits for nobody who stays', async () => {
      const running = await startWarm(place, { options: { ...ON, linger: { idleMs: 60_000 } } })
      const ended = nextLingerEnd()
      const client = await RawClient.connect(running)
      checkBody(await client.send('NONSENSE / HTTP/1.1\r\n\r\n').final(), 400, 'bad_request')
      const closed = new Promise((resolve) => running.server.close(resolve))
      expect(await within('the linger to end', ended)).toMatchObject({ end: 'shutdown' })
      await within('the server to close', closed)
    })
  })
}

test("law 9: broken content is the client's fault, and is not printed as the server's", async () => {
  const failed = latch<unknown>()
  const app = express().use(expectation(ON))
  app.put('/files/:name', async (req, res) => {
    const text = await contentOf(req).catch((error: unknown) => {
      failed.open(error)
      throw error
    })
    res.send(text)
  })
  const running = await serve(attach(http.createServer(app.use(errorHandler()))))
  const { bytes = '' } = BROKEN['a chunk size that is none'] ?? {}
  const first = await RawClient.connect(running)
  await first.send(head({ method: 'GET', target: '/none' })).final()
  const client = await RawClient.connect(running)
  await refused(client.send(bytes), 400, 'bad_request')
  client.halfClose()
  expect(await within('the consumer to learn it', failed.opened)).toMatchObject({ status: 400 })
  await new Promise((resolve) => setImmediate(resolve))
  expect(log.entries).toEqual([])
})

test('over TLS, too, the error has the shape and is counted once', async () => {
  const told = countedErrors()
  const server = attach(https.createServer(certificate), ON)
  const client = await RawClient.connect({ ...(await serve(server)), secure: true })
  checkBody(await client.send('NONSENSE / HTTP/1.1\r\n\r\n').final(), 400, 'bad_request')
  expect(told).toEqual([{ status: 400, code: 'HPE_INVALID_METHOD' }])
})

// Node tells a reset in the middle of a head as HPE_INVALID_EOF_STATE, as it tells FIN: it is counted.
test('a connection that is reset in its head disturbs nobody', async () => {
  const running = await startWarm('bare', { options: ON })
  const client = await RawClient.connect(running)
  await client.sendAll('GET /hello HTTP/1.1\r\n')
  client.reset()
  const next = await RawClient.connect(running)
  expect((await next.send(head({ method: 'GET', target: '/hello' })).final()).text).toBe('hello')
})

test('a head that is broken off by FIN is a 400 that the client can still read', async () => {
  const told = countedErrors()
  const running = await startWarm('bare', { options: ON })
  const client = await RawClient.connect(running)
  client.send('GET /hello HTTP/1.1\r\nHost: a\r\n').halfClose()
  checkBody(await client.final(), 400, 'bad_request')
  expect(told).toEqual([{ status: 400, code: 'HPE_INVALID_EOF_STATE' }])
})

test('content that is broken off by FIN is a client that left', async () => {
  const told = outcomes()
  const running = await startWarm('bare', { options: { ...ON, onOutcome: told.onOutcome } })
  const client = await RawClient.connect(running)
  await client.send(asking({ length: 10 })).continue()
  client.send('hello').halfClose()
  expect(await told.first()).toMatchObject({ receivedBytes: 5, avoidedBytes: 5 })
})

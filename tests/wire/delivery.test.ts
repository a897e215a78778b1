// A refusal arrives (law 3): complete, then half-close, then the rest is read and dropped, then the
// close. A server that closes with bytes unread makes the kernel reset, and the answer is lost.

import { Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { errorHandler, expectation } from '@expectation/express'
import express, { type Express } from 'express'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'

keepConsoleErrors()

const size = 8 * 1024 * 1024
const content = Buffer.alloc(size, 'x')

describe('to a client that writes everything before it reads', () => {
  const cases = [
    { shown: 'too large', options: { maxContentLength: '1mb' }, expect: [], status: 413 },
    {
      shown: 'too large, asked',
      options: { maxContentLength: '1mb' },
      expect: '100-continue',
      status: 413,
    },
    { shown: 'unsupported', options: {}, expect: 'something-else', status: 417 },
  ]
  for (const { shown, options, expect: line, status } of cases) {
    test(`R28 advice, law 3 (RFC 9112 9.6): ${shown}: the ${status} is read after 8 MiB`, async () => {
      const client = await RawClient.connect(await serve(uploads(options).app))
      client.stopReading()
      await client.sendAll(
        Buffer.concat([Buffer.from(head({ expect: line, length: size })), content]),
        8000,
      )
      client.startReading()
      const response = await client.final()
      expect(response.status).toBe(status)
      expect(response.field('connection')).toBe('close')
      expect(await client.fin()).toBe('')
    }, 15_000)
  }

  test('law 3: FIN comes although the client goes on sending', async () => {
    const client = await RawClient.connect(await serve(uploads({ maxContentLength: 4 }).app))
    client.send(asking({ length: size }))
    client.send(content)
    await refused(client, 413, 'content_too_large')
  })

  test('law 3: what is dropped is bounded: at linger.maxBytes the connection is cut', async () => {
    const options = { maxContentLength: 4, linger: { maxBytes: 65_536 } }
    const client = await RawClient.connect(await serve(uploads(options).app))
    client.send(asking({ length: 1_000_000_000 }))
    await refused(client, 413, 'content_too_large')
    await client.sendAll(content, 8000)
    client.send(content)
    await client.gone()
  }, 15_000)

  test('law 3: an idle client is let go after linger.idleMs', async () => {
    const options = { maxContentLength: 4, linger: { idleMs: 50, totalMs: 500 } }
    const running = await serve(uploads(options).app)
    const client = await RawClient.connect(running)
    client.send(asking())
    await refused(client, 413, 'content_too_large')
    await noConnections(running.server)
  })
})

/** Waits until a server holds no connection, by asking it; bounded by the test's own limit. */
async function noConnections(server: {
  getConnections(done: (e: Error | null, n: number) => void): unknown
}): Promise<void> {
  for (;;) {
    const open = await new Promise<number>((resolve, reject) => {
      server.getConnections((error, count) => (error ? reject(error) : resolve(count)))
    })
    if (open === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('when the application leaves the content half-way', () => {
  const leave: Readonly<Record<string, (app: Express) => unknown>> = {
    'for await left by throw': (app) =>
      app.put('/files/:name', async (req) => {
        for await (const part of req) throw new Error(`stop at ${String(part).length}`)
      }),
    'for await left by break, then thrown': (app) =>
      app.put('/files/:name', async (req) => {
        for await (const _part of req) break
        throw new Error('enough')
      }),
    'pipeline() into a sink that fails': (app) =>
      app.put('/files/:name', async (req) => {
        const full = new Writable({
          write(_chunk, _encoding, done) {
            done(new Error('no space left'))
          },
        })
        await pipeline(req, full)
      }),
    'req.destroy(), then thrown': (app) =>
      app.put('/files/:name', (req, _res, next) => {
        req.once('data', () => {
          req.destroy()
          next(new Error('gone'))
        })
      }),
  }
  for (const [shown, mount] of Object.entries(leave)) {
    for (const line of ['100-continue', undefined]) {
      const asked = line === undefined ? 'without Expect' : 'with Expect'
      test(`law 3 (RFC 9112 9.6): ${shown}, ${asked}: the 500 arrives`, async () => {
        const app = express().use(expectation())
        mount(app)
        app.use(errorHandler())
        const client = await RawClient.connect(await serve(app))
        client.send(head({ expect: line ?? [], length: 1_000_000 }))
        if (line !== undefined) await client.continue()
        client.send(Buffer.alloc(70_000))
        const response = await client.final()
        checkBody(response, 500, 'internal_error')
        expect(response.field('connection')).toBe('close')
        expect(await client.fin()).toBe('')
      })
    }
  }
})

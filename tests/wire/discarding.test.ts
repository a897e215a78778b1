// Discarding content is not reading it: no 100 goes out and no answer waits for it (law 2).
// Express's finalhandler and body-parser wait for the end of an upload; behind a gate they must not.
import { setImmediate as turn } from 'node:timers/promises'
import { errorHandler, expectation } from '@expectation/express'
import express, { type Express } from 'express'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, closesAfter, refused } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { counted, serve } from '../support/server.js'

keepConsoleErrors()

function gated(): Express {
  return express().use(expectation())
}

interface Way {
  readonly shown: string
  readonly status: number
  readonly mount: (app: Express) => unknown
  readonly type?: string
  /** Without Expect the application may wait for the content it drains. */
  readonly onlyAsked?: true
}

const ways: readonly Way[] = [
  { shown: "Express's own 404", status: 404, mount: () => undefined },
  {
    shown: 'an answer and no look at the content',
    status: 401,
    mount: (app) => app.put('/files/:name', (_req, res) => void res.status(401).send('no')),
  },
  {
    shown: 'resume() with nobody listening, then the answer',
    status: 403,
    mount: (app) =>
      app.put('/files/:name', (req, res) => {
        req.resume()
        res.status(403).send('no')
      }),
  },
  {
    shown: 'resume() with nobody listening, the answer later',
    status: 403,
    mount: (app) =>
      app.put('/files/:name', async (req, res) => {
        req.resume()
        for (let step = 0; step < 5; step += 1) await turn()
        res.status(403).send('no')
      }),
  },
  {
    shown: 'a listener that has gone again, and the answer at the end of the content',
    status: 403,
    onlyAsked: true,
    mount: (app) =>
      app.put('/files/:name', (req, res) => {
        const listener = () => undefined
        req.on('end', () => res.status(403).send('no'))
        req.on('data', listener).off('data', listener)
      }),
  },
  {
    shown: 'resume() and the answer at the end of the content',
    status: 403,
    onlyAsked: true,
    mount: (app) =>
      app.put('/files/:name', (req, res) => {
        req.on('end', () => res.status(403).send('no'))
        req.resume()
      }),
  },
  {
    shown: 'an error thrown before reading',
    status: 500,
    mount: (app) =>
      app.put('/files/:name', () => {
        throw new Error('private words')
      }),
  },
  {
    shown: 'an error thrown after asynchronous work',
    status: 500,
    mount: (app) =>
      app.put('/files/:name', async () => {
        await turn()
        throw new Error('private words')
      }),
  },
  {
    shown: "express.json()'s limit",
    status: 413,
    type: 'application/json',
    mount: (app) => app.use(express.json({ limit: 4 })),
  },
  {
    shown: "express.raw()'s limit",
    status: 413,
    type: 'application/octet-stream',
    mount: (app) => app.use(express.raw({ limit: 4 })),
  },
  {
    shown: "express.json()'s refusal of a charset",
    status: 415,
    type: 'application/json; charset=x-none',
    mount: (app) => app.use(express.json()),
  },
]

describe('the answer comes at once, without a 100, and closes', () => {
  for (const { shown, status, mount, type, onlyAsked } of ways) {
    for (const handler of ['with errorHandler', 'without errorHandler']) {
      for (const asked of onlyAsked ? ['with Expect'] : ['with Expect', 'without Expect']) {
        test(`R16 MUST, R26 MUST (RFC 9110 10.1.1, 9112 9.6): ${shown}, ${handler}, ${asked}: ${status}`, async () => {
          const app = gated()
          mount(app)
          if (handler === 'with errorHandler') app.use(errorHandler())
          const client = await RawClient.connect(await serve(app))
          const value = asked === 'with Expect' ? '100-continue' : []
          client.send(head({ expect: value, length: 100_000_000, ...(type && { type }) }))
          const response = await client.final()
          expect(response.status).toBe(status)
          expect(response.framing).toBe('length')
          await closesAfter(client, response)
        })
      }
    }
  }
})

describe('what such answers say', () => {
  test('law 7: a refusal of the gate without errorHandler is the same JSON', async () => {
    const app = gated()
    const never = counted(() => undefined)
    app.use(() => never())
    const client = await RawClient.connect(await serve(app))
    client.send(head({ expect: 'something-else', length: 5 }))
    await refused(client, 417, 'unsupported_expectation')
    expect(never.calls).toBe(0)
  })

  test('law 9: a message thrown before reading stays inside', async () => {
    const app = gated()
    app.put('/files/:name', () => {
      throw new Error('private words')
    })
    app.use(errorHandler())
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    const response = await client.final()
    const body = checkBody(response, 500, 'internal_error')
    expect(body.error.message).toBe('Internal Server Error')
    expect(response.text).not.toContain('private')
    await closesAfter(client, response)
  })
})

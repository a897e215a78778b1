// Several gates on one way narrow: each must agree. Several servers in one process do not mix.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { refused, stillUsable } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'
import { echo } from '../support/uploads.js'

function narrowing(): express.Express {
  const app = express()
  app.use(expectation({ maxContentLength: 100 }))
  app.put(
    '/files/:name',
    expectation({ maxContentLength: 1000, acceptedTypes: ['video/*'] }),
    echo(),
  )
  app.put('/small/:name', expectation({ maxContentLength: 10 }), echo())
  app.get('/hello', (_req, res) => void res.send('hello'))
  app.use(errorHandler())
  return app
}

describe('gates narrow', () => {
  const cases = [
    { shown: 'the outer limit', target: '/files/a', length: 500, type: 'video/mp4', status: 413 },
    { shown: 'the inner limit', target: '/small/a', length: 50, type: 'video/mp4', status: 413 },
    { shown: 'the inner type', target: '/files/a', length: 50, type: 'text/plain', status: 415 },
  ]
  for (const { shown, status, ...request } of cases) {
    test(`docs/several-gates.md: ${shown} holds`, async () => {
      const client = await RawClient.connect(await serve(narrowing()))
      client.send(asking(request))
      const reason = status === 413 ? 'content_too_large' : 'unsupported_media_type'
      await refused(client, status, reason)
    })
  }

  test('docs/several-gates.md: what both agree to passes with one 100', async () => {
    const client = await RawClient.connect(await serve(narrowing()))
    client.send(asking({ type: 'video/mp4' }))
    await client.continue()
    client.send('12345')
    expect((await client.final()).json()).toEqual({ content: '12345' })
    expect((await stillUsable(client, '/hello')).text).toBe('hello')
    await client.quiet(20)
  })

  test('docs/several-gates.md: an unknown expectation is refused by one gate although another ignores it', async () => {
    const app = express()
    app.use(expectation({ unknownExpectation: 'ignore' }))
    app.put('/files/:name', expectation(), echo())
    const client = await RawClient.connect(await serve(app))
    client.send(head({ expect: 'something-else', length: 5 }))
    await refused(client, 417, 'unsupported_expectation')
  })

  test('docs/several-gates.md: checks of the inner gate are asked after the outer one has run out of time', async () => {
    const app = express()
    const slow = () => new Promise<undefined>(() => {})
    app.use(expectation({ checks: [slow], checkTimeoutMs: 20, onCheckTimeout: 'continue' }))
    app.put('/files/:name', expectation({ checks: [() => new Refusal(403)] }), echo())
    app.use(errorHandler({ log: () => {} }))
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    await refused(client, 403, 'forbidden')
  })

  for (const thrown of [undefined, null, 0, '', 'route', 'router']) {
    test(`law 9: a check that throws ${JSON.stringify(thrown)} lets nothing through`, async () => {
      const app = express()
      const faulty = async () => {
        throw thrown
      }
      app.use(expectation({ checks: [faulty] }))
      app.put('/files/:name', echo())
      app.use(errorHandler({ log: () => {} }))
      const client = await RawClient.connect(await serve(app))
      client.send(asking())
      await refused(client, 500, 'internal_error')
    })
  }

  test("docs/several-gates.md: 'after-checks' of the outer gate does not speak before the inner one", async () => {
    const app = express()
    app.use(expectation())
    app.put(
      '/files/:name',
      expectation({ continueTiming: 'after-checks', maxContentLength: 4 }),
      echo(),
    )
    const client = await RawClient.connect(await serve(app))
    client.send(asking())
    await refused(client, 413, 'content_too_large')
  })
})

describe('attach(server) and app.use(expectation())', () => {
  test('docs/several-gates.md: together they are one gate with one 100', async () => {
    const app = narrowing()
    const server = http.createServer(app)
    attach(server)
    const running = await serve(server)
    const client = await RawClient.connect(running)
    client.send(asking({ type: 'video/mp4' }))
    await client.continue()
    client.send('12345')
    expect((await client.final()).json()).toEqual({ content: '12345' })
    const second = await RawClient.connect(running)
    second.send(asking({ length: 500 }))
    await refused(second, 413, 'content_too_large')
  })
})

describe('two gated servers in one process', () => {
  test('each follows its own policy, whichever was asked first', async () => {
    const large = express().use(expectation({ maxContentLength: 1000 }))
    large.put('/files/:name', echo())
    const small = express().use(expectation({ maxContentLength: 10 }))
    small.put('/files/:name', echo())
    const first = await serve(large)
    const second = await serve(small)
    for (let round = 0; round < 2; round += 1) {
      const welcome = await RawClient.connect(first)
      welcome.send(asking({ length: 100 }))
      await welcome.continue()
      const unwelcome = await RawClient.connect(second)
      unwelcome.send(asking({ length: 100 }))
      await refused(unwelcome, 413, 'content_too_large')
    }
  })

  test('one application on two servers is gated on both', async () => {
    const app = express().use(expectation({ maxContentLength: 10 }))
    app.put('/files/:name', echo())
    for (const running of [await serve(app), await serve(http.createServer(app))]) {
      const client = await RawClient.connect(running)
      client.send(asking({ length: 100 }))
      await refused(client, 413, 'content_too_large')
      const welcome = await RawClient.connect(running)
      welcome.send(asking())
      await welcome.continue()
      welcome.send('12345')
      expect((await welcome.final()).status).toBe(200)
    }
  })
})

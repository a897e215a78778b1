// Lingering connections hold up nobody: not `server.close()`, not `closeIdleConnections()`, not
// http-terminator, not the end of the process. Every linger here would last an hour by itself.
import type { Request, Response } from 'express'
import { createHttpTerminator } from 'http-terminator'
import { keepConsoleErrors } from '../support/console.js'
import { reachConnections } from '../support/open-connections.js'
import { type Outcomes, outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { head } from '../support/request.js'
import { runChild } from '../support/run-child.js'
import { counted, latch, type Running, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { contentOf, uploads } from '../support/uploads.js'

keepConsoleErrors()
forbidStrayErrors()

const HOUR = 3_600_000
const linger = { idleMs: HOUR, totalMs: HOUR, maxBytes: '1gb' } as const

async function lingering(): Promise<Running & { told: Outcomes; client: RawClient }> {
  const told = outcomes()
  const running = await serve(
    uploads({ maxContentLength: 4, linger, onOutcome: told.onOutcome }).app,
  )
  const client = await RawClient.connect(running)
  client.send(head({ length: 1_000_000 }))
  await refused(client, 413, 'content_too_large')
  await reachConnections(running.server, 1)
  expect(told.all).toEqual([])
  return { told, client, ...running }
}

function closed(server: Running['server']): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()))
}

describe('a client that lingers does not hold up', () => {
  test('server.close()', async () => {
    const { server, told } = await lingering()
    await within('the server to close', closed(server), 5000)
    expect(await told.first()).toMatchObject({ connection: 'lingered', lingerEnd: 'shutdown' })
  })

  test('server.close() while the client goes on sending', async () => {
    const { server, told, client } = await lingering()
    const flood = setInterval(() => client.send('x'.repeat(1000)), 1)
    await within('the server to close', closed(server), 5000).finally(() => clearInterval(flood))
    expect(await told.first()).toMatchObject({ lingerEnd: 'shutdown' })
  })

  test('closeAllConnections()', async () => {
    const { server, told } = await lingering()
    server.closeAllConnections()
    await reachConnections(server, 0)
    expect(await told.first()).toMatchObject({ connection: 'lingered' })
  })

  test('http-terminator', async () => {
    const told = outcomes()
    const running = await serve(
      uploads({ maxContentLength: 4, linger, onOutcome: told.onOutcome }).app,
    )
    const terminator = createHttpTerminator({
      server: running.server,
      gracefulTerminationTimeout: 1000,
    })
    const client = await RawClient.connect(running)
    client.send(head({ length: 1_000_000 }))
    await refused(client, 413, 'content_too_large')
    await within('http-terminator', terminator.terminate(), 10_000)
    expect(running.server.listening).toBe(false)
    expect(await told.first()).toMatchObject({ connection: 'lingered' })
  })
})

describe('an upload that is being served', () => {
  test('is not cut by server.close(), and its refusal afterwards arrives and ends', async () => {
    const told = outcomes()
    const go = latch()
    const begun = latch()
    const save = counted(async (_req: Request, res: Response) => {
      begun.open()
      await go.opened
      res.status(403).json({})
    })
    const { server, ...at } = await serve(uploads({ linger, onOutcome: told.onOutcome }, save).app)
    const client = await RawClient.connect(at)
    client.send(head({ length: 900_000 }))
    await begun.opened
    const done = closed(server)
    go.open()
    expect((await client.final()).status).toBe(403)
    expect(await client.fin()).toBe('')
    await within('the server to close', done, 5000)
    expect(await told.first()).toMatchObject({ connection: 'lingered', lingerEnd: 'shutdown' })
  })

  test('with content that flows is read to its end after server.close()', async () => {
    const begun = latch()
    const save = counted(async (req: Request, res: Response) => {
      begun.open()
      res.json({ content: await contentOf(req) })
    })
    const { server, ...at } = await serve(uploads({}, save).app)
    const client = await RawClient.connect(at)
    client.send(head({ length: 10 }))
    client.send('12345')
    await begun.opened
    const done = closed(server)
    client.send('67890')
    expect((await client.final()).json()).toEqual({ content: '1234567890' })
    client.destroy()
    await within('the server to close', done, 5000)
  })
})

describe('the end of the process', () => {
  const script = (ending: string): string => `
    import express from 'express'
    import net from 'node:net'
    import { expectation, errorHandler } from '@expectation/express'
    const linger = { idleMs: ${HOUR}, totalMs: ${HOUR} }
    const app = express().use(expectation({ maxContentLength: 4, linger })).use(errorHandler())
    const server = app.listen(0, '127.0.0.1', () => {
      const client = net.connect({ port: server.address().port, allowHalfOpen: true })
      client.unref()
      client.on('error', () => undefined)
      client.write('PUT / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1000000\\r\\n\\r\\n')
      client.resume()
      client.on('end', () => { ${ending} })
    })
    process.on('exit', () => console.log(JSON.stringify({ listening: server.listening })))
  `
  test('comes after server.close() although a client lingers', async () => {
    const end = await runChild(script('server.close()'), { withinMs: 20_000 })
    expect(end.code).toBe(0)
    expect(end.report()).toEqual({ listening: false })
  })

  test('comes when a server that lingers is unref()ed', async () => {
    const end = await runChild(script('server.unref()'), { withinMs: 20_000 })
    expect(end.code).toBe(0)
  })

  // The client is in the same process, and does not hold it.
  const detaching = (when: 'lingers' | 'is served') => `
    import http from 'node:http'
    import net from 'node:net'
    import { attach, detach } from '@expectation/core/node'
    const refuse = (response) => { response.statusCode = 403; response.end() }
    const server = http.createServer((request, response) => {
      if (${when === 'lingers'}) refuse(response)
      else setTimeout(() => { detach(server); refuse(response) })
    })
    attach(server, { linger: { idleMs: 300, totalMs: ${when === 'lingers' ? HOUR : 300} } })
    let calledBack = false
    process.on('exit', () => console.log(JSON.stringify({ calledBack })))
    server.listen(0, '127.0.0.1', () => {
      const client = net.connect({ port: server.address().port, allowHalfOpen: true })
      client.unref()
      client.on('error', () => undefined)
      client.write('PUT / HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1000000\\r\\n\\r\\n')
      client.resume()
      client.on('end', () => {
        detach(server)
        server.close(() => { calledBack = true })
      })
    })
  `
  test.each(['lingers', 'is served'] as const)(
    'comes behind the callback of server.close() when the server was detached while a client %s',
    async (when) => {
      const end = await runChild(detaching(when), { withinMs: 20_000 })
      expect(end.report()).toEqual({ calledBack: true })
    },
  )
})

// A server that mounts no gate stays as Node leaves it, although a gated one lives in the same
// process: before the gated one has seen a request, and after.
import http from 'node:http'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { type Running, serve } from '../support/server.js'
import { uploads } from '../support/uploads.js'

const plain: Readonly<Record<string, () => http.Server | express.Express>> = {
  'a plain http server': () =>
    http.createServer((req, res) => {
      req.on('data', () => undefined).on('end', () => res.end('stored'))
    }),
  'a plain Express application': () => {
    const app = express()
    app.put('/files/:name', (req, res) => {
      req.on('data', () => undefined).on('end', () => res.end('stored'))
    })
    return app
  },
}

async function useGated(): Promise<void> {
  const client = await RawClient.connect(await serve(uploads().app))
  client.send(asking())
  await client.continue()
  client.send('12345')
  expect((await client.final()).status).toBe(200)
}

async function asNodeLeavesIt(running: Running): Promise<void> {
  // Node answers 100 before any listener runs: the 100 for loose spellings shows that it was Node.
  for (const value of ['100-continue', 'y 100-continue']) {
    const client = await RawClient.connect(running)
    client.send(asking({ expect: value }))
    await client.continue()
    client.send('12345')
    expect((await client.final()).text).toBe('stored')
  }
  const client = await RawClient.connect(running)
  client.send(head({ expect: 'something-else', length: 0 }))
  const response = await client.final()
  expect(response.status).toBe(417)
  expect(response.text).toBe('')
  expect(response.field('content-type')).toBeUndefined()
  expect(response.field('cache-control')).toBeUndefined()
  expect(running.server.listenerCount('checkContinue')).toBe(0)
  expect(running.server.listenerCount('checkExpectation')).toBe(0)
  expect(running.server.listenerCount('upgrade')).toBe(0)
}

for (const [shown, create] of Object.entries(plain)) {
  test(`decision 0009: ${shown} that is asked before a gated one is as Node leaves it`, async () => {
    const running = await serve(create())
    await asNodeLeavesIt(running)
    await useGated()
    await asNodeLeavesIt(running)
  })

  test(`decision 0009: ${shown} that is asked after a gated one is as Node leaves it`, async () => {
    await useGated()
    const running = await serve(create())
    await asNodeLeavesIt(running)
  })
}

test("decision 0009: a server with its own 'checkContinue' listener and no gate keeps it", async () => {
  await useGated()
  const server = http.createServer((_req, res) => res.end('request'))
  server.on('checkContinue', (_req, res: http.ServerResponse) => {
    res.writeHead(200, { 'Content-Length': 3 }).end('own')
  })
  const client = await RawClient.connect(await serve(server))
  client.send(asking())
  expect((await client.final()).text).toBe('own')
})

test('decision 0009: the 100 of a plain server does not wait for its handler', async () => {
  await useGated()
  const running = await serve(http.createServer(() => undefined))
  const client = await RawClient.connect(running)
  client.send(asking())
  await client.continue()
})

test("an upgrade of a gated server's process is left alone", async () => {
  const server = http.createServer(uploads().app)
  server.on('upgrade', (_req, socket) => {
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
  })
  const client = await RawClient.connect(await serve(server))
  const lines = ['Connection: Upgrade', 'Upgrade: x']
  client.send(head({ method: 'GET', target: '/hello', lines }))
  expect((await client.next()).status).toBe(101)
})

test('a gated server without an upgrade listener answers an upgrade request as a plain one', async () => {
  const client = await RawClient.connect(await serve(uploads().app))
  const lines = ['Connection: Upgrade', 'Upgrade: x']
  client.send(head({ method: 'GET', target: '/hello', lines }))
  expect((await client.final()).text).toBe('hello')
})

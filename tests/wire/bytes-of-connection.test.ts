// Law 0: who listens for the bytes of a connection, to count them, hears all that are read, behind a refusal too.
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

const LENGTH = 300_000

test.each([
  ['attached', undefined],
  ['gated', { maxContentLength: 10 }],
])('%s', async (_how, options) => {
  let heard = 0
  let read = 0
  const server = attach(
    http.createServer((_request, response) => void response.writeHead(413).end()),
    options,
  )
  server.on('connection', (socket) => {
    socket.on('data', (part: Buffer) => {
      heard += part.length
    })
    socket.on('close', () => {
      read = socket.bytesRead
    })
  })
  const client = await RawClient.connect(await serve(server))
  client.send(head({ length: LENGTH }))
  expect((await client.answer()).status).toBe(413)
  await client.sendAll('z'.repeat(LENGTH))
  client.halfClose()
  await client.over()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(read).toBeGreaterThan(LENGTH)
  expect(heard).toBe(read)
})

// RFC 9110 section 7.8: a handshake may have content, and since Node 26 its listener gets a stream in place of the
// socket then. What holds for a handshake holds for it, too: it is in order, and never behind a close (R27).
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

const handshake = head({ method: 'POST', length: 2, lines: ['Connection: upgrade', 'Upgrade: x'] })

async function switching(seen: string[]) {
  const server = attach(
    http.createServer((request, response) => {
      seen.push(`${request.method}`)
      if (request.method === 'PUT') request.resume().on('end', () => response.end('first'))
      else response.writeHead(403, { connection: 'close' }).end()
    }),
  )
  server.on('upgrade', (_request, socket) => {
    seen.push('upgrade')
    socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n')
  })
  return await RawClient.connect(await serve(server))
}

test('requests that wait before it are dispatched before it', async () => {
  const seen: string[] = []
  const client = await switching(seen)
  const chunked = `${head({ chunked: true })}1\r\na\r\n0\r\n\r\n`
  client.send(`${head({ length: 1 })}a${chunked}${handshake}hi`)
  expect((await client.next()).text).toBe('first')
  await client.next()
  expect(seen).toEqual(['PUT', 'PUT', 'upgrade'])
})

test('R27: MUST NOT be handed on behind an answer that says close', async () => {
  const seen: string[] = []
  const client = await switching(seen)
  client.send(`${head({ method: 'POST', length: 1 })}a${handshake}hi`)
  expect((await client.final()).status).toBe(403)
  await client.over()
  expect(seen).toEqual(['POST'])
})

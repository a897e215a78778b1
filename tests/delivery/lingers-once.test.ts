// R28: the staged close happens once. A connection that lingers is not made to linger again by a handler that
// leaves the content afterwards: nobody would end the first, and it would keep its place and its socket.
import http, { type RequestListener } from 'node:http'
import { attach } from '@expectation/core/node'
import { published } from '../support/published.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

const leaveAfterAnswer: RequestListener = async (request, response) => {
  response.writeHead(200, { connection: 'close' })
  response.end('enough')
  try {
    for await (const _piece of request) break
  } catch {
    // The client leaves in the midst of it.
  }
}

const sized = `${head({ length: 1 })}x`

test.each([
  ['content that has not come, behind another request', `${sized}${head({ length: 9 })}x`],
  ['bytes that cannot be parsed behind it', `${sized}GARBAGE\r\n\r\n`],
])('%s', async (_what, bytes) => {
  const starts = published('expectation:linger:start')
  const ends = published('expectation:linger:end')
  const server = attach(http.createServer(leaveAfterAnswer))
  const closed = new Promise<void>((resolve) => {
    server.on('connection', (socket) => socket.on('close', () => setImmediate(resolve)))
  })
  const client = await RawClient.connect(await serve(server))
  client.send(bytes)
  expect((await client.final()).text).toBe('enough')
  await client.fin()
  client.destroy()
  await closed
  expect([starts.length, ends.length]).toEqual([1, 1])
})

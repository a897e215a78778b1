// What a connection holds on to whose client always has some requests in flight, as load generators and
// proxies do: those that wait for an answer before theirs, and none that has been answered.
import http, { type IncomingMessage } from 'node:http'
import { attach } from '@expectation/core/node'
import { areCollected } from '../support/collected.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'

const IN_FLIGHT = 4
const ANSWERED = 40

test('law 11: requests that waited and were answered are let go while others wait', async () => {
  const requests: WeakRef<IncomingMessage>[] = []
  const server = attach(
    http.createServer((message, response) => {
      requests.push(new WeakRef(message))
      message.resume()
      // The last ones are kept open, so that there is no moment at which none waits.
      if (requests.length <= ANSWERED)
        message.on('end', () => setImmediate(() => response.end('ok')))
    }),
  )
  const client = await RawClient.connect(await serve(server))
  const upload = `${head({ method: 'POST', length: 4 })}abcd`
  client.send(upload.repeat(IN_FLIGHT))
  for (let at = 0; at < ANSWERED; at += 1) {
    expect((await client.next()).status).toBe(200)
    client.send(upload)
  }
  expect(await areCollected(requests.slice(0, ANSWERED - 1))).toBe(true)
})

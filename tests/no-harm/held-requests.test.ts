// Requests of one segment that wait for what stands between them are handed on as Node's parser hands them on:
// it runs the promises of a request with content before it reads what stands behind it.
import http, { type RequestListener } from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { chunks, head } from '../support/request.js'
import { serve } from '../support/server.js'

/** Answers a promise later; `/cut` takes the connection away, as a handler does that has seen enough. */
const promising: RequestListener = async (req, res) => {
  if (req.url === '/cut') return void req.socket.destroy()
  await Promise.resolve()
  res.end(req.url)
}

function serverOf(kind: string) {
  const server = http.createServer(promising)
  server.on('upgrade', (_request, socket) => socket.destroy())
  if (kind === 'attached') attach(server)
  return serve(server)
}

/** Whether its content is here is known when the segment is parsed. */
const first = head({ target: '/first', chunked: true }) + chunks('hi')
const cut = head({ method: 'GET', target: '/cut' })
const upgrade = head({
  method: 'GET',
  target: '/chat',
  lines: ['Connection: Upgrade', 'Upgrade: websocket'],
})
const BEHIND: readonly (readonly [string, string])[] = [
  ['garbage', `${cut}POST /\n\r\n{`],
  ['content that is not here yet', `${head({ target: '/cut', length: 9 })}abc`],
  ['a handshake', cut + upgrade],
]

describe.each(['plain', 'attached'])('law 0, %s:', (kind) => {
  test.each(BEHIND)(
    'an answer a promise away is out before a request behind it cuts the connection, with %s at the end',
    async (_what, behind) => {
      const client = await RawClient.connect(await serverOf(kind))
      client.send(first + behind)
      expect((await client.final()).text).toBe('/first')
    },
  )
})

test('law 4: what comes while requests are handed on is handed on behind them, in order', async () => {
  const client = await RawClient.connect(await serverOf('attached'))
  client.send(
    `${head({ target: '/first', length: 2 })}hi${head({ target: '/second', length: 4 })}ab`,
  )
  setImmediate(() => client.send(`cd${head({ method: 'GET', target: '/third' })}`))
  for (const target of ['/first', '/second', '/third']) {
    expect((await client.final()).text).toBe(target)
  }
})

// Law 0: content that stands in one segment is handed on within a turn of the event loop, however many chunks it
// comes in; between two of them run the ticks and promises of the handler, as in Node.
import { once } from 'node:events'
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { RawClient } from '../support/raw-client.js'
import { chunks, head } from '../support/request.js'
import { bare, serve } from '../support/server.js'

const servers = {
  plain: bare,
  attached: (listener: http.RequestListener) => serve(attach(http.createServer(listener))),
  gated: (listener: http.RequestListener) => serve(attach(http.createServer(listener), {})),
}

const parts = Array.from({ length: 400 }, (_, at) => String(at % 10))
const upload = `${head({ chunked: true })}${chunks(...parts)}`

describe.each(Object.entries(servers))('%s', (_server, start) => {
  test('all of it comes within few turns', async () => {
    const running = await start((request, response) => {
      let turns = 0
      let counting = setImmediate(function turn() {
        turns += 1
        counting = setImmediate(turn)
      })
      request.resume().on('end', () => {
        clearImmediate(counting)
        response.end(turns < 10 ? 'few' : `${turns} turns`)
      })
    })
    const client = await RawClient.connect(running)
    expect((await client.send(upload).final()).text).toBe('few')
  })

  test('who reads in the next turn reads all of it', async () => {
    const running = await start((request, response) => {
      setImmediate(() => response.end(String(request.read())))
    })
    const client = await RawClient.connect(running)
    expect((await client.send(upload).final()).text).toBe(parts.join(''))
  })

  test('who listens anew behind each piece misses none', async () => {
    const running = await start(async (request, response) => {
      let text = ''
      while (text.length < 20) text += String((await once(request, 'data'))[0])
      response.end(text)
    })
    const client = await RawClient.connect(running)
    client.send(`${head({ chunked: true })}${chunks(...parts.slice(0, 20))}`)
    expect((await client.final()).text).toBe(parts.slice(0, 20).join(''))
  })
})

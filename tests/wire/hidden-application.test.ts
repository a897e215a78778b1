// Law 5: an application that one server shows and another hides has its limit on both, from the first request.
import http from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { expectation } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { chunks, head } from '../support/request.js'
import { serve } from '../support/server.js'

test.each([1000, 10])(
  'law 5 (RFC 9110 15.5.14): 20 bytes, whole in a segment, limit %i',
  async (limit) => {
    const app = express()
      .use(async (_request, _response, next) => {
        // As a store of sessions does it: the content has come by then.
        await wait(5)
        next()
      })
      .use(expectation({ maxContentLength: limit }))
      .use((_request, response) => void response.send('read'))
    const shown = await serve(http.createServer(app))
    const hidden = await serve(http.createServer((request, response) => app(request, response)))
    for (const running of [shown, hidden, hidden]) {
      const client = await RawClient.connect(running)
      client.send(`${head({ chunked: true })}${chunks('0123456789', '0123456789')}`)
      expect((await client.answer()).status).toBe(limit < 20 ? 413 : 200)
      client.destroy()
    }
  },
)

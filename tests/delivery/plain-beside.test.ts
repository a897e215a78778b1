// Law 0, decision 0009: a server without a gate stays as Node leaves it, in a process where another has one.
import http from 'node:http'
import { expectation } from '@expectation/express'
import express from 'express'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { serve } from '../support/server.js'

test('a plain server that is asked first is let go when the gate is found on another', async () => {
  const plain = await serve(http.createServer((_request, response) => void response.end('plain')))
  const gated = await serve(express().use(expectation({ maxContentLength: 1 })))
  const odd = head({ expect: 'something-else', length: 0 })
  // Nothing shows yet where the gate is: until then the plain server may hold it.
  const early = await RawClient.connect(plain)
  early.send(odd)
  await early.final()
  const refused = await RawClient.connect(gated)
  refused.send(asking({ length: 5 }))
  expect((await refused.final()).status).toBe(413)
  const late = await RawClient.connect(plain)
  late.send(odd)
  expect((await late.final()).status).toBe(417)
  const asks = await RawClient.connect(plain)
  asks.send(asking({ length: 5 }))
  await asks.continue()
})

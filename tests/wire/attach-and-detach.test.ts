// What `attach` takes for a server, and that `detach` gives the server back, also where somebody has wrapped
// `emit` behind it, as tracing does.
import http from 'node:http'
import { OptionError } from '@expectation/core'
import { attach, detach } from '@expectation/core/node'
import express from 'express'
import Koa from 'koa'
import { RawClient } from '../support/raw-client.js'
import { asking } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()

test.each([
  ['an application of Express', express()],
  ['an application of Koa', new Koa()],
  ['a class', http.Server],
  ['nothing', undefined],
])('%s is no server: a wrong option, and not a gate that no request meets', (_what, given) => {
  const wrong = () => attach(given as unknown as http.Server, { maxContentLength: 4 })
  expect(wrong).toThrow(OptionError)
  expect(wrong).toThrow(/app\.listen\(\)/)
})

test('detach behind a wrapper of emit: nothing decides, and Node alone answers the expectation', async () => {
  const server = http.createServer((request, response) => {
    request.on('data', () => undefined).on('end', () => response.end('plain'))
  })
  attach(server, { maxContentLength: 4 })
  const guarded = server.emit
  server.emit = function traced(this: unknown, ...event: unknown[]) {
    return Reflect.apply(guarded, server, event)
  } as typeof server.emit
  detach(server)
  const client = await RawClient.connect(await serve(server))
  await client.send(asking({ length: 5 })).continue()
  // A second 100 would be an interim response here.
  expect((await client.send('hello').final()).text).toBe('plain')
})

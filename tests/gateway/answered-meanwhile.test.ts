// Somebody else answers while a callback of the gateway is asked, as a timeout of the application does.

import http, { type ServerResponse } from 'node:http'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { serve } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'

forbidStrayErrors()
keepConsoleErrors()

async function client(answer: (response: ServerResponse) => void): Promise<RawClient> {
  const server = http.createServer((request, response) => {
    const upstreams = () => {
      answer(response)
      throw new Error('no database')
    }
    gateway({ upstreams })(request, response)
  })
  attach(server, {})
  return RawClient.connect(await serve(server))
}

const whole = 'x'.repeat(1_000_000)

test('a whole answer arrives whole', async () => {
  const connection = await client((response) => response.end(whole))
  const { status, text } = await connection.send(head({ method: 'GET' })).final()
  expect(status).toBe(200)
  expect(text).toBe(whole)
})

test('half an answer does not look whole', async () => {
  const connection = await client((response) => void response.write('half'))
  const seen = await connection.send(head({ method: 'GET' })).over()
  expect(seen).toContain('half')
  expect(seen).not.toContain('\r\n0\r\n')
})

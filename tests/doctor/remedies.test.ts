// What a report tells to do of a chain of which more than one says who it is.

import http from 'node:http'
import { doctor } from '@expectation/doctor'
import { serve } from '../support/server.js'

jest.setTimeout(30_000)

const GATED = JSON.stringify({ error: { code: 404, reason: 'not_found', message: 'Not Found' } })

/** Takes the whole upload in, then answers as nginx does for what is behind it. */
async function remedyOf(body: string): Promise<string> {
  const server = http.createServer((request, response) => {
    const fields = { Server: 'nginx', 'X-Powered-By': 'Express' }
    request.resume().on('end', () => response.writeHead(404, fields).end(body))
  })
  const { findings } = await doctor((await serve(server)).url, { timeoutMs: 1_500 })
  return findings.find(({ id }) => id === 'D102')?.remedy ?? ''
}

test('nginx before a framework without the gate: both have to be changed', async () => {
  const remedy = await remedyOf('no')
  expect(remedy).toContain('Set proxy_request_buffering off')
  expect(remedy).toContain('Mount the gate')
})

test('nginx before the gate: it is not to be mounted again', async () => {
  const remedy = await remedyOf(GATED)
  expect(remedy).toContain('Set proxy_request_buffering off')
  expect(remedy).not.toContain('Mount the gate')
})

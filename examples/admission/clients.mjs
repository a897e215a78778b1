// Clients that upload again and again. They ask with 100-continue, and send nothing when they are refused.
import http from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** @returns The tally of all of them, which goes on changing until `signal` aborts. */
export function clients(count, portsNow, signal) {
  const tally = { done: 0, refused: 0, broken: 0, sent: 0, spared: 0 }
  for (let number = 0; number < count; number += 1) void client(number)
  return tally

  async function client(number) {
    while (!signal.aborted) {
      const ports = portsNow()
      const bytes = 100_000 + Math.floor(Math.random() * 900_000)
      const port = ports[Math.floor(Math.random() * ports.length)]
      const end = port === undefined ? 'broken' : await upload(port, bytes, `tenant-${number % 5}`)
      tally[end] += 1
      if (end === 'refused') tally.spared += bytes
      // A second instead of what Retry-After says: the example is short.
      await sleep(end === 'done' ? 100 : 500 + Math.random() * 1000)
    }
  }

  function upload(port, bytes, tenant) {
    return new Promise((resolve) => {
      const headers = { Expect: '100-continue', 'Content-Length': bytes, 'X-Tenant': tenant }
      const request = http.request({ port, method: 'PUT', path: '/files/a', headers, signal })
      request.on('continue', async () => {
        for (let sent = 0; sent < bytes && !request.destroyed; sent += 50_000) {
          const part = Math.min(50_000, bytes - sent)
          request.write(Buffer.alloc(part))
          tally.sent += part
          await sleep(60)
        }
        request.end()
      })
      request.on('response', (response) => {
        resolve(response.statusCode === 201 ? 'done' : 'refused')
        response.resume()
        response.on('close', () => request.destroy())
      })
      request.on('error', () => resolve('broken'))
      request.on('close', () => resolve('broken'))
      request.flushHeaders()
    })
  }
}

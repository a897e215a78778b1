// What every Node harness needs: calls counted by Conformance-Id, the answer of a route that reads,
// and a port on loopback, printed as a line of its own.
import { createHash } from 'node:crypto'

export const LIMIT = 1000
export const SLOW_MS = 200

const calls = new Map()

/** One more call for the id of this request; `id` may be undefined. */
export function count(id) {
  if (typeof id === 'string') calls.set(id, (calls.get(id) ?? 0) + 1)
}

export const countOf = (id) => calls.get(id) ?? 0

export function told(content) {
  return { length: content.length, sha256: createHash('sha256').update(content).digest('hex') }
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** Reads the whole of a request of node:http. */
export async function contentOf(request) {
  const parts = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

/** An error with a status, as http-errors makes them. */
export function refusal(status, headers = {}) {
  return Object.assign(new Error('refused'), { status, statusCode: status, expose: true, headers })
}

export function listen(server) {
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    console.log(server.address().port)
  })
}

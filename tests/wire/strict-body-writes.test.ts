// Servers that throw at content that a response must not have (`rejectNonStandardBodyWrites` of `node:http`).
import { once } from 'node:events'
import http from 'node:http'
import { attach } from '@expectation/core/node'
import { errorHandler, expectation } from '@expectation/express'
import express from 'express'
import { serve } from '../support/server.js'
import { contentOf } from '../support/uploads.js'

const strict = { rejectNonStandardBodyWrites: true }
const app = express().use(expectation()).use(errorHandler())

test.each([
  ['Express: 404', () => http.createServer(strict, app), {}, 404],
  ['attach: 417', () => attach(http.createServer(strict), {}), { Expect: 'other' }, 417],
] as const)(
  'RFC 9110 9.3.2 MUST NOT: an error to HEAD has no content: %s',
  async (_name, serverOf, headers, status) => {
    const { url } = await serve(serverOf())
    const request = http.request(url, { method: 'HEAD', headers, agent: false }).end()
    const [response] = await once(request, 'response')
    expect(response.statusCode).toBe(status)
    expect(Number(response.headers['content-length'])).toBeGreaterThan(0)
    expect(await contentOf(response)).toBe('')
  },
)

// Whose words an answer has: those of the gate are known in each shape that it writes, and others that look
// alike are not taken for them.

import http from 'node:http'
import { doctor, type Report } from '@expectation/doctor'
import { type ErrorHandlerOptions, errorHandler, expectation } from '@expectation/express'
import express from 'express'
import { serve } from '../support/server.js'

jest.setTimeout(30_000)

const shapes: readonly (readonly [string, ErrorHandlerOptions, string])[] = [
  ['error', {}, '*/*'],
  ['flat', { format: 'flat' }, '*/*'],
  ['problem', { format: 'problem' }, '*/*'],
  ['page', {}, 'text/html'],
]

test.each(shapes)(
  'the gate, %s: its 417 and its 413 are known',
  async (_shape, options, Accept) => {
    const app = express()
    app.use(expectation({ maxContentLength: '1mb' }))
    app.use(errorHandler(options))
    const { url } = await serve(app)
    const { facts, findings, software } = await doctor(url, { headers: { Accept } })
    expect(facts).toMatchObject({ 'unknown.words': 'expectation', 'huge.words': 'expectation' })
    expect(facts).toMatchObject({ 'unknown.status': 417, 'huge.status': 413 })
    expect(software).toContain('expectation')
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['D404', 'D904']))
  },
)

const others: readonly (readonly [string, (status: number) => object | string])[] = [
  ['RFC 6749 section 5.2', () => ({ error: 'invalid_request' })],
  ['a word and a sentence', () => ({ error: 'not_found', message: 'No such file.' })],
  ['a reason of the catalogue alone', () => ({ error: 'unsupported_expectation' })],
  ['a reason beside it', (status) => ({ status, reason: 'expectation_failed' })],
  ['an error with a code', (code) => ({ error: { code, message: 'no', status: 'NOT_FOUND' } })],
  ['another code', () => ({ error: { code: 7, reason: 'not_found', message: 'no' } })],
  ['RFC 9457', (status) => ({ type: 'about:blank', title: 'no', status, reason: 'not_found' })],
  ['no object', () => '[{"error":{"code":417,"reason":"a","message":"b"}}]'],
  ['a page', () => '<p>Use <code>not_found</code>, or "reason":"not_found".</p>'],
  ['half of JSON', () => '{"error":{"code":417,"reason":"not_found","message":"'],
]

test.each(others)('%s: words of others', async (_what, body) => {
  const server = http.createServer()
  const answer = (status: number, response: http.ServerResponse): void => {
    const text = body(status)
    response.writeHead(status, { Connection: 'close' })
    response.end(typeof text === 'string' ? text : JSON.stringify(text))
  }
  const refuse = (request: http.IncomingMessage, response: http.ServerResponse): void =>
    answer(Number(request.headers['content-length']) > 1e9 ? 413 : 404, response)
  server.on('request', refuse)
  server.on('checkContinue', refuse)
  server.on('checkExpectation', (_request, response) => answer(417, response))
  const { url } = await serve(server)
  const { facts, findings, software }: Report = await doctor(url, { timeoutMs: 1_000 })
  expect(facts).toMatchObject({ 'unknown.words': 'other', 'huge.words': 'other' })
  expect(software).not.toContain('expectation')
  expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['D403', 'D901']))
})

// The client most people have: what curl uploads, and what it shows, with a file of 20 MB.
import { execFile, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { errorHandler, expectation, Refusal } from '@expectation/express'
import express, { type Express } from 'express'
import { keepConsoleErrors } from '../support/console.js'
import { type Running, serve } from '../support/server.js'
import { testWhen } from '../support/skip.js'

keepConsoleErrors()

const hasCurl = spawnSync('curl', ['--version']).status === 0
const curlTest = testWhen(hasCurl, 'curl is not installed')

const folder = mkdtempSync(path.join(tmpdir(), 'expectation-curl-'))
const file = path.join(folder, 'video.mp4')
const content = randomBytes(20_000_000)
const sha256 = createHash('sha256').update(content).digest('hex')
beforeAll(() => writeFileSync(file, content))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function application(handler: 'errorHandler' | 'none'): Express {
  const app = express()
  app.use(expectation({ maxContentLength: '50mb' }))
  app.use('/api', express.json())
  app.use('/files', (req, _res, next) => {
    if (req.headers.authorization !== 'Bearer right') {
      throw new Refusal(401, { headers: { 'WWW-Authenticate': 'Bearer' } })
    }
    next()
  })
  app.put('/files/:name', expectation({ acceptedTypes: ['video/*'] }), async (req, res) => {
    const hash = createHash('sha256')
    await pipeline(req, hash)
    res.status(201).json({ sha256: hash.digest('hex') })
  })
  app.put('/small/:name', expectation({ maxContentLength: '1mb' }))
  app.put('/broken/:name', () => {
    throw new Error('private words')
  })
  if (handler === 'errorHandler') app.use(errorHandler())
  return app
}

interface Result {
  readonly status: number
  readonly uploaded: number
  readonly body: string
  readonly trace: string
}

const run = promisify(execFile)

async function curl(to: Running, target: string, ...more: readonly string[]): Promise<Result> {
  const { stdout, stderr } = await run(
    'curl',
    [
      ...['-sS', '-v', '--noproxy', '*', '--max-time', '10', '-T', file],
      ...['-w', '\n%{http_code} %{size_upload}'],
      ...more,
      to.url + target,
    ],
    { timeout: 15_000 },
  )
  const last = stdout.lastIndexOf('\n')
  const [status, uploaded] = stdout.slice(last + 1).split(' ')
  return {
    status: Number(status),
    uploaded: Number(uploaded),
    body: stdout.slice(0, last),
    trace: stderr.replaceAll('\r', ''),
  }
}

const hundreds = (trace: string): number =>
  trace.match(/^< HTTP\/1\.1 100 Continue$/gm)?.length ?? 0

const token = ['-H', 'Authorization: Bearer right']
const video = ['-H', 'Content-Type: video/mp4']

describe('curl with a file of 20 MB', () => {
  curlTest(
    'R16 MUST (RFC 9110 10.1.1): accepted: one 100 Continue, all bytes, same checksum',
    async () => {
      const running = await serve(application('errorHandler'))
      const result = await curl(running, '/files/v.mp4', ...token, ...video)
      expect(result.status).toBe(201)
      expect(result.uploaded).toBe(content.length)
      expect(JSON.parse(result.body)).toEqual({ sha256 })
      expect(hundreds(result.trace)).toBe(1)
    },
  )

  curlTest('R16 MUST (RFC 9110 10.1.1): accepted without Expect: no 100, same bytes', async () => {
    const running = await serve(application('errorHandler'))
    const result = await curl(running, '/files/v.mp4', ...token, ...video, '-H', 'Expect:')
    expect(result.status).toBe(201)
    expect(JSON.parse(result.body)).toEqual({ sha256 })
    expect(hundreds(result.trace)).toBe(0)
  })

  curlTest('chunked: accepted with one 100 Continue and the same checksum', async () => {
    const running = await serve(application('errorHandler'))
    const chunked = ['-H', 'Transfer-Encoding: chunked']
    const result = await curl(running, '/files/v.mp4', ...token, ...video, ...chunked)
    expect(JSON.parse(result.body)).toEqual({ sha256 })
    expect(hundreds(result.trace)).toBe(1)
  })

  interface Case {
    readonly shown: string
    readonly target: string
    readonly args: readonly string[]
    readonly status: number
    readonly reason: string
    readonly field?: RegExp
    /** Express answers by itself, in HTML, when no errorHandler is mounted. */
    readonly byExpress?: true
    /** curl waits only for an expectation that it knows; else it fills the kernel's buffers at once. */
    readonly doesNotWait?: true
  }
  const cases: readonly Case[] = [
    {
      shown: 'no token',
      target: '/files/v.mp4',
      args: video,
      status: 401,
      reason: 'unauthorized',
      field: /^< WWW-Authenticate: Bearer$/im,
      byExpress: true,
    },
    {
      shown: 'too large',
      target: '/small/v.mp4',
      args: [],
      status: 413,
      reason: 'content_too_large',
    },
    {
      shown: 'wrong type',
      target: '/files/v.mp4',
      args: [...token, '-H', 'Content-Type: text/plain'],
      status: 415,
      reason: 'unsupported_media_type',
      field: /^< Accept: video\/\*$/im,
    },
    {
      shown: 'unknown route',
      target: '/nowhere',
      args: [],
      status: 404,
      reason: 'not_found',
      byExpress: true,
    },
    {
      shown: 'thrown before reading',
      target: '/broken/v.mp4',
      args: [],
      status: 500,
      reason: 'internal_error',
      byExpress: true,
    },
    {
      shown: 'unknown expectation',
      target: '/files/v.mp4',
      args: [...token, ...video, '-H', 'Expect: something-else'],
      status: 417,
      reason: 'unsupported_expectation',
      doesNotWait: true,
    },
    {
      shown: 'unknown expectation beside 100-continue',
      target: '/files/v.mp4',
      args: [...token, ...video, '-H', 'Expect: 100-continue, something-else'],
      status: 417,
      reason: 'unsupported_expectation',
    },
    {
      shown: "express.json()'s limit",
      target: '/api/things',
      args: ['-H', 'Content-Type: application/json'],
      status: 413,
      reason: 'content_too_large',
      byExpress: true,
    },
  ]

  for (const handler of ['errorHandler', 'none'] as const) {
    for (const { shown, target, args, status, reason, ...rest } of cases) {
      curlTest(`R16 MUST (RFC 9110 10.1.1): ${shown}, ${handler}: ${status}, no 100`, async () => {
        const { field, byExpress, doesNotWait } = rest
        const running = await serve(application(handler))
        const result = await curl(running, target, ...args)
        expect(result.status).toBe(status)
        expect(hundreds(result.trace)).toBe(0)
        expect(result.trace).toMatch(/^< Connection: close$/im)
        if (!doesNotWait) expect(result.uploaded).toBe(0)
        else expect(result.uploaded).toBeLessThan(content.length)
        if (handler === 'none' && byExpress) return
        expect(result.trace).toMatch(/^< Cache-Control: no-store$/im)
        expect(JSON.parse(result.body)).toMatchObject({ error: { code: status, reason } })
        if (field !== undefined) expect(result.trace).toMatch(field)
      })
    }
  }

  for (const { shown, target, args, status, reason } of cases) {
    if (reason === 'unsupported_expectation') continue
    curlTest(
      `law 1 (RFC 9110 10.1.1): ${shown}, without Expect: the same ${status} and body`,
      async () => {
        const running = await serve(application('errorHandler'))
        const asked = await curl(running, target, ...args)
        const unasked = await curl(running, target, ...args, '-H', 'Expect:')
        expect(unasked.status).toBe(status)
        expect(unasked.body).toBe(asked.body)
      },
    )
  }

  curlTest('law 2: two uploads of one curl use one connection when both are taken', async () => {
    const running = await serve(application('errorHandler'))
    const again = [`${running.url}/files/w.mp4`, '-T', file]
    const result = await curl(running, '/files/v.mp4', ...token, ...video, ...again)
    expect(hundreds(result.trace)).toBe(2)
    expect(result.trace).toMatch(/Re-using existing connection/)
  })
})

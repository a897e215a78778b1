// RFC 9110 10.1.1, 10.2.3, 15.5.18: until content was read anything may be repeated, after that only what
// can be had again and may be done twice. By real sockets, case by case.
import { type UploadOptions, type UploadResponse, upload } from '@expectation/client'
import { within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { answer, counting, dieMidway, hangUp, type Step, scripted, take } from './upload-server.js'

forbidStrayErrors()

const SIZE = 1_000_000
const CONTENT = Buffer.alloc(SIZE, 1)
const quick = { minDelayMs: 1, maxDelayMs: 2_000 }

interface Case {
  readonly steps: readonly Step[]
  readonly options?: UploadOptions
  readonly status: number
  readonly attempts: number
}

const soon = { 'Retry-After': '0' }
const authorize = (): { Authorization: string } => ({ Authorization: 'Bearer token' })

/** A stream of which nothing was read is repeated, whatever the method. */
const oneShot: Readonly<Record<string, Case>> = {
  'PUT: 503, 429, 201': {
    steps: [answer(503, soon), answer(429, soon), take()],
    status: 201,
    attempts: 3,
  },
  'POST: 503': {
    steps: [answer(503, soon), take()],
    options: { method: 'POST' },
    status: 201,
    attempts: 2,
  },
  'POST: 503 without Retry-After': {
    steps: [answer(503), take()],
    options: { method: 'POST' },
    status: 201,
    attempts: 2,
  },
  'POST: 307': {
    steps: [answer(307, { Location: '/elsewhere' }), take()],
    options: { method: 'POST' },
    status: 201,
    attempts: 2,
  },
  'PATCH: 308': {
    steps: [answer(308, { Location: '/elsewhere' }), take()],
    options: { method: 'PATCH' },
    status: 201,
    attempts: 2,
  },
  'POST: 401 and a token': {
    steps: [answer(401), take()],
    options: { method: 'POST', authorize },
    status: 201,
    attempts: 2,
  },
  'POST: 417, and the connection closes': {
    steps: [answer(417), take()],
    options: { method: 'POST' },
    status: 201,
    attempts: 2,
  },
  'POST: the server hangs up before the verdict': {
    steps: [hangUp, take()],
    options: { method: 'POST' },
    status: 201,
    attempts: 2,
  },
}

describe('a stream of which nothing was read', () => {
  test.each(Object.keys(oneShot))('%s', async (name) => {
    const { steps, options, status, attempts } = oneShot[name] as Case
    const { url, seen } = await scripted(...steps)
    const { stream } = counting(SIZE)
    const response = await within(
      'an answer',
      upload(url, { retry: quick, ...options, body: stream, contentLength: SIZE }),
      5_000,
    )
    expect(response.status).toBe(status)
    expect(await response.text()).toBe(`${SIZE}\n`)
    expect(seen.map(({ bytes }) => bytes)).toEqual([...Array(attempts - 1).fill(0), SIZE])
    expect(response.upload.sentBytes).toBe(SIZE)
    expect(response.upload.attempts).toHaveLength(attempts)
  })
})

const again: Readonly<Record<string, Case>> = {
  'PUT, dies midway, twice': { steps: [dieMidway, dieMidway, take()], status: 201, attempts: 3 },
  'POST with Idempotency-Key, dies midway': {
    steps: [dieMidway, take()],
    options: { method: 'POST', headers: { 'Idempotency-Key': '1' } },
    status: 201,
    attempts: 2,
  },
  'not asked: POST, 307': {
    steps: [answer(307, { Location: '/elsewhere' }), take()],
    options: { method: 'POST', expect: false },
    status: 201,
    attempts: 2,
  },
  '413 is not repeated': { steps: [answer(413)], status: 413, attempts: 1 },
  '401 without authorize is not repeated': { steps: [answer(401)], status: 401, attempts: 1 },
  '401 again after authorize is given back': {
    steps: [answer(401)],
    options: { authorize },
    status: 401,
    attempts: 2,
  },
  'authorize gives nothing': {
    steps: [answer(401)],
    options: { authorize: () => undefined },
    status: 401,
    attempts: 1,
  },
  '404 is not repeated': { steps: [answer(404)], status: 404, attempts: 1 },
  '302 is an answer': {
    steps: [answer(302, { Location: '/elsewhere' })],
    status: 302,
    attempts: 1,
  },
  'the fourth redirect of three is given back': {
    steps: [answer(307, { Location: '/elsewhere' })],
    options: { redirects: 3 },
    status: 307,
    attempts: 4,
  },
  'a redirect to another scheme is given back': {
    steps: [answer(307, { Location: 'ftp://example.com/' })],
    status: 307,
    attempts: 1,
  },
  '503 for ever: five attempts': { steps: [answer(503, soon)], status: 503, attempts: 5 },
  '503, retry: false': {
    steps: [answer(503, soon)],
    options: { retry: false },
    status: 503,
    attempts: 1,
  },
  'Retry-After beyond maxDelayMs is given back': {
    steps: [answer(503, { 'Retry-After': '3600' })],
    status: 503,
    attempts: 1,
  },
  'Retry-After as a date of the past': {
    steps: [answer(503, { 'Retry-After': 'Sun, 06 Nov 1994 08:49:37 GMT' }), take()],
    status: 201,
    attempts: 2,
  },
  'Retry-After as a date far ahead is given back': {
    steps: [answer(503, { 'Retry-After': 'Sun, 06 Nov 2094 08:49:37 GMT' }), take()],
    status: 503,
    attempts: 1,
  },
  'retryOn of one’s own': {
    steps: [answer(409), take()],
    options: { retryOn: [409] },
    status: 201,
    attempts: 2,
  },
}

describe('bytes in memory', () => {
  test.each(Object.keys(again))('%s', async (name) => {
    const { steps, options, status, attempts } = again[name] as Case
    const { url, seen } = await scripted(...steps)
    const response = await within(
      'an answer',
      upload(url, { retry: quick, ...options, body: CONTENT }),
      5_000,
    )
    expect(response.status).toBe(status)
    expect(seen).toHaveLength(attempts)
    expect(response.upload.attempts).toHaveLength(attempts)
    expect(response.upload.attempts.at(-1)?.status).toBe(status)
    await response.text()
  })
})

function failing(url: string, options: UploadOptions): Promise<unknown> {
  const uploaded: Promise<UploadResponse> = upload(url, { retry: quick, ...options })
  return within(
    'an error',
    uploaded.then(
      ({ status }) => Promise.reject(new Error(`answered ${status}`)),
      (error: unknown) => error,
    ),
    5_000,
  )
}

describe('what is not repeated', () => {
  test('a stream that was read from: content_spent', async () => {
    const { url, seen } = await scripted(dieMidway, take())
    const { stream } = counting(SIZE)
    expect(await failing(url, { body: stream, contentLength: SIZE })).toMatchObject({
      name: 'UploadError',
      code: 'content_spent',
      cause: { code: 'ECONNRESET' },
      upload: { attempts: [{ error: 'connection_lost', asked: true, verdict: 'continue' }] },
    })
    expect(seen).toHaveLength(1)
    expect(stream.destroyed).toBe(true)
  })

  test('POST of bytes without Idempotency-Key: connection_lost', async () => {
    const { url, seen } = await scripted(dieMidway, take())
    expect(await failing(url, { method: 'POST', body: CONTENT })).toMatchObject({
      code: 'connection_lost',
      cause: { code: 'ECONNRESET' },
    })
    expect(seen).toHaveLength(1)
  })

  test('nobody listens: as often as told, then refused_connection', async () => {
    const { url, server } = await scripted(take())
    await new Promise((resolve) => server.close(resolve))
    const { stream, reads } = counting(SIZE)
    expect(await failing(url, { method: 'POST', body: stream })).toMatchObject({
      code: 'refused_connection',
      cause: { code: 'ECONNREFUSED' },
      upload: { attempts: { length: 5 }, sentBytes: 0 },
    })
    expect(reads()).toBe(0)
  })
})

test('credentials do not leave their origin', async () => {
  const other = await scripted(take())
  const { url, seen } = await scripted(answer(307, { Location: `${other.url}/elsewhere` }))
  const headers = { Authorization: 'Bearer secret', Cookie: 'a=b', 'X-Kept': 'yes' }
  const response = await upload(url, { body: CONTENT, headers })
  expect(response).toMatchObject({ status: 201, redirected: true, url: `${other.url}/elsewhere` })
  expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer secret', cookie: 'a=b' })
  expect(other.seen[0]?.headers).toMatchObject({ 'x-kept': 'yes' })
  expect(other.seen[0]?.headers).not.toHaveProperty('authorization')
  expect(other.seen[0]?.headers).not.toHaveProperty('cookie')
})

test('authorize sees the answer, and its fields take the place of the old ones', async () => {
  const { url, seen } = await scripted(answer(401, { 'WWW-Authenticate': 'Bearer' }), take())
  const response = await upload(url, {
    body: CONTENT,
    headers: { authorization: 'Bearer old' },
    authorize: async (refused) => {
      expect(refused.headers.get('www-authenticate')).toBe('Bearer')
      expect(await refused.text()).toBe('401\n')
      return new Headers({ Authorization: 'Bearer new' })
    },
  })
  expect(response.status).toBe(201)
  expect(seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer old', 'Bearer new'])
})

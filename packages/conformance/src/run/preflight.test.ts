// What a run asks before its first case, over HTTP/1.1 and HTTP/2, and the sentences that it ends with.
import net from 'node:net'
import { startHttp2Model } from '../broken/http2-server.js'
import { listening, type ModelServer } from '../broken/listening.js'
import { modelRoutes } from '../broken/roles.js'
import { startModel } from '../broken/server.js'
import { PreflightError } from './preflight-error.js'
import { type Routes, readRoutes } from './routes.js'
import { run } from './run.js'

type Protocol = 'http1' | 'http2'

/** The sentence that the run ends with, and its code. */
async function endOf(url: string, protocol: Protocol, routes: Routes = modelRoutes) {
  const versions = { http1: protocol === 'http1', http2: protocol === 'http2' }
  const only = ['http2/plain', 'timing/bare']
  return run({ url, routes, only, ...versions }).then(
    () => 'no error',
    (error: unknown) =>
      error instanceof PreflightError ? `${error.code}: ${error.message}` : error,
  )
}

async function on<T>(model: ModelServer, work: (url: string) => Promise<T>): Promise<T> {
  try {
    return await work(model.url)
  } finally {
    await model.close()
  }
}

interface Peer extends ModelServer {
  /** Its first client has left. */
  readonly left: Promise<void>
}

/** Takes connections, and says this to the first bytes, if anything. */
async function saying(bytes?: string): Promise<Peer> {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', () => bytes === undefined || socket.end(bytes))
    socket.on('close', () => server.emit('left'))
  })
  const left = new Promise<void>((resolve) => server.once('left', resolve))
  return { ...(await listening(server, new Set())), left }
}

test('HTTP/2: nobody listens, and who does not speak it', async () => {
  const gone = await saying()
  await gone.close()
  expect(await endOf(gone.url, 'http2')).toMatch(/^NO_SERVER: No server answers at .*ECONNREFUSED/)
  const spoken = await on(await startModel(), (url) => endOf(url, 'http2'))
  expect(spoken).toMatch(/^NOT_HTTP: \S+ does not answer in HTTP\/2: /)
})

test('law 11: a peer that says nothing is let go, so that the command ends', async () => {
  const peer = await saying()
  await on(peer, async (url) => {
    expect(await endOf(url, 'http2')).toMatch(/waited 3000 ms for a peer that speaks HTTP\/2/)
    await peer.left
  })
})

test.each<Protocol>(['http1', 'http2'])('TLS to a server that has none: %s', async (protocol) => {
  const plain = await saying('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  const ended = await on(plain, (url) => endOf(url.replace('http:', 'https:'), protocol))
  expect(ended).toMatch(
    /^NOT_HTTP: (\S+) does not speak TLS \(ERR_SSL_\w+\)\..* write http:\/\/\1$/,
  )
})

const wrong: readonly (readonly [string, object, string])[] = [
  ['limit', { limit: 'POST /limit 500' }, '200, not a refusal (501 bytes)'],
  ['limit', { limit: 'POST /limit 1001' }, '413, not 2xx (1001 bytes)'],
  ['lengthRequired', { lengthRequired: 'POST /reads' }, '200, not 411 (content in chunks)'],
  ['upgrade', { upgrade: 'POST /reads' }, '200, not 101 (Upgrade: conformance)'],
]
test.each(wrong)('the role %s is asked: %j', async (_role, given, sentence) => {
  const routes = { ...modelRoutes, ...readRoutes(given) }
  const ended = await on(await startModel(), (url) => endOf(url, 'http1', routes))
  expect(ended).toContain(`without Expect it answered ${sentence}`)
})

test('a route that does not answer is named', async () => {
  const peer = await saying('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\nHTTP')
  const routes = readRoutes({ hello: 'GET /', reads: 'POST /x' })
  const ended = await on(peer, (url) => endOf(url, 'http1', routes))
  expect(ended).toMatch(/^WRONG_ROLE: POST \/x cannot play the role "reads": without Expect it/)
})

test.each([
  ['GET /hello', 'the role counts answered 200 "hello"'],
  ['GET /counts?id=nobody', 'it told 0 before, and 0 after it, not 0 and 1'],
])('counts that do not count are told: %s', async (counts, sentence) => {
  const routes = { ...modelRoutes, ...readRoutes({ counts }) }
  const ended = await on(await startModel(), (url) => endOf(url, 'http1', routes))
  expect(ended).toContain('cannot play the role "counts"')
  expect(ended).toContain(sentence)
})

test('HTTP/2: a wrong role ends the run', async () => {
  const routes = { ...modelRoutes, ...readRoutes({ reads: 'POST /refuses' }) }
  const ended = await on(await startHttp2Model(), (url) => endOf(url, 'http2', routes))
  expect(ended).toBe(
    'WRONG_ROLE: POST /refuses cannot play the role "reads": without Expect it answered 401, not 2xx',
  )
})

test.each<[Protocol, number]>([
  ['http1', 2],
  ['http2', 1],
])('%s: a route with a limit is not blamed for what it does not take', async (protocol, count) => {
  const model = await (protocol === 'http1' ? startModel() : startHttp2Model())
  const routes = { ...modelRoutes, reads: { method: 'POST', target: '/limit' } }
  const versions = { http1: protocol === 'http1', http2: protocol === 'http2' }
  const { results } = await on(model, (url) => run({ url, routes, only: ['/large'], ...versions }))
  expect(results.length).toBe(count)
  for (const { verdict, reason } of results) {
    expect(verdict).toBe('not run')
    expect(reason).toMatch(
      /^POST \/limit answers 413 to \d+ bytes without Expect: raise its limit$/,
    )
  }
})

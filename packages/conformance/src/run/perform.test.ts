// Servers that differ from the usual within what RFC 9110 leaves open: nothing of it is a failed MUST.
import http from 'node:http'
import net from 'node:net'
import { NONE } from '../broken/defects.js'
import { listening, type ModelServer } from '../broken/listening.js'
import { modelRoutes } from '../broken/roles.js'
import { startModel } from '../broken/server.js'
import { cases } from '../cases/index.js'
import { readAddress } from '../wire/address.js'
import { runCases } from './run.js'

/** Nothing here counts what reaches its routes. */
const { counts: _counts, ...routes } = modelRoutes

async function verdictsOn(server: net.Server, words: readonly string[]) {
  const model: ModelServer = await listening(server, new Set())
  try {
    const chosen = cases.filter(
      ({ id, protocol }) => protocol === 'http/1.1' && words.some((word) => id.startsWith(word)),
    )
    expect(chosen.length).toBeGreaterThan(0)
    return await runCases(chosen, readAddress(model.url), { routes })
  } finally {
    await model.close()
  }
}

/** Answers each connection with these bytes, after its head, its content and the end of its client. */
function speaking(first: string, then = '', last = ''): net.Server {
  return net.createServer({ allowHalfOpen: true }, (socket) => {
    let seen = ''
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const before = seen.includes('\r\n\r\n')
      seen += bytes.toString('latin1')
      if (seen.startsWith('GET /hello')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
      else if (before) socket.write(then)
      else if (seen.includes('\r\n\r\n')) socket.write(first)
    })
    socket.on('end', () => socket.end(last))
  })
}

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n'

test('RFC 9110 10.1.1: a server that answers every 100-continue with 417 fails no MUST', async () => {
  const server = http.createServer((req, res) => {
    req.resume().on('end', () => res.end('hello'))
  })
  server.on('checkContinue', (_req, res) => {
    res.writeHead(417, { Connection: 'close' }).end()
  })
  const results = await verdictsOn(server, [
    'recognition/plain',
    'timing/',
    'already-there/at-once',
  ])
  const failed = results.filter(({ verdict, level }) => verdict === 'fail' && level === 'MUST')
  expect(failed).toEqual([])
  expect(results.find(({ id }) => id === 'recognition/plain')).toMatchObject({
    verdict: 'not run',
    reason: expect.stringContaining('answered with 417'),
  })
}, 30_000)

test('RFC 9110 10.1.1: a 417 to one spelling of 100-continue only is wrong', async () => {
  const server = http.createServer((req, res) => {
    req.resume().on('end', () => res.end('{"length":5}'))
  })
  server.on('checkContinue', (req: http.IncomingMessage, res: http.ServerResponse) => {
    if (req.headers.expect !== '100-continue') {
      res.writeHead(417, { Connection: 'close' }).end()
      return
    }
    res.writeContinue()
    server.emit('request', req, res)
  })
  const results = await verdictsOn(server, ['recognition/upper-case'])
  expect(results).toMatchObject([{ verdict: 'fail', level: 'MUST' }])
})

test('RFC 9110 15.2: a second 100 before a refusal is no failure to refuse', async () => {
  const refusal = 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'
  const server = speaking(CONTINUE, CONTINUE, refusal)
  expect(await verdictsOn(server, ['already-there/cut-in-chunks'])).toMatchObject([
    { verdict: 'pass' },
  ])
})

test('RFC 9110 9.3.2: an answer to HEAD that closes behind a 100 is complete', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      socket.write(CONTINUE)
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n')
    })
  })
  expect(await verdictsOn(server, ['methods/head-unread'])).toMatchObject([{ verdict: 'pass' }])
})

test.each([426, 505])(
  'RFC 9110 15.5.22, 15.6.6: HTTP/1.0 may be refused with %d',
  async (status) => {
    const server = net.createServer((socket) => {
      socket.on('error', () => undefined)
      socket.once('data', () => {
        socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`)
      })
    })
    const results = await verdictsOn(server, ['versions/'])
    expect(results.length).toBeGreaterThan(8)
    for (const { verdict, reason } of results) {
      expect([verdict, reason]).toEqual(['not run', `HTTP/1.0 is answered with ${status}`])
    }
  },
)

test('RFC 9112 5.1: who answers 400 to a space before the colon may keep the connection', async () => {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      const status = bytes.includes('Expect :') ? '400 Bad Request' : '200 OK'
      socket.write(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`)
    })
  })
  expect(await verdictsOn(server, ['hostile/space-before-colon'])).toMatchObject([
    { verdict: 'pass' },
  ])
})

test('RFC 9112 9.6: who closes after each answer, and says so, fails no MUST', async () => {
  const model = await startModel({ ...NONE, afterAnswer: 'close' })
  try {
    const chosen = cases.filter(
      ({ level, protocol }) => protocol === 'http/1.1' && level === 'MUST',
    )
    const results = await runCases(chosen, readAddress(model.url), { routes: modelRoutes })
    expect(results.filter(({ verdict }) => verdict === 'fail')).toEqual([])
  } finally {
    await model.close()
  }
}, 60_000)

test('RFC 9110 10.1.1: what is refused when its content has come may be refused from the head', async () => {
  const server = http.createServer((req, res) => {
    req.resume().on('end', () => res.writeHead(422).end())
  })
  server.on('checkContinue', (_req, res) => {
    res.writeHead(422, { Connection: 'close' }).end()
  })
  expect(await verdictsOn(server, ['connection/kept-after-refusal-that-read'])).toMatchObject([
    { verdict: 'pass' },
  ])
})

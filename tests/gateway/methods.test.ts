// A method is what it is by its letters (RFC 9110 section 9.1): the one that is sent to an upstream is the one that
// was judged, and it decides what may be sent again (section 9.2.2) and what its answer has (section 9.3.2).
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { front } from './support/front.js'
import { http2Front } from './support/http2-front.js'
import { http2Upstream } from './support/http2-upstream.js'
import { answer, rawUpstream } from './support/raw-upstream.js'

forbidStrayErrors()
keepConsoleErrors()

/** Answers everything, and keeps the methods that came. */
async function upstream() {
  const methods: string[] = []
  const raw = await rawUpstream(async (connection) => {
    for (;;) {
      methods.push((await connection.head()).split(' ')[0] ?? '')
      connection.send(answer('200 OK', methods.at(-1) === 'HEAD' ? '' : 'done'))
    }
  })
  return { ...raw, methods }
}

const ODD = ['delete', 'Get', 'head', 'connect', 'pOST']

test.each(ODD)(
  '%s over HTTP/2 does not become another method at an upstream of HTTP/1',
  async (method) => {
    const { origin, methods } = await upstream()
    const { request } = await http2Front([origin])
    expect((await request({ ':method': method })).headers[':status']).toBe(501)
    expect(methods).toEqual([])
  },
)

test.each(ODD)(
  '%s goes on as it is to an upstream of HTTP/2, unless it is a tunnel',
  async (method) => {
    const seen: (string | undefined)[] = []
    const origin = await http2Upstream((stream, lines) => {
      seen.push(lines[lines.indexOf(':method') + 1])
      stream.respond({ ':status': 200 }, { endStream: true })
    })
    const { request } = await http2Front([origin], { http2: true })
    const isTunnel = method === 'connect'
    expect((await request({ ':method': method })).headers[':status']).toBe(isTunnel ? 501 : 200)
    expect(seen).toEqual(isTunnel ? [] : [method])
  },
)

describe('rewrite', () => {
  const to = (method: string) => ({
    rewrite: (given: { target: string; headers: object }) => ({ ...given, method }) as never,
  })

  test.each([
    ['HEAD', 500],
    ['connect', 500],
    ['CONNECT', 500],
    ['delete', 501],
  ])(
    'a GET that is made %s is told to whoever wrote it, and goes nowhere',
    async (method, status) => {
      const { origin, methods } = await upstream()
      const client = await RawClient.connect(await front([origin], to(method)))
      expect((await client.send(head({ method: 'GET' })).final()).status).toBe(status)
      expect(methods).toEqual([])
    },
  )

  test('a HEAD may stay one, or become a GET: no content either way', async () => {
    for (const method of ['HEAD', 'GET']) {
      const { origin, methods } = await upstream()
      const client = await RawClient.connect(await front([origin], to(method)))
      for (const _each of [1, 2]) {
        const got = await client.send(head({ method: 'HEAD' })).final({ method: 'HEAD' })
        expect([got.status, client.unread]).toEqual([200, ''])
      }
      expect(methods).toEqual([method, method])
    }
  })

  test.each([
    ['DELETE', 'POST', 1],
    ['PUT', 'POST', 1],
    ['POST', 'PUT', 2],
  ])('a %s that was sent as %s is repeated as that one is', async (method, sent, times) => {
    const heads: string[] = []
    const hangsUp = () =>
      rawUpstream(async (connection) => {
        heads.push((await connection.head()).split(' ')[0] ?? '')
        connection.reset()
      })
    const two = [await hangsUp(), await hangsUp()]
    const running = await front(
      two.map(({ origin }) => origin),
      to(sent),
    )
    const client = await RawClient.connect(running)
    expect((await client.send(head({ method, length: 0 })).final()).status).toBe(502)
    expect(heads).toEqual(Array.from({ length: times }, () => sent))
  })
})

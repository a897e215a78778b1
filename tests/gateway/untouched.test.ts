// RFC 9113 section 8.7: a request that an upstream has refused unseen, by REFUSED_STREAM or by a GOAWAY below its
// stream, is safe to send again, whatever its method. The first answers are those of the only upstream.
import { keepConsoleErrors } from '../support/console.js'
import { RawClient } from '../support/raw-client.js'
import { head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { data, fields, framesUpstream, goaway, reset } from './support/frames-upstream.js'
import { front } from './support/front.js'

forbidStrayErrors()
keepConsoleErrors()

const [NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM] = [0, 2, 7, 8, 11]
const ok = [fields({ ':status': '200' }, false), data('ok', true)]
const post = head({ method: 'POST' })

test.each([
  ['REFUSED_STREAM', [reset(REFUSED_STREAM)]],
  ['a GOAWAY below it', [goaway(0, NO_ERROR)]],
  ['a GOAWAY below it, for an error', [goaway(0, ENHANCE_YOUR_CALM)]],
])('a POST that met %s is sent again', async (_what, refused) => {
  const { origin, heads } = await framesUpstream(refused, ok)
  const client = await RawClient.connect(await front([origin], { http2: true }))
  expect((await client.send(post).final()).text).toBe('ok')
  expect(heads()).toBe(2)
})

test('on a kept session, too', async () => {
  const { origin, heads } = await framesUpstream(ok, [goaway(1, NO_ERROR)], ok)
  const client = await RawClient.connect(await front([origin], { http2: true }))
  expect((await client.send(post).final()).text).toBe('ok')
  expect((await client.send(post).final()).text).toBe('ok')
  expect(heads()).toBe(3)
})

test('it is sent to one upstream three times at most', async () => {
  const { origin, heads } = await framesUpstream([reset(REFUSED_STREAM)])
  const client = await RawClient.connect(await front([origin], { http2: true }))
  expect((await client.send(post).final()).status).toBe(502)
  expect(heads()).toBe(3)
})

test.each([
  ['a reset that says nothing', [reset(INTERNAL_ERROR)]],
  ['CANCEL', [reset(CANCEL)]],
  ['a GOAWAY that counts it among the seen, and a reset', [goaway(1, NO_ERROR), reset(CANCEL)]],
])('a POST that met %s may have been acted upon: 502', async (_what, frames) => {
  const { origin, heads } = await framesUpstream(frames, ok)
  const client = await RawClient.connect(await front([origin], { http2: true }))
  expect((await client.send(post).final()).status).toBe(502)
  expect(heads()).toBe(1)
})

test('content that was read is not sent again, and what was kept of it is', async () => {
  for (const [replayBytes, status] of [
    [0, 502],
    ['1kb', 200],
  ] as const) {
    const { origin } = await framesUpstream([reset(REFUSED_STREAM)], ok)
    const options = { http2: true, ask: 'never', replayBytes } as const
    const client = await RawClient.connect(await front([origin], options))
    client.send(`${head({ method: 'POST', length: 5 })}hello`)
    expect((await client.final()).status).toBe(status)
  }
})

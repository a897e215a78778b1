// HTTP/1: requests on which an expectation means little or nothing, HTTP/1.0 and those without content;
// and answers in the order of their requests (R29).
import { checkBody, stillUsable } from '../../support/refusal.js'
import { asking, head } from '../../support/request.js'
import { latch } from '../../support/server.js'
import { contentOf, echo } from './actions.js'
import type { Action } from './adapter.js'
import { type Open, opener } from './disposition.js'
import type { Stage } from './stage.js'

export function versions(on: Stage): void {
  const open = opener(on)
  http10(on, open)
  noContent(on, open)
  ordered(on, open)
}

function http10(on: Stage, open: Open): void {
  const old = { version: '1.0', length: 5 } as const
  for (const [value, ...lines] of [
    ['100-continue'],
    ['100-continue', 'Connection: keep-alive'],
    ['something-else'],
    ['y 100-continue'],
    ['100-continue, foo'],
  ] as const) {
    const shown = [value, ...lines].join(', ')
    test(`R11 MUST, R12 MUST NOT (RFC 9110 10.1.1, 15.2): Expect: ${shown} in HTTP/1.0 is ignored`, async () => {
      const client = await open((await on.run({ gate: {}, save: echo })).port)
      client.send(head({ ...old, expect: value, lines }))
      await client.quiet(30)
      const response = await client.send('12345').final()
      expect(response.status).toBe(200)
      expect(response.json()).toEqual({ content: '12345' })
    })
  }

  test('law 1: a limit holds for HTTP/1.0 too', async () => {
    const client = await open((await on.run({ gate: { maxContentLength: 4 }, save: echo })).port)
    client.send(head({ ...old, expect: '100-continue' }))
    checkBody(await client.final(), 413, 'content_too_large')
    expect(await client.fin()).toBe('')
  })
}

function noContent(on: Stage, open: Open): void {
  const get = { method: 'GET', target: '/hello' } as const
  for (const [shown, request] of [
    ['GET', head({ ...get, expect: '100-continue' })],
    ['GET with Content-Length: 0', asking({ ...get, length: 0 })],
    ['PUT with Content-Length: 0', asking({ length: 0 })],
    ['PUT without framing', head({ expect: '100-continue' })],
  ] as const) {
    test(`R13 MAY, R6 (RFC 9110 10.1.1): 100-continue on ${shown} is ignored, the connection kept`, async () => {
      const client = await open((await on.run({ gate: {}, save: echo })).port)
      client.send(request)
      const response = await client.final()
      expect(response.status).toBe(200)
      expect(response.field('connection')?.toLowerCase()).not.toBe('close')
      expect((await stillUsable(client, '/hello')).text).toBe('hello')
    })
  }

  for (const [value, reason] of [
    ['something-else', 'unsupported_expectation'],
    ['100-continue, foo', 'unsupported_expectation'],
    ['y 100-continue', 'malformed_expectation'],
  ] as const) {
    test(`R4 MAY, R1 grammar (RFC 9110 10.1.1): Expect: ${value} is 417 without content too`, async () => {
      const client = await open((await on.run({ gate: {}, save: echo })).port)
      client.send(head({ ...get, expect: value }))
      checkBody(await client.final(), 417, reason)
    })
  }

  test('HEAD: a refusal has the fields of the body and no body (RFC 9110 9.3.2)', async () => {
    const client = await open((await on.run({ gate: {}, save: echo })).port)
    client.send(head({ ...get, method: 'HEAD', expect: 'something-else' }))
    const response = await client.final({ method: 'HEAD' })
    expect(response.status).toBe(417)
    expect(Number(response.field('content-length'))).toBeGreaterThan(0)
    client.halfClose()
    expect(await client.fin()).toBe('')
  })
}

function ordered(on: Stage, open: Open): void {
  async function behindSlow(gate: object) {
    const go = latch()
    const save: Action = async ({ content }) => {
      if (content.url === '/files/slow') await go.opened
      return { body: await contentOf(content) }
    }
    const client = await open((await on.run({ gate, save })).port)
    client.send(head({ target: '/files/slow' }) + asking())
    await client.quiet(40)
    go.open()
    expect((await client.final()).text).toBe('')
    return client
  }

  test('R29 MUST (RFC 9112 9.3.2): a 100 does not overtake the answer before it', async () => {
    const client = await behindSlow({})
    await client.continue()
    expect((await client.send('12345').final()).text).toBe('12345')
  })

  test('R29 MUST (RFC 9112 9.3.2): nor does a refusal', async () => {
    const client = await behindSlow({ maxContentLength: 4 })
    const response = await client.final()
    expect(response.status).toBe(413)
    expect(response.field('connection')).toBe('close')
    expect(await client.fin()).toBe('')
  })
}

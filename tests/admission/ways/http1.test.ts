// Every way in which an upload can end, in each framework on HTTP/1.1: what a check holds is given
// back exactly once, and before the connection lingers.

import { type ExpectationOptions, Refusal } from '@expectation/core'
import type { RawClient } from '../../support/raw-client.js'
import { asking, chunks, head } from '../../support/request.js'
import { latch } from '../../support/server.js'
import { FRAMEWORKS } from './apps.js'
import { Held } from './held.js'
import { started } from './started.js'

const at = (way: string) => ({ target: `/files/${way}` })
const refusing = () => new Refusal(403)

describe.each(FRAMEWORKS)('$name, HTTP/1.1', (framework) => {
  test.each([
    ['asked for, read, answered', 'read', asking],
    ['sent unasked, read, answered', 'read', head],
    ['answered without content', 'empty', asking],
  ])('%s', async (_what, way, write) => {
    const held = new Held()
    const { client } = await started(framework, { checks: [held.check()] })
    client.send(write({ ...at(way), length: 5 }))
    if (write === asking) await client.continue()
    client.send('hello')
    await client.final()
    await held.givenBack('answered')
    expect(held.released[0]?.receivedBytes).toBe(5)
  })

  test.each([
    ['refused by the route, nothing sent', 'unread', asking, 403],
    ['refused by the route, content on its way: before the linger ends', 'unread', head, 403],
    ['the route throws', 'throw', asking, 500],
    ['the route throws, content on its way', 'throw', head, 500],
  ])('%s', async (_what, way, write, status) => {
    const held = new Held()
    const { client } = await started(framework, { checks: [held.check()] })
    client.send(write({ ...at(way), length: 5_000_000 }))
    if (write === head) client.send(Buffer.alloc(100_000))
    expect((await client.final()).status).toBe(status)
    await held.givenBack('answered')
  })

  test.each([
    ['read half, then answered', 'half', 422],
    ['read half, then the route throws', 'reject', 500],
  ])('%s', async (_what, way, status) => {
    const held = new Held()
    const { client } = await started(framework, { checks: [held.check()] })
    client.send(asking({ ...at(way), length: 1_000_000 }))
    await client.continue()
    client.send(Buffer.alloc(100_000))
    expect((await client.final()).status).toBe(status)
    await held.givenBack('answered')
  })

  test('answered late, without reading', async () => {
    const held = new Held()
    const { client, reached, finish } = await started(framework, { checks: [held.check()] })
    client.send(asking(at('later')))
    await reached
    expect(held.released).toEqual([])
    finish.open()
    await client.final()
    await held.givenBack('answered')
  })

  test.each<[string, ExpectationOptions['checks'], number]>([
    ['a later check refuses', [refusing], 403],
    ['a later check refuses after a while', [async () => refusing()], 403],
    ['a later check fails', [() => raise(new Error('no'))], 500],
    ['a later check fails after a while', [async () => raise(new Error('no'))], 500],
    ['a later check answers nonsense', [() => 7 as unknown as undefined], 500],
    ['a later check never answers', [() => new Promise<void>(() => {})], 503],
  ])('%s', async (_what, checks = [], status) => {
    const held = new Held()
    const gate = { checks: [held.check(), ...checks], checkTimeoutMs: 50 }
    const { client } = await started(framework, gate)
    client.send(asking(at('read')))
    expect((await client.final()).status).toBe(status)
    await held.givenBack('refused')
  })

  test('time is up before the check grants: given back when it does', async () => {
    const held = new Held()
    const open = latch()
    const gate = { checks: [held.later(open.opened)], checkTimeoutMs: 50 }
    const { client } = await started(framework, gate)
    client.send(asking(at('read')))
    expect((await client.final()).status).toBe(503)
    expect(held.made).toBe(0)
    open.open()
    await held.givenBack('refused')
  })

  test("time is up, 'continue': held to the end; what comes late is given back", async () => {
    const held = new Held()
    const late = new Held()
    const open = latch()
    const gate: ExpectationOptions = {
      checks: [held.check(), late.later(open.opened)],
      checkTimeoutMs: 50,
      onCheckTimeout: 'continue',
    }
    const { client } = await started(framework, gate)
    client.send(asking(at('read')))
    await client.continue()
    expect(held.released).toEqual([])
    open.open()
    await late.givenBack('refused')
    client.send('hello')
    await client.final()
    await held.givenBack('answered')
  })

  test('the client leaves while a check is asked', async () => {
    const held = new Held()
    const asked = latch()
    const never = () => {
      asked.open()
      return new Promise<void>(() => {})
    }
    const { client } = await started(framework, { checks: [held.check(), never] })
    client.send(asking(at('read')))
    await asked.opened
    client.destroy()
    await held.givenBack('gone')
  })

  test('the client leaves before the check grants', async () => {
    const held = new Held()
    const open = latch()
    const asked = latch()
    const check = held.later(open.opened)
    const noted: typeof check = (...given) => {
      asked.open()
      return check(...given)
    }
    const { client } = await started(framework, { checks: [noted] })
    client.send(asking(at('read')))
    await asked.opened
    client.reset()
    await client.over().catch(() => '')
    open.open()
    await held.givenBack('gone')
  })

  test.each([
    ['leaves', (client: RawClient) => client.destroy()],
    ['resets', (client: RawClient) => client.reset()],
  ])('the client %s midway', async (_how, leave) => {
    const held = new Held()
    const { client } = await started(framework, { checks: [held.check()] })
    client.send(asking({ ...at('slow-reader'), length: 1_000_000 }))
    await client.continue()
    await client.sendAll(Buffer.alloc(1000))
    leave(client)
    await held.givenBack('gone')
  })

  test('the client leaves before it is answered, and nobody reads', async () => {
    const held = new Held()
    const { client, reached } = await started(framework, { checks: [held.check()] })
    client.send(asking(at('never')))
    await reached
    client.destroy()
    await held.givenBack('gone')
  })

  test.each(['destroy-request', 'destroy-response', 'begin-and-destroy'])(
    'the route ends it: %s',
    async (way) => {
      const held = new Held()
      const { client } = await started(framework, { checks: [held.check()] })
      client.send(head({ ...at(way), length: 1_000_000 }))
      await client.gone()
      await held.givenBack('gone')
    },
  )

  test('the server cuts its connections', async () => {
    const held = new Held()
    const { client, reached, server } = await started(framework, { checks: [held.check()] })
    client.send(asking(at('never')))
    await reached
    server.closeAllConnections()
    await held.givenBack('gone')
  })

  test('content that is no chunked content', async () => {
    const held = new Held()
    const { client, reached } = await started(framework, { checks: [held.check()] })
    client.send(head({ ...at('slow-reader'), chunked: true }))
    await reached
    client.send('not a chunk\r\n')
    await client.over()
    await held.givenBackSomehow()
  })

  test('more content than the gate allows', async () => {
    const held = new Held()
    const gate = { checks: [held.check()], maxContentLength: 10 }
    const { client, reached } = await started(framework, gate)
    client.send(head({ ...at('read'), chunked: true }))
    await reached
    client.send(chunks('x'.repeat(100)))
    expect((await client.final()).status).toBe(413)
    await held.givenBack('answered')
  })

  test('no content after the 100', async () => {
    const held = new Held()
    const gate = { checks: [held.check()], contentTimeoutMs: 50 }
    const { client } = await started(framework, gate)
    client.send(asking(at('read')))
    await client.continue()
    expect((await client.final()).status).toBe(408)
    await held.givenBack('answered')
  })

  test('three uploads pipelined in one write', async () => {
    const held = new Held()
    const { client } = await started(framework, { checks: [held.check()] })
    client.send(`${head({ ...at('read'), length: 5 })}hello`.repeat(3))
    for (let upload = 0; upload < 3; upload += 1) expect((await client.final()).status).toBe(201)
    await held.givenBack('answered', 3)
  })

  test('one behind the other on a connection that is kept', async () => {
    const held = new Held()
    const { client } = await started(framework, { checks: [held.check()] })
    for (let upload = 1; upload <= 3; upload += 1) {
      client.send(asking(at('read')))
      await client.continue()
      await client.send('hello').final()
      await held.givenBack('answered', upload)
    }
  })

  test('what is no upload holds nothing', async () => {
    const held = new Held()
    const { client } = await started(framework, { checks: [held.check()] })
    await client.send(head({ ...at('read'), length: 0 })).final()
    expect(held.made).toBe(0)
  })
})

describe.each(FRAMEWORKS.filter(({ narrows }) => narrows))('$name, two gates', (framework) => {
  test('the second refuses', async () => {
    const held = new Held()
    const { client } = await started(framework, { checks: [held.check()] }, { checks: [refusing] })
    client.send(asking({ target: '/narrow/read' }))
    expect((await client.final()).status).toBe(403)
    await held.givenBack('answered')
  })

  test('both hold something', async () => {
    const held = new Held()
    const gate = { checks: [held.check()] }
    const { client } = await started(framework, gate, { checks: [held.check()] })
    client.send(asking({ target: '/narrow/read' }))
    await client.continue()
    await client.send('hello').final()
    await held.givenBack('answered', 2)
  })
})

function raise(error: Error): never {
  throw error
}

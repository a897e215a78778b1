// Content of unknown length, which is held to what was granted, in each framework.

import { Refusal } from '@expectation/core'
import { chunks, head } from '../../support/request.js'
import { FRAMEWORKS } from './apps.js'
import { Held } from './held.js'
import { started } from './started.js'

const at = (way: string) => ({ target: `/files/${way}` })

describe.each(FRAMEWORKS)('$name, content on credit', (framework) => {
  test('content used up what was granted, and no more can be had', async () => {
    const held = new Held()
    const { client, reached } = await started(framework, { checks: [held.check({ bytes: 10 })] })
    client.send(head({ ...at('read'), chunked: true }))
    await reached
    client.send(chunks('x'.repeat(11)))
    expect((await client.final()).status).toBe(413)
    await held.givenBack('answered')
  })

  test('content grows, and is refused midway', async () => {
    const held = new Held()
    const asked: number[] = []
    const extend = async (received: number) => {
      asked.push(received)
      return received > 150_000 ? new Refusal(503, { reason: 'uploads_at_capacity' }) : received * 2
    }
    const { client } = await started(framework, { checks: [held.check({ bytes: 1000, extend })] })
    client.send(head({ ...at('slow-reader'), chunked: true }))
    client.send(chunks(...Array.from({ length: 100 }, () => 'x'.repeat(10_000))))
    const answer = await client.final()
    expect(answer.status).toBe(503)
    expect(answer.json()).toMatchObject({ error: { reason: 'uploads_at_capacity' } })
    expect(answer.field('connection')).toBe('close')
    expect(asked.length).toBeGreaterThan(1)
    await held.givenBack('answered')
  })
})

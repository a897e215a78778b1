// toS3 and what a storage may answer, or not: the client gets one sober reason, before its content where
// the storage was that early, and nothing of the storage's own words.

import { type ToS3Options, toS3 } from '@expectation/storage'
import type { Request } from 'express'
import { inChunks, MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { latch, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { type Answering, refuse, s3Double, take } from './support/s3-double.js'
import { nameOf, service } from './support/service.js'
import { clientOf } from './support/swift.js'
import { untilEqual } from './support/until.js'

forbidStrayErrors()

async function storing(answer: Answering, changes: Partial<ToS3Options<Request>> = {}) {
  const storage = await s3Double(answer)
  const options = { client: clientOf(storage.endpoint), bucket: 'b', key: nameOf, ...changes }
  const running = await service(toS3({ partSize: '5mb', ...options }))
  return { storage, ...running, client: await RawClient.connect(running) }
}

const commands = (asked: readonly { readonly method: string; readonly target: string }[]) =>
  asked.map(({ method, target }) => {
    if (method === 'POST') return target.includes('uploadId') ? 'complete' : 'create'
    if (method === 'DELETE') return 'abort'
    return /partNumber=(\d+)/.exec(target)?.[1] ?? 'put'
  })

describe('refused before the content: nothing is asked for', () => {
  test.each([
    [503, 'SlowDown', 503, 'service_unavailable'],
    [429, 'TooManyRequests', 503, 'service_unavailable'],
    [500, 'InternalError', 502, 'upstream_failed'],
    [403, 'AccessDenied', 502, 'storage_refused'],
    [404, 'NoSuchBucket', 502, 'storage_refused'],
    [401, 'Unauthorized', 502, 'storage_refused'],
    [400, 'InvalidRequest', 502, 'storage_refused'],
    [400, 'EntityTooLarge', 413, 'content_too_large'],
    [412, 'PreconditionFailed', 412, 'precondition_failed'],
    [409, 'ConditionalRequestConflict', 409, 'conflict'],
    [507, 'InsufficientStorage', 507, 'insufficient_storage'],
    [400, 'RequestTimeout', 504, 'upstream_timeout'],
    [408, 'RequestTimeout', 504, 'upstream_timeout'],
    [301, 'PermanentRedirect', 502, 'storage_refused'],
    [403, 'RequestTimeTooSkewed', 502, 'storage_refused'],
  ])('%i %s is %i %s', async (said, code, status, reason) => {
    const { client, storage } = await storing((_request, response) => refuse(response, said, code))
    const answer = await refused(client.send(asking({ length: MIB })), status, reason)
    expect(answer.text).not.toContain('secret')
    expect(storage.asked).toMatchObject([{ headers: { expect: '100-continue' } }])
  })

  test.each([
    ['120', '120'],
    ['Fri, 31 Dec 2027 23:59:59 GMT', 'Fri, 31 Dec 2027 23:59:59 GMT'],
    // The library's own, as RFC 9110 section 15.6.4 wants one.
    ['soon', '1'],
    [undefined, '1'],
  ])('RFC 9110 10.2.3: Retry-After %s is relayed as %s', async (said, relayed) => {
    const fields = said === undefined ? {} : { 'Retry-After': said }
    const { client } = await storing((_request, response) =>
      refuse(response, 503, 'SlowDown', fields),
    )
    const answer = await refused(client.send(asking()), 503, 'service_unavailable')
    expect(answer.field('retry-after')).toBe(relayed)
  })

  test('content of unknown length is not read before the upload was created', async () => {
    const { client, storage } = await storing((_request, response) =>
      refuse(response, 403, 'AccessDenied'),
    )
    client.send(head({ expect: '100-continue', chunked: true }))
    await refused(client, 502, 'storage_refused')
    expect(commands(storage.asked)).toEqual(['create'])
  })

  test('a storage that cannot be reached', async () => {
    const { port } = await storing(take, { client: clientOf('http://127.0.0.1:1') })
    const client = await RawClient.connect({ port })
    await refused(client.send(asking()), 502, 'upstream_unreachable')
  })

  test('a storage that is silent', async () => {
    const { client } = await storing(() => undefined, { idleTimeoutMs: 100 })
    await refused(client.send(asking()), 504, 'upstream_timeout')
  })
})

describe('while content is sent', () => {
  test('a storage that breaks off: 502', async () => {
    const { client } = await storing((request, response) => {
      response.writeContinue()
      request.once('data', () => request.socket.destroy())
    })
    await client.send(asking({ length: MIB })).continue()
    client.send(Buffer.alloc(MIB / 4))
    checkBody(await client.final(), 502, 'upstream_failed')
  })

  test('a storage that takes no more: 504', async () => {
    const answer: Answering = (request, response) => {
      response.writeContinue()
      request.once('data', () => request.pause())
    }
    const { client } = await storing(answer, { idleTimeoutMs: 1000 })
    await client.send(asking({ length: 30 * MIB })).continue()
    client.send(Buffer.alloc(20 * MIB))
    checkBody(await client.final({ withinMs: 10_000 }), 504, 'upstream_timeout')
  })

  test('a client that pauses longer than the storage may is waited for', async () => {
    const { client } = await storing(take, { idleTimeoutMs: 800 })
    await client.send(asking()).continue()
    await client.send('he').quiet(1000)
    expect((await client.send('llo').final()).status).toBe(201)
  })

  test('a storage that refuses late: its reason', async () => {
    const { client } = await storing((request, response) => {
      response.writeContinue()
      request.once('data', () => refuse(response, 503, 'SlowDown', { connection: 'close' }))
    })
    await client.send(asking({ length: MIB })).continue()
    client.send(Buffer.alloc(MIB / 4))
    checkBody(await client.final(), 503, 'service_unavailable')
  })
})

test.each([
  ['If-None-Match: * of the client', {}, ['If-None-Match: *']],
  ['the option', { replace: false }, []],
])('RFC 9110 13.1.2: %s creates only', async (_name, changes, lines) => {
  const { client, storage } = await storing(take, changes)
  await client.send(asking({ lines })).continue()
  expect((await client.send('hello').final()).status).toBe(201)
  expect(storage.asked).toMatchObject([{ headers: { 'if-none-match': '*' } }])
})

describe('uploads in parts', () => {
  const message = head({ chunked: true })

  test('are created, sent part by part, and completed', async () => {
    const { client, storage } = await storing(take)
    client.send(message).send(inChunks(Buffer.alloc(12 * MIB)))
    expect((await client.final({ withinMs: 10_000 })).status).toBe(201)
    expect(commands(storage.asked)).toEqual(['create', '1', '2', '3', 'complete'])
    expect(storage.asked.map(({ received }) => received).slice(1, 4)).toEqual([
      5 * MIB,
      5 * MIB,
      2 * MIB,
    ])
  })

  test('say in each command what S3 wants in each: the owner of the bucket', async () => {
    const { client, storage } = await storing(take, {
      input: { ExpectedBucketOwner: '123456789012', ContentType: 'video/mp4' },
    })
    client.send(message).send(inChunks(Buffer.alloc(6 * MIB)))
    expect((await client.final({ withinMs: 10_000 })).status).toBe(201)
    const owners = storage.asked.map(({ headers }) => headers['x-amz-expected-bucket-owner'])
    expect(owners).toEqual(Array<string>(4).fill('123456789012'))
    const [create, part] = storage.asked
    expect(create?.headers['content-type']).toBe('video/mp4')
    expect(part?.headers['content-type']).not.toBe('video/mp4')
  })

  test('are aborted when a part fails', async () => {
    const { client, storage } = await storing((request, response, asked) => {
      if (asked.target.includes('partNumber=2')) refuse(response, 403, 'AccessDenied')
      else take(request, response, asked)
    })
    client.send(message).send(inChunks(Buffer.alloc(11 * MIB)))
    checkBody(await client.final({ withinMs: 10_000 }), 502, 'storage_refused')
    await untilEqual(() => commands(storage.asked), ['create', '1', '2', 'abort'])
  })

  test('are aborted when a part fails and the client pauses', async () => {
    const { client, storage } = await storing((request, response, asked) => {
      if (asked.target.includes('partNumber')) refuse(response, 503, 'SlowDown')
      else take(request, response, asked)
    })
    client.send(message).send(inChunks(Buffer.alloc(6 * MIB)).subarray(0, -5))
    checkBody(await client.final({ withinMs: 10_000 }), 503, 'service_unavailable')
    await untilEqual(() => commands(storage.asked), ['create', '1', 'abort'])
  })

  test('are aborted when they cannot be completed', async () => {
    const { client, storage } = await storing((request, response, asked) => {
      if (asked.target.includes('uploadId') && request.method === 'POST') {
        request.resume()
        refuse(response, 412, 'PreconditionFailed')
      } else take(request, response, asked)
    })
    client.send(message).send(inChunks(Buffer.alloc(MIB)))
    checkBody(await client.final({ withinMs: 10_000 }), 412, 'precondition_failed')
    await untilEqual(() => commands(storage.asked), ['create', '1', 'complete', 'abort'])
  })

  test('are aborted when the client leaves while they are created, and the handler does not wait', async () => {
    const created = latch()
    const asked = latch()
    const { client, storage, ended } = await storing((request, response, facts) => {
      if (facts.method !== 'POST') return take(request, response, facts)
      asked.open()
      void created.opened.then(() => take(request, response, facts))
    })
    client.send(message)
    await within('the storage to be asked', asked.opened)
    client.reset()
    await untilEqual(() => ended.length, 1)
    expect(ended).toMatchObject([{ reason: 'upload_cut_off' }])
    created.open()
    await untilEqual(() => commands(storage.asked), ['create', 'abort'])
  })

  test('are aborted after the part that was under way, not before', async () => {
    const taken = latch()
    const { client, storage, ended } = await storing((request, response, asked) => {
      if (!asked.target.includes('partNumber')) return take(request, response, asked)
      if (request.headers.expect !== undefined) response.writeContinue()
      request.resume()
      void taken.opened.then(() => response.setHeader('ETag', '"1"').end())
    })
    client.send(message).send(inChunks(Buffer.alloc(6 * MIB)).subarray(0, -5))
    await untilEqual(() => commands(storage.asked), ['create', '1'])
    client.reset()
    await untilEqual(() => ended.length, 1)
    expect(commands(storage.asked)).toEqual(['create', '1'])
    taken.open()
    await untilEqual(() => commands(storage.asked), ['create', '1', 'abort'])
  })

  test('are read one part ahead of what the storage takes, and no further', async () => {
    const taken = latch()
    const { client, received } = await storing((request, response, asked) => {
      if (!asked.target.includes('partNumber')) return take(request, response, asked)
      void taken.opened.then(() => take(request, response, asked))
    })
    client.send(message).send(inChunks(Buffer.alloc(40 * MIB)))
    await untilEqual(() => received() > 10 * MIB, true)
    await client.quiet(200)
    expect(received()).toBeLessThan(11 * MIB)
    taken.open()
    expect((await client.final({ withinMs: 15_000 })).status).toBe(201)
  })
})

// What stands in front of a storage, or a storage at its worst, says: successes that are none, connections
// that end, answers that nobody can read. The upload fails then, and nothing of it is left behind.

import { type ToS3Options, toS3 } from '@expectation/storage'
import type { Request } from 'express'
import { inChunks, MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { type Answering, refuse, s3Double, take } from './support/s3-double.js'
import { service } from './support/service.js'
import { clientOf } from './support/swift.js'
import { untilEqual } from './support/until.js'

forbidStrayErrors()

async function storing(answer: Answering, changes: Partial<ToS3Options<Request>> = {}) {
  const storage = await s3Double(answer)
  const options = { client: clientOf(storage.endpoint), bucket: 'b', key: 'k', ...changes }
  const running = await service(toS3(options))
  return { storage, ...running, client: await RawClient.connect(running) }
}

const chunked = head({ expect: '100-continue', chunked: true })

describe('a success that is none: 502', () => {
  test('RFC 9110 15.3: before the storage has the content', async () => {
    const { client } = await storing((_request, response) => {
      response.writeContinue()
      response.writeHead(200, { ETag: '"1"' }).end()
    })
    await client.send(asking({ length: MIB })).continue()
    checkBody(await client.final(), 502, 'upstream_failed')
  })

  test('before the storage has asked for the content', async () => {
    const { client } = await storing((_request, response) => {
      response.writeHead(200, { ETag: '"1"' }).end()
    })
    await refused(client.send(asking({ length: MIB })), 502, 'upstream_failed')
  })

  test.each([
    ['a page', '<html><body>Welcome'],
    ['no upload', '<InitiateMultipartUploadResult></InitiateMultipartUploadResult>'],
  ])('with %s', async (_name, body) => {
    const { client } = await storing((_request, response) => {
      response.writeHead(200, { Connection: 'close' }).end(body)
    })
    await refused(client.send(chunked), 502, 'upstream_failed')
  })
})

// As the SDK's own handler rejects: the name is the same for all of them.
test.each([
  ['ECONNRESET', 502, 'upstream_failed'],
  ['EPIPE', 502, 'upstream_failed'],
  ['ETIMEDOUT', 504, 'upstream_timeout'],
])('a connection that ends with %s is %i %s', async (code, status, reason) => {
  const send = () => Promise.reject(Object.assign(new Error(code), { name: 'TimeoutError', code }))
  const { client } = await storing(take, { client: { send } })
  await refused(client.send(asking()), status, reason)
})

test('a storage that is too busy for a part, and then for the abort, has no part left', async () => {
  const aborts: number[] = []
  const { client, storage } = await storing((request, response, asked) => {
    const isPart = asked.target.includes('partNumber')
    if (isPart) return refuse(response, 503, 'SlowDown')
    if (request.method === 'DELETE' && aborts.push(aborts.length) === 1) {
      return refuse(response, 503, 'SlowDown')
    }
    take(request, response, asked)
  })
  client.send(chunked).send(inChunks(Buffer.alloc(MIB)))
  checkBody(await client.final(), 503, 'service_unavailable')
  await untilEqual(() => storage.asked.filter(({ method }) => method === 'DELETE').length, 2)
})

test('content that is longer than any object may be: 413, and the storage is not asked', async () => {
  const { client, storage } = await storing(take)
  await refused(client.send(asking({ length: 1e15 })), 413, 'content_too_large')
  expect(storage.asked).toEqual([])
})

describe('what the application says of the object', () => {
  test('may be found asynchronously', async () => {
    const { client, storage } = await storing(take, {
      input: async () => ({ ContentType: 'video/mp4', ServerSideEncryption: 'AES256' }),
    })
    await client.send(asking()).continue()
    expect((await client.send('hello').final()).status).toBe(201)
    expect(storage.asked[0]?.headers).toMatchObject({
      'content-type': 'video/mp4',
      'x-amz-server-side-encryption': 'AES256',
    })
  })

  class Encrypted {
    get ServerSideEncryption(): string {
      return 'AES256'
    }
  }

  test.each<[string, object]>([
    ['inherits', Object.create({ ServerSideEncryption: 'AES256' })],
    [
      'inherits without a prototype',
      Object.create(Object.assign(Object.create(null), { ServerSideEncryption: 'AES256' })),
    ],
    ['has of its class', new Encrypted()],
    [
      'has without a prototype',
      Object.assign(Object.create(null), { ServerSideEncryption: 'AES256' }),
    ],
  ])('is read where an object %s it', async (_how, fields) => {
    const { client, storage } = await storing(take, { input: Object(fields) })
    await client.send(asking()).continue()
    expect((await client.send('hello').final()).status).toBe(201)
    expect(storage.asked[0]?.headers).toMatchObject({ 'x-amz-server-side-encryption': 'AES256' })
  })

  test.each([
    ['null', null],
    ['a Map', new Map([['ServerSideEncryption', 'AES256']])],
    ['a list', [['ServerSideEncryption', 'AES256']]],
  ])('is a fault where it is %s, and not left out', async (_what, given) => {
    const options = [take, { input: () => given }]
    const running: ReturnType<typeof storing> = Reflect.apply(storing, undefined, options)
    const { client, storage } = await running
    await refused(client.send(asking()), 500, 'internal_error')
    expect(storage.asked).toEqual([])
  })
})

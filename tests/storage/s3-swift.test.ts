// toS3 against OpenStack Swift: what it refuses costs the client no content, asked for or not, and what a
// client leaves half-way leaves nothing behind.

import { createHash, randomBytes } from 'node:crypto'
import http from 'node:http'
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3'
import { attach } from '@expectation/core/node'
import { gateway } from '@expectation/gateway'
import { type ToS3Options, toS3 } from '@expectation/storage'
import type { Request } from 'express'
import { inChunks, MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { asking, head } from '../support/request.js'
import { serve, within } from '../support/server.js'
import { describeWhen } from '../support/skip.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { nameOf, service } from './support/service.js'
import { BUCKET, hasSwift, swiftForThisFile, WITHOUT_SWIFT } from './support/swift.js'
import { untilEqual } from './support/until.js'

/** Swift on a busy machine takes its time. */
const SLOW = { withinMs: 15_000 }
const LENGTH = 3 * MIB

describeWhen(hasSwift, WITHOUT_SWIFT)('toS3 and Swift', () => {
  forbidStrayErrors()
  const swift = swiftForThisFile()

  type Changes = Partial<ToS3Options<Request>>
  const storing = (changes: Changes = {}) =>
    service(toS3({ client: swift().client(), bucket: BUCKET, key: nameOf, ...changes }))

  /** A gateway in front, which asks whether or not its client does. */
  async function behindGateway(changes: Changes = {}) {
    const { url, ended } = await storing(changes)
    const front = attach(http.createServer(gateway({ upstreams: [url] })), {})
    return { ...(await serve(front)), ended }
  }

  async function content(key: string): Promise<Buffer> {
    const got = await swift()
      .client()
      .send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
    return Buffer.from((await got.Body?.transformToByteArray()) ?? [])
  }

  let count = 0
  const fresh = (): string => {
    count += 1
    return `object-${count}`
  }

  test('stores content of known length as one object, after one 100', async () => {
    const bytes = randomBytes(LENGTH)
    const key = fresh()
    const client = await RawClient.connect(await storing({ checksum: 'sha256' }))
    await client.send(asking({ target: `/files/${key}`, length: LENGTH })).continue(SLOW)
    const answer = await client.send(bytes).final(SLOW)
    expect(answer.status).toBe(201)
    expect(answer.json()).toMatchObject({
      key,
      bytes: LENGTH,
      etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
      checksum: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(bytes.equals(await content(key))).toBe(true)
  })

  test.each([
    ['less than a part', 100_000],
    ['more than a part', 6 * MIB],
    ['nothing', 0],
  ])('stores content of unknown length in parts: %s', async (_name, length) => {
    const bytes = randomBytes(length)
    const key = fresh()
    const client = await RawClient.connect(await storing({ partSize: '5mb' }))
    client.send(head({ target: `/files/${key}`, chunked: true })).send(inChunks(bytes))
    expect((await client.final(SLOW)).status).toBe(201)
    expect(bytes.equals(await content(key))).toBe(true)
    expect((await swift().stored()).parts).toBe(0)
  })

  test('stores no content, and what the application says of the object', async () => {
    const key = fresh()
    const input = { ContentType: 'video/mp4', Metadata: { by: 'me' } }
    const client = await RawClient.connect(await storing({ input: () => input }))
    expect(
      (await client.send(head({ target: `/files/${key}`, length: 0 })).final(SLOW)).status,
    ).toBe(201)
    const found = await swift()
      .client()
      .send(new HeadObjectCommand({ Bucket: BUCKET, Key: key }))
    expect(found).toMatchObject({ ContentLength: 0, ...input })
  })

  const refusing: readonly (readonly [string, () => Changes])[] = [
    ['a wrong key (403)', () => ({ client: swift().client('wrong') })],
    ['no such bucket (404)', () => ({ bucket: 'nowhere' })],
    ['what it cannot do (501)', () => ({ replace: false })],
  ]
  describe.each(refusing)('a storage that refuses, %s: 502 storage_refused', (_name, changes) => {
    test.each([100_000, 20 * MIB])('R17: asked for %i bytes: none is asked for', async (length) => {
      const client = await RawClient.connect(await storing(changes()))
      const answer = await client.send(asking({ length })).final(SLOW)
      expect(answer.json()).toMatchObject({ error: { code: 502, reason: 'storage_refused' } })
      expect(answer.text).not.toMatch(/nowhere|bucket|signature/i)
    })
  })

  test('… through the gateway, not asked for: no content reaches the service', async () => {
    const { url, received } = await storing({ bucket: 'nowhere' })
    const front = attach(http.createServer(gateway({ upstreams: [url] })), {})
    const client = await RawClient.connect(await serve(front))
    client.send(head({ length: 20 * MIB })).send(Buffer.alloc(MIB))
    expect((await client.final(SLOW)).status).toBe(502)
    expect(received()).toBeLessThan(1000)
  })

  test('… through the gateway, asked for: no content is asked for', async () => {
    const client = await RawClient.connect(await behindGateway({ bucket: 'nowhere' }))
    expect((await client.send(asking({ length: 20 * MIB })).final(SLOW)).status).toBe(502)
  })

  test('an upload through the gateway is stored', async () => {
    const key = fresh()
    const client = await RawClient.connect(await behindGateway())
    await client.send(asking({ target: `/files/${key}`, length: LENGTH })).continue(SLOW)
    expect((await client.send(Buffer.alloc(LENGTH, 'a')).final(SLOW)).status).toBe(201)
    expect(await content(key)).toHaveLength(LENGTH)
  })

  describe('a client that leaves half-way ends the handler, and leaves nothing', () => {
    const leaving = [
      ['one object', (key: string) => head({ target: `/files/${key}`, length: 12 * MIB }), 7 * MIB],
      ['parts', (key: string) => head({ target: `/files/${key}`, chunked: true }), 7 * MIB],
      ['the first part', (key: string) => head({ target: `/files/${key}`, chunked: true }), MIB],
    ] as const
    test.each(leaving)('%s', async (_name, message, bytes) => {
      const { ended, port, received } = await storing({ partSize: '5mb' })
      const before = await swift().stored()
      const client = await RawClient.connect({ port })
      client.send(message(fresh())).send(inChunks(Buffer.alloc(bytes)).subarray(0, -5))
      await untilEqual(
        () => received() > bytes - 2 * MIB || (bytes === MIB && received() > 1000),
        true,
      )
      client.reset()
      await untilEqual(() => ended.length, 1)
      expect(ended).toMatchObject([{ status: 400, reason: 'upload_cut_off' }])
      await untilEqual(() => swift().stored(), before)
    })

    test('content that is not what its digest says', async () => {
      const before = await swift().stored()
      const client = await RawClient.connect(await storing())
      client.send(head({ length: MIB, lines: ['Content-Digest: sha-256=:AAAA:'] }))
      client.send(Buffer.alloc(MIB))
      expect((await client.final(SLOW)).json()).toMatchObject({
        error: { code: 400, reason: 'digest_mismatch' },
      })
      await untilEqual(() => swift().stored(), before)
    })
  })

  test('its own client is left as it was', async () => {
    const client = swift().client()
    toS3({ client, bucket: BUCKET, key: 'a' })
    expect(await within('a setting', client.config.requestChecksumCalculation())).toBe(
      'WHEN_SUPPORTED',
    )
  })
})

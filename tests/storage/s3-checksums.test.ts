// toS3 and checksums of S3: none by itself, so that every storage takes the upload; the one that the
// application names in `input` goes with each command that wants it, and does not read ahead of the storage.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html

import { createHash } from 'node:crypto'
import type http from 'node:http'
import { type ToS3Options, toS3 } from '@expectation/storage'
import type { Request } from 'express'
import { inChunks, MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { latch } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { type Answering, commands, refuse, s3Double, take } from './support/s3-double.js'
import { nameOf, service } from './support/service.js'
import { clientOf } from './support/swift.js'
import { untilEqual } from './support/until.js'

forbidStrayErrors()

const input = { ChecksumAlgorithm: 'SHA256' }

async function storing(answer: Answering, changes: Partial<ToS3Options<Request>> = {}) {
  const storage = await s3Double(answer)
  const options = { client: clientOf(storage.endpoint), bucket: 'b', key: nameOf, ...changes }
  const running = await service(toS3({ partSize: '5mb', input, ...options }))
  return { storage, ...running, client: await RawClient.connect(running) }
}

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('base64')

async function contentOf(request: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts)
}

/** The frames of `aws-chunked`, and the trailer. */
function unframed(message: Buffer): { readonly frames: readonly Buffer[]; readonly rest: string } {
  const frames: Buffer[] = []
  for (let at = 0; ; ) {
    const line = message.indexOf('\r\n', at)
    const bytes = Number.parseInt(message.toString('latin1', at, line), 16)
    if (!(bytes > 0)) return { frames, rest: message.toString('latin1', at) }
    frames.push(message.subarray(line + 2, line + 2 + bytes))
    at = line + 2 + bytes + 2
  }
}

describe('content of known length', () => {
  test('the checksum is its trailer', async () => {
    const content = Buffer.alloc(145_000, 'abc')
    const got: Buffer[] = []
    const { client, storage, received } = await storing((request, response) => {
      response.writeContinue()
      void contentOf(request).then((message) => {
        got.push(message)
        response.setHeader('ETag', '"1"').end()
      })
    })
    await client.send(asking({ length: content.length })).continue()
    const before = received()
    for (let at = 0; at < content.length; at += 7000) {
      const piece = content.subarray(at, at + 7000)
      client.send(piece)
      await untilEqual(() => received() - before, at + piece.length)
    }
    expect((await client.final()).status).toBe(201)
    expect(storage.asked).toMatchObject([
      {
        headers: {
          'x-amz-trailer': 'x-amz-checksum-sha256',
          'x-amz-decoded-content-length': String(content.length),
          'content-encoding': 'aws-chunked',
        },
      },
    ])
    const { frames, rest } = unframed(Buffer.concat(got))
    expect(Buffer.concat(frames).equals(content)).toBe(true)
    expect(rest).toBe(`0\r\nx-amz-checksum-sha256:${sha256(content)}\r\n\r\n`)
    // S3 takes none of less than 8 KiB, but for the last, and the client has sent less at once.
    expect(frames.map(({ length }) => length)).toEqual([70_000, 70_000, 5000])
  })

  test('what the storage refuses costs no content', async () => {
    const { client } = await storing((_request, response) => refuse(response, 403, 'AccessDenied'))
    await refused(client.send(asking({ length: MIB })), 502, 'storage_refused')
  })

  test('is not read any further than the storage takes it', async () => {
    const taken = latch()
    const { client, received } = await storing((request, response, asked) => {
      response.writeContinue()
      void taken.opened.then(() => take(request, response, asked))
    })
    await client.send(asking({ length: 60 * MIB })).continue()
    client.send(Buffer.alloc(60 * MIB))
    await untilEqual(() => received() > MIB, true)
    await client.quiet(300)
    // What the sockets hold, of the client and of the storage.
    expect(received()).toBeLessThan(30 * MIB)
    taken.open()
    expect((await client.final({ withinMs: 15_000 })).status).toBe(201)
  })

  test('a client that leaves half-way ends the upload', async () => {
    const { client, storage, ended } = await storing(take)
    await client.send(asking({ length: MIB })).continue()
    client.send(Buffer.alloc(MIB / 2))
    await untilEqual(() => (storage.asked[0]?.received ?? 0) > 0, true)
    client.reset()
    await untilEqual(() => ended.length, 1)
    expect(ended).toMatchObject([{ reason: 'upload_cut_off' }])
  })

  test('content that is not what its digest says ends it, too', async () => {
    const { client } = await storing(take)
    client.send(`${head({ length: 5, lines: ['Content-Digest: sha-256=:AAAA:'] })}hello`)
    checkBody(await client.final(), 400, 'digest_mismatch')
  })
})

describe('parts', () => {
  /** As S3: an upload that was created with an algorithm wants the checksum of each part, twice. */
  function strict(said: string[], repeats: boolean): Answering {
    return (request, response, asked) => {
      if (asked.target.includes('partNumber')) {
        const checksum =
          asked.headers['x-amz-checksum-sha256'] ?? asked.headers['x-amz-checksum-crc32']
        if (checksum === undefined) return refuse(response, 400, 'InvalidRequest')
        said.push(String(checksum))
        const name = asked.headers['x-amz-checksum-crc32'] === undefined ? 'sha256' : 'crc32'
        if (repeats) response.setHeader(`x-amz-checksum-${name}`, checksum)
      }
      if (asked.method !== 'POST' || !asked.target.includes('uploadId')) {
        return take(request, response, asked)
      }
      void contentOf(request).then((body) => {
        const told = [...body.toString().matchAll(/<Checksum(SHA256|CRC32)>([^<]+)</g)]
        if (told.map(([, , checksum]) => checksum).join() !== said.join()) {
          return refuse(response, 400, 'InvalidRequest')
        }
        const done =
          '<CompleteMultipartUploadResult><ETag>"1"</ETag></CompleteMultipartUploadResult>'
        response.end(done)
      })
    }
  }

  test.each([
    ['SHA256', 'repeats it', true],
    ['CRC32', 'repeats it', true],
    ['SHA256', 'does not', false],
  ])('%s goes with each part and the completion; the storage %s', async (name, _n, repeats) => {
    const said: string[] = []
    const changes = { input: { ChecksumAlgorithm: name } }
    const { client, storage } = await storing(strict(said, repeats), changes)
    client.send(head({ chunked: true })).send(inChunks(Buffer.alloc(7 * MIB)))
    expect((await client.final({ withinMs: 10_000 })).status).toBe(201)
    expect(commands(storage.asked)).toEqual(['create', '1', '2', 'complete'])
    expect(storage.asked[0]?.headers['x-amz-checksum-algorithm']).toBe(name)
    if (name === 'SHA256') expect(said[1]).toBe(sha256(Buffer.alloc(2 * MIB)))
  })

  test('no content has its checksum, too', async () => {
    const { client, storage } = await storing(take)
    client.send(head({ chunked: true })).send(chunks())
    expect((await client.final()).status).toBe(201)
    expect(storage.asked.at(-1)?.headers['x-amz-checksum-sha256']).toBe(sha256(Buffer.alloc(0)))
  })
})

test.each([
  ['one object', head({ length: 5 }), 'hello'],
  ['parts', head({ chunked: true }), chunks('hello')],
])(
  'none where the application asks for none, though the SDK has one: %s',
  async (_n, message, content) => {
    const { client, storage } = await storing(take, { input: {} })
    client.send(message).send(content)
    expect((await client.final()).status).toBe(201)
    const fields = storage.asked.flatMap(({ headers }) => Object.keys(headers))
    expect(fields.filter((field) => /checksum|trailer/.test(field))).toEqual([])
  },
)

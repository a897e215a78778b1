// An abort frees the parts that the storage has by then (AbortMultipartUpload of S3); one that is uploaded
// beside it may stay, and is paid for. So the abort is the last command of an upload, however it ends: here
// while one part is under way and the next one is full.

import http2 from 'node:http2'
import type { ExpectationOptions } from '@expectation/express'
import { toS3, type UploadRequest } from '@expectation/storage'
import { inChunks, MIB } from '../support/content.js'
import { framedSession } from '../support/framed-session.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody } from '../support/refusal.js'
import { chunks, head } from '../support/request.js'
import { latch } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { commands, refuse, s3Double, take } from './support/s3-double.js'
import { serveHttp2 } from './support/serve-http2.js'
import { service } from './support/service.js'
import { clientOf } from './support/swift.js'
import { untilEqual } from './support/until.js'

forbidStrayErrors()

const TWO_PARTS = Buffer.alloc(10 * MIB)
/** All of the content so far; its last chunk has not come. */
const UNENDED = inChunks(TWO_PARTS).subarray(0, -5)

/** A storage that holds back its answer to the first part, and the commands in the order of sending. */
async function storage() {
  const arrived = latch()
  const { asked, endpoint } = await s3Double((request, response, facts) => {
    if (!facts.target.includes('partNumber=1')) return take(request, response, facts)
    if (request.headers.expect !== undefined) response.writeContinue()
    request.resume()
    void arrived.opened.then(() => response.setHeader('ETag', '"1"').end())
  })
  const sent: string[] = []
  const client = clientOf(endpoint)
  client.middlewareStack.add(
    (next, context) => (given) => {
      sent.push(String(context.commandName))
      return next(given)
    },
    { step: 'initialize', name: 'note' },
  )
  /** The first part arrives, and the upload is over. */
  const abortsLast = async (): Promise<void> => {
    expect(commands(asked)).toEqual(['create', '1'])
    arrived.open()
    await untilEqual(() => commands(asked).includes('abort'), true)
    expect(sent).toEqual([
      'CreateMultipartUploadCommand',
      'UploadPartCommand',
      'AbortMultipartUploadCommand',
    ])
  }
  const store = toS3<UploadRequest>({ client, bucket: 'b', key: 'k', partSize: '5mb' })
  return { asked, abortsLast, store }
}

async function express(options: ExpectationOptions = {}) {
  const { store, ...rest } = await storage()
  const running = await service(store, options)
  const client = await RawClient.connect(running)
  client.send(head({ chunked: true })).send(UNENDED)
  await untilEqual(() => running.received() >= UNENDED.length, true)
  await untilEqual(() => commands(rest.asked), ['create', '1'])
  return { ...running, ...rest, client }
}

test('RFC 9112 8: a client that leaves', async () => {
  const { client, ended, abortsLast } = await express()
  client.reset()
  await untilEqual(() => ended.length, 1)
  expect(ended).toMatchObject([{ reason: 'upload_cut_off' }])
  await abortsLast()
})

test('a server that closes its connections', async () => {
  const { server, ended, abortsLast } = await express()
  server.closeAllConnections()
  await untilEqual(() => ended.length, 1)
  expect(ended).toMatchObject([{ reason: 'upload_cut_off' }])
  await abortsLast()
})

test('RFC 9110 15.5.14: content over the limit', async () => {
  const { client, ended, abortsLast } = await express({ maxContentLength: TWO_PARTS.length })
  client.send('1\r\n!\r\n')
  checkBody(await client.final(), 413, 'content_too_large')
  await untilEqual(() => ended.length, 1)
  await abortsLast()
})

test('RFC 9113 8.1.1: a stream that ends before its declared length', async () => {
  const { asked, store, abortsLast } = await storage()
  const ended: unknown[] = []
  const { port, received } = await serveHttp2((request, response) => {
    store(request, response).catch((error: unknown) => ended.push(error))
  })
  const { client } = await framedSession({ port })
  // More than one object may be at once, so it goes in parts.
  const fields = { ':method': 'PUT', ':path': '/a', 'content-length': 6000 * MIB }
  const stream = client.request(fields)
  stream.on('error', () => undefined)
  stream.write(TWO_PARTS)
  await untilEqual(() => received() >= TWO_PARTS.length, true)
  await untilEqual(() => commands(asked), ['create', '1'])
  stream.close(http2.constants.NGHTTP2_CANCEL)
  await untilEqual(() => ended.length, 1)
  expect(ended).toMatchObject([{ reason: 'upload_cut_off' }])
  await abortsLast()
})

test('content that turns out to be empty, whose object is refused: aborted once', async () => {
  const { asked, endpoint } = await s3Double((request, response, facts) => {
    if (commands([facts])[0] === 'put') refuse(response, 403, 'AccessDenied')
    else take(request, response, facts)
  })
  const running = await service(toS3({ client: clientOf(endpoint), bucket: 'b', key: 'k' }))
  const client = await RawClient.connect(running)
  checkBody(await client.send(head({ chunked: true }) + chunks()).final(), 502, 'storage_refused')
  expect(commands(asked)).toEqual(['create', 'abort', 'put'])
})

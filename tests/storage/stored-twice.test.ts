// Content comes once. Whoever stores it a second time, at the same time or later, is told that it is read
// already: it is the service's fault, so no 4xx, and no part of an upload is stored as the whole.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import http from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { attach } from '@expectation/core/node'
import {
  contentOf,
  toDisk,
  toS3,
  type UploadRequest,
  type UploadResponse,
} from '@expectation/storage'
import { afterThisTest } from '../support/cleanup.js'
import { MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { chunks, head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { s3Double, take } from './support/s3-double.js'
import { clientOf } from './support/swift.js'

forbidStrayErrors()

type Storing = (request: UploadRequest, response: UploadResponse) => Promise<object>

function disk(): { readonly save: ReturnType<typeof toDisk>; readonly files: () => string[] } {
  const directory = mkdtempSync(path.join(tmpdir(), 'expectation-twice-'))
  afterThisTest(() => rmSync(directory, { recursive: true, force: true }))
  let count = 0
  const save = toDisk(directory, () => {
    count += 1
    return `file-${count}`
  })
  const read = (name: string) => readFileSync(path.join(directory, name), 'utf8')
  return { save, files: () => readdirSync(directory).map(read) }
}

/** What became of each attempt of a handler that makes several. */
async function outcomes(bytes: string, attempts: readonly Storing[] | Storing): Promise<unknown[]> {
  const ended = latch<unknown[]>()
  const server = http.createServer(async (request, response) => {
    const settled =
      typeof attempts === 'function'
        ? await Promise.allSettled([attempts(request, response)])
        : await Promise.allSettled(attempts.map((attempt) => attempt(request, response)))
    ended.open(settled.map((each) => (each.status === 'fulfilled' ? each.value : each.reason)))
    response.end()
  })
  const client = await RawClient.connect(await serve(attach(server, {})))
  client.send(bytes)
  const result = await within('the attempts', ended.opened)
  expect((await client.final()).status).toBe(200)
  return result
}

const READ = expect.objectContaining({ code: 'ERR_EXPECTATION_CONTENT_READ' })
const LARGE = 'x'.repeat(MIB / 4)
const framed: readonly (readonly [string, string, string])[] = [
  ['of known length', `${head({ length: 5 })}hello`, 'hello'],
  ['of unknown length', head({ chunked: true }) + chunks('hel', 'lo'), 'hello'],
  ['that comes in pieces', head({ length: LARGE.length }) + LARGE, LARGE],
]

describe.each(framed)('content %s', (_name, bytes, whole) => {
  test('two saves of one request at once: one stores it, the other is told', async () => {
    const { save, files } = disk()
    const ended = await outcomes(bytes, [save, save])
    expect(ended).toEqual(
      expect.arrayContaining([expect.objectContaining({ bytes: whole.length }), READ]),
    )
    expect(files()).toEqual([whole])
  })

  test('two saves of what contentOf() gave: the second is told at once', async () => {
    const { save, files } = disk()
    const [result] = await outcomes(bytes, async (request, response) => {
      const content = contentOf(request, response)
      return Promise.allSettled([save(content), save(content)])
    })
    expect(result).toMatchObject([
      { status: 'fulfilled', value: { bytes: whole.length } },
      { status: 'rejected', reason: READ },
    ])
    expect(files()).toEqual([whole])
  })

  test('a save of what has been stored is told, and stores no empty file', async () => {
    const { save, files } = disk()
    const ended = await outcomes(bytes, async (request, response) => {
      const content = contentOf(request, response)
      await save(content)
      return save(content)
    })
    expect(ended).toEqual([READ])
    expect(files()).toEqual([whole])
  })
})

test('a reader that comes while a store looks at its disk: the store is told, and stores nothing', async () => {
  const { save, files } = disk()
  let read = ''
  const ended = await outcomes(`${head({ length: 5 })}hello`, async (request, response) => {
    const saving = save(request, response)
    request.on('data', (chunk) => {
      read += String(chunk)
    })
    return saving
  })
  expect(ended).toEqual([READ])
  expect(read).toBe('hello')
  expect(files()).toEqual([])
})

test('to a disk and to S3 at once: one has it, the other is told', async () => {
  const { save } = disk()
  const { endpoint } = await s3Double((request, response, asked) => take(request, response, asked))
  const s3 = toS3({ client: clientOf(endpoint), bucket: 'b', key: 'k' })
  const ended = await outcomes(`${head({ length: 5 })}hello`, [save, s3])
  expect(ended).toEqual(expect.arrayContaining([expect.objectContaining({ bytes: 5 }), READ]))
})

test('content that is looked at and not read, and then stored, is stored', async () => {
  const { save, files } = disk()
  const ended = await outcomes(`${head({ length: 5 })}hello`, async (request, response) => {
    expect(contentOf(request, response).length).toBe(5)
    return save(request, response)
  })
  expect(ended).toEqual([expect.objectContaining({ bytes: 5 })])
  expect(files()).toEqual(['hello'])
})

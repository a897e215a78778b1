// toDisk: a file is there whole or not at all, and what is refused is refused before it is read.

import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { sweep, type ToDiskOptions, toDisk } from '@expectation/storage'
import { afterThisTest } from '../support/cleanup.js'
import { MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { closesAfter, refused } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { nameOf, service } from './support/service.js'
import { untilEqual } from './support/until.js'

forbidStrayErrors()

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'expectation-disk-'))
  afterThisTest(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function uploads(options: ToDiskOptions = {}) {
  const directory = folder()
  const running = await service(toDisk(directory, nameOf, options))
  return { ...running, directory, client: await RawClient.connect(running) }
}

const PART = '.upload-00000000-0000-4000-8000-000000000000.part'

test('stores, and tells what it stored', async () => {
  const { client, directory } = await uploads({ checksum: 'sha256' })
  client.send(asking())
  await client.continue()
  const answer = await client.send('hello').final()
  expect(answer.status).toBe(201)
  expect(answer.json()).toEqual({
    name: 'a',
    bytes: 5,
    replaced: false,
    checksum: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
  })
  expect(readdirSync(directory)).toEqual(['a'])
  expect(readFileSync(path.join(directory, 'a'), 'utf8')).toBe('hello')
  expect(statSync(path.join(directory, 'a')).mode & 0o777).toBe(0o600)
})

test.each([
  ['chunked', head({ chunked: true }) + chunks('hel', 'lo'), 'hello'],
  ['empty', head({ length: 0 }), ''],
  ['chunked and empty', head({ chunked: true }) + chunks(), ''],
])('stores content that is %s', async (_name, message, stored) => {
  const { client, directory } = await uploads()
  expect((await client.send(message).final()).status).toBe(201)
  expect(readFileSync(path.join(directory, 'a'), 'utf8')).toBe(stored)
})

test.each([
  [0o664, {}],
  [0o777, { replace: true }],
  [0o600, {}],
  [0o440, {}],
])('a file has the mode that was given, %i, whatever the umask is', async (mode, options) => {
  const umask = process.umask(0o037)
  afterThisTest(() => {
    process.umask(umask)
  })
  const { client, directory } = await uploads({ ...options, mode })
  expect((await client.send(`${head({ length: 5 })}hello`).final()).status).toBe(201)
  expect(statSync(path.join(directory, 'a')).mode & 0o777).toBe(mode)
})

describe('RFC 9110 13.1.2: what is there', () => {
  test('is not replaced: 412, and no content was asked for', async () => {
    const { client, directory } = await uploads()
    writeFileSync(path.join(directory, 'a'), 'old')
    await refused(client.send(asking()), 412, 'precondition_failed')
    expect(readFileSync(path.join(directory, 'a'), 'utf8')).toBe('old')
    expect(readdirSync(directory)).toEqual(['a'])
  })

  test('a dangling symbolic link is not followed, nor replaced', async () => {
    const { client, directory } = await uploads()
    symlinkSync(path.join(directory, 'elsewhere'), path.join(directory, 'a'))
    client.send(`${head({ length: 5 })}hello`)
    expect((await client.final()).status).toBe(412)
    expect(readdirSync(directory)).toEqual(['a'])
  })

  test('is not replaced by the slower of two that began at the same time', async () => {
    const { client, port, directory } = await uploads()
    const other = await RawClient.connect({ port })
    await client.send(asking()).continue()
    await other.send(asking()).continue()
    expect((await client.send('hello').final()).status).toBe(201)
    expect((await other.send('other').final()).status).toBe(412)
    expect(readFileSync(path.join(directory, 'a'), 'utf8')).toBe('hello')
    expect(readdirSync(directory)).toEqual(['a'])
  })

  test('is replaced when that is wanted, as a whole', async () => {
    const { client, directory } = await uploads({ replace: true })
    writeFileSync(path.join(directory, 'a'), 'old')
    await client.send(asking()).continue()
    expect(readFileSync(path.join(directory, 'a'), 'utf8')).toBe('old')
    expect((await client.send('hello').final()).json()).toMatchObject({ replaced: true })
    expect(readFileSync(path.join(directory, 'a'), 'utf8')).toBe('hello')
    expect(readdirSync(directory)).toEqual(['a'])
  })

  test('a directory is not replaced either: 409, and no content was asked for', async () => {
    const { client, directory } = await uploads({ replace: true })
    mkdirSync(path.join(directory, 'a'))
    await refused(client.send(asking()), 409, 'conflict')
    expect(readdirSync(directory)).toEqual(['a'])
  })

  test('If-None-Match: * replaces nothing, MUST NOT', async () => {
    const { client, directory } = await uploads({ replace: true })
    writeFileSync(path.join(directory, 'a'), 'old')
    client.send(asking({ lines: ['If-None-Match: *'] }))
    await refused(client, 412, 'precondition_failed')
  })
})

describe('refused from the head', () => {
  test.each([
    '.',
    '..',
    '.hidden',
    PART,
    '..%2Fa',
    'a%2Fb',
    'a%5Cb',
    'a%00b',
    'a%0Ab',
    'b'.repeat(256),
  ])('the name %s: 400', async (name) => {
    const { client, directory } = await uploads()
    client.send(
      asking({
        target: `/files/${name.replace(/^\.+$/, encodeURIComponent)}`.replace(
          '/files/.',
          '/files/%2E',
        ),
      }),
    )
    const answer = await client.final()
    await closesAfter(client, answer)
    expect(answer.json()).toMatchObject({ error: { code: 400, reason: 'bad_file_name' } })
    expect(readdirSync(directory)).toEqual([])
    expect(readdirSync(path.dirname(directory))).not.toContain('a')
  })

  test('RFC 9110 14.5, SHOULD: a part of a file: 400', async () => {
    const { client, directory } = await uploads()
    await refused(
      client.send(asking({ lines: ['Content-Range: bytes 0-4/10'] })),
      400,
      'bad_request',
    )
    expect(readdirSync(directory)).toEqual([])
  })

  test('more than there is room for: 507, RFC 4918 11.5', async () => {
    const { client, directory } = await uploads({ keep: '4000tb' })
    await refused(client.send(asking()), 507, 'insufficient_storage')
    expect(readdirSync(directory)).toEqual([])
  })

  test('a directory that is not there any more: 500', async () => {
    const { client, directory } = await uploads()
    rmSync(directory, { recursive: true })
    await refused(client.send(asking()), 500, 'internal_error')
  })
})

describe('nothing half is left', () => {
  test('by a client that leaves half-way, and the handler ends', async () => {
    const { client, directory, ended } = await uploads()
    client.send(head({ length: MIB }))
    client.send(Buffer.alloc(MIB / 2))
    await untilEqual(() => readdirSync(directory).length, 1)
    expect(readdirSync(directory)[0]).toMatch(/^\.upload-[-0-9a-f]{36}\.part$/)
    client.reset()
    await untilEqual(() => readdirSync(directory), [])
    await untilEqual(() => ended.length, 1)
    expect(ended).toMatchObject([{ status: 400, reason: 'upload_cut_off' }])
  })

  test('by content that is not what its digest says: 400', async () => {
    const { client, directory } = await uploads()
    client.send(`${head({ length: 5, lines: ['Content-Digest: sha-256=:AAAA:'] })}hello`)
    expect((await client.final()).json()).toMatchObject({
      error: { code: 400, reason: 'digest_mismatch' },
    })
    expect(readdirSync(directory)).toEqual([])
  })

  test('by content that goes over the limit: 413', async () => {
    const directory = folder()
    const running = await service(toDisk(directory, nameOf), { maxContentLength: 10 })
    const client = await RawClient.connect(running)
    client.send(`${head({ chunked: true })}5\r\nhello\r\n`)
    await untilEqual(() => readdirSync(directory).length, 1)
    client.send(chunks('and more'))
    expect((await client.final()).status).toBe(413)
    await untilEqual(() => readdirSync(directory), [])
  })
})

describe('the sweeper', () => {
  const longAgo = new Date(Date.now() - 25 * 60 * 60 * 1000)

  function left(directory: string): void {
    for (const name of [PART, '.other.part', 'film.part', '.upload-1.part']) {
      writeFileSync(path.join(directory, name), 'half')
      utimesSync(path.join(directory, name), longAgo, longAgo)
    }
    writeFileSync(path.join(directory, PART.replace('0000.', '0001.')), 'half')
  }

  test('takes what is a day old and its own, and leaves the rest', async () => {
    const directory = folder()
    left(directory)
    expect(await sweep(directory)).toBe(1)
    expect(readdirSync(directory)).toHaveLength(4)
    expect(readdirSync(directory)).not.toContain(PART)
    expect(await sweep(directory, { olderThanMs: 0 })).toBe(1)
  })

  test('never takes what this process is writing', async () => {
    const { client, directory } = await uploads()
    await client.send(asking()).continue()
    expect(await sweep(directory, { olderThanMs: 0 })).toBe(0)
    expect((await client.send('hello').final()).status).toBe(201)
  })

  test('… by another path of the directory neither', async () => {
    const { client, directory } = await uploads()
    const link = path.join(folder(), 'link')
    symlinkSync(directory, link)
    await client.send(asking()).continue()
    for (const other of [`${directory}/.`, path.relative(process.cwd(), directory), link]) {
      expect(await sweep(other, { olderThanMs: 0 })).toBe(0)
    }
    expect((await client.send('hello').final()).status).toBe(201)
  })

  test('comes with the first upload', async () => {
    const { client, directory } = await uploads()
    left(directory)
    expect((await client.send(`${head({ length: 5 })}hello`).final()).status).toBe(201)
    await untilEqual(() => readdirSync(directory).includes(PART), false)
  })
})

// RFC 9110 13: what a request expects of what is stored is looked at before its content is asked for, and
// what does not meet it is not replaced. A directory has files without entity tags; S3 is told.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ToDiskOptions, type ToS3Options, toDisk, toS3 } from '@expectation/storage'
import type { Request } from 'express'
import { afterThisTest } from '../support/cleanup.js'
import { RawClient } from '../support/raw-client.js'
import { refused } from '../support/refusal.js'
import { asking, chunks, head } from '../support/request.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { refuse, s3Double, take } from './support/s3-double.js'
import { nameOf, service } from './support/service.js'
import { clientOf } from './support/swift.js'

forbidStrayErrors()

describe('a directory', () => {
  const STORED = new Date('2024-05-01T12:00:00.750Z')
  const [BEFORE, SAME, AFTER] = [-1000, 0, 1000].map((ms) =>
    new Date(STORED.getTime() + ms).toUTCString(),
  )

  async function uploads(options: ToDiskOptions, content?: string) {
    const directory = mkdtempSync(path.join(tmpdir(), 'expectation-preconditions-'))
    afterThisTest(() => rmSync(directory, { recursive: true, force: true }))
    const file = path.join(directory, 'a')
    if (content !== undefined) writeFileSync(file, content)
    if (content !== undefined) utimesSync(file, STORED, STORED)
    const running = await service(toDisk(directory, nameOf, options))
    const read = () => readFileSync(file, 'utf8')
    return { client: await RawClient.connect(running), port: running.port, file, read }
  }

  test.each([
    ['13.1.1, no tag is of a file', ['If-Match: "one"']],
    ['13.1.1, nor one of several', ['If-Match: "one", "two"']],
    ['13.1.1, nor none at all', ['If-Match:']],
    ['13.1.4, changed since', [`If-Unmodified-Since: ${BEFORE}`]],
    ['13.1.4, in the form of RFC 850', ['If-Unmodified-Since: Sunday, 06-Nov-94 08:49:37 GMT']],
    ['13.1.4, in the form of asctime', ['If-Unmodified-Since: Sun Nov  6 08:49:37 1994']],
    ['13.1.2, there is one', ['If-Match: *', 'If-None-Match: *']],
  ])('MUST NOT replace what is not expected: %s: 412', async (_name, lines) => {
    const { client, read } = await uploads({ replace: true }, 'old')
    await refused(client.send(asking({ lines })), 412, 'precondition_failed')
    expect(read()).toBe('old')
  })

  test.each([
    ['13.1.1, there is one', ['If-Match: *']],
    ['13.1.4, not changed since', [`If-Unmodified-Since: ${SAME}`]],
    ['13.1.4, not changed for longer', [`If-Unmodified-Since: ${AFTER}`]],
    ['13.1.4, MUST ignore beside If-Match', ['If-Match: *', `If-Unmodified-Since: ${BEFORE}`]],
    ['13.1.4, MUST ignore what is no date', ['If-Unmodified-Since: 2001-01-01']],
    ['13.1.2, no tag is of a file', ['If-None-Match: "one"']],
  ])('replaces what is expected: %s', async (_name, lines) => {
    const { client, read } = await uploads({ replace: true }, 'old')
    client.send(head({ lines, length: 5 })).send('hello')
    expect((await client.final()).json()).toMatchObject({ replaced: true })
    expect(read()).toBe('hello')
  })

  test('13.1.1, MUST NOT store where nothing is: 412', async () => {
    const { client } = await uploads({})
    client.send(asking({ lines: ['If-Match: *'] }))
    await refused(client, 412, 'precondition_failed')
  })

  test('13.1.4, MUST ignore a date where nothing is', async () => {
    const { client, read } = await uploads({})
    client.send(head({ lines: [`If-Unmodified-Since: ${BEFORE}`], length: 5 })).send('hello')
    expect((await client.final()).status).toBe(201)
    expect(read()).toBe('hello')
  })

  test('13.2.1, MUST ignore them where a directory is: 409', async () => {
    const { client, file } = await uploads({ replace: true })
    mkdirSync(file)
    client.send(asking({ lines: ['If-Match: "one"', 'If-None-Match: *'] }))
    await refused(client, 409, 'conflict')
  })

  test('412 to the slower of two that expect the same', async () => {
    const { client, port, read } = await uploads({ replace: true }, 'old')
    const other = await RawClient.connect({ port })
    const message = asking({ lines: [`If-Unmodified-Since: ${SAME}`] })
    await client.send(message).continue()
    await other.send(message).continue()
    expect((await client.send('hello').final()).status).toBe(201)
    expect((await other.send('other').final()).status).toBe(412)
    expect(read()).toBe('hello')
  })

  test('412 to one whose file has gone meanwhile', async () => {
    const { client, file } = await uploads({ replace: true }, 'old')
    await client.send(asking({ lines: ['If-Match: *'] })).continue()
    rmSync(file)
    expect((await client.send('hello').final()).status).toBe(412)
  })
})

describe('S3', () => {
  async function storing(changes: Partial<ToS3Options<Request>> = {}, answer = take) {
    const storage = await s3Double(answer)
    const options = { client: clientOf(storage.endpoint), bucket: 'b', key: nameOf, ...changes }
    const running = await service(toS3(options))
    return { storage, client: await RawClient.connect(running) }
  }

  type Conditions = readonly [string | undefined, string | undefined]
  const of = (asked: { readonly headers: NodeJS.Dict<string | string[]> }) =>
    [asked.headers['if-match'], asked.headers['if-none-match']] as const

  describe.each([
    ['one object', head({ length: 5 }), 'hello', ['PUT']],
    ['parts', head({ chunked: true }), chunks('hello'), ['POST', 'PUT', 'POST']],
  ])('%s: told of it with the command that stores', (_name, message, content, methods) => {
    const withLines = (lines: readonly string[]): string =>
      `${message.slice(0, -2)}${lines.map((line) => `${line}\r\n`).join('')}\r\n`

    test.each<[string, Partial<ToS3Options<Request>>, readonly string[], Conditions]>([
      ['the client', {}, ['If-Match: "one"'], ['"one"', undefined]],
      ['the client', {}, ['If-Match: W/"one", "two,three"'], ['"two,three"', undefined]],
      ['the client', {}, ['If-Match: *'], ['*', undefined]],
      ['the client', {}, ['If-None-Match: *'], [undefined, '*']],
      ['the client', {}, ['If-None-Match: "one"'], [undefined, '"one"']],
      ['replace', { replace: false }, ['If-None-Match: "one"'], [undefined, '*']],
      ['input', { input: { IfNoneMatch: '*' } }, [], [undefined, '*']],
      ['input', { input: { IfMatch: '"one"' } }, [], ['"one"', undefined]],
      ['input', { input: { IfMatch: 'one' } }, [], ['one', undefined]],
      ['both', { input: { IfMatch: '"one"' } }, ['If-Match: *'], ['"one"', undefined]],
      ['both', { input: { IfNoneMatch: '"a"' } }, ['If-None-Match: "b"'], [undefined, '"a", "b"']],
      ['nobody', { input: { IfMatch: undefined } }, [], [undefined, undefined]],
    ])('by %s: %j, %j', async (_who, changes, lines, told) => {
      const { client, storage } = await storing(changes)
      client.send(withLines(lines)).send(content)
      expect((await client.final()).status).toBe(201)
      expect(storage.asked.map(({ method }) => method)).toEqual(methods)
      const none = methods.slice(1).map(() => [undefined, undefined])
      expect(storage.asked.map(of)).toEqual([...none, told])
    })

    test.each<[string, Partial<ToS3Options<Request>>, readonly string[], number]>([
      ['a weak tag matches nothing (13.1.1)', {}, ['If-Match: W/"one"'], 412],
      ['nor does none', {}, ['If-Match:'], 412],
      ['one and none', {}, ['If-Match: "one"', 'If-None-Match: *'], 412],
      ['one and none', { replace: false }, ['If-Match: *'], 412],
      ['one and another', { input: { IfMatch: '"one"' } }, ['If-Match: "two"'], 412],
      ['one of several, which S3 cannot be told', {}, ['If-Match: "one", "two"'], 400],
    ])('what no object can meet is refused before: %s', async (_n, changes, lines, status) => {
      const { client, storage } = await storing(changes)
      client.send(withLines(['Expect: 100-continue', ...lines]))
      await refused(client, status, status === 412 ? 'precondition_failed' : 'bad_request')
      expect(storage.asked).toEqual([])
    })
  })

  test.each([
    [412, 'PreconditionFailed'],
    // What S3 says of an object that is not there.
    [404, 'NoSuchKey'],
  ])('%i %s is 412, before the content', async (said, code) => {
    const { client } = await storing({}, (_request, response) => refuse(response, said, code))
    client.send(asking({ lines: ['If-Match: "one"'] }))
    await refused(client, 412, 'precondition_failed')
  })
})

// Wrong options throw where they are written: subject, received value, remedy and a stable code.

import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { Readable } from 'node:stream'
import { OptionError } from '@expectation/core'
import { contentOf, sweep, toDisk, toS3 } from '@expectation/storage'
import { MIB } from '../support/content.js'
import { clientOf } from './support/swift.js'

const client = clientOf('http://127.0.0.1:1')
const s3 = { client, bucket: 'b', key: 'k' }
const WRONG: readonly (readonly [string, string, () => unknown])[] = [
  ['toDisk.directory', 'Give a directory', () => toDisk('/nowhere', 'a')],
  ['toDisk.directory', 'Give a directory', () => toDisk(`${__filename}`, 'a')],
  ['toDisk.name', 'or a function', () => Reflect.apply(toDisk, undefined, [tmpdir(), 1])],
  ['toDisk.keep', 'Give a whole number of bytes', () => toDisk(tmpdir(), 'a', { keep: -1 })],
  ['toDisk.mode', 'Give a whole number', () => toDisk(tmpdir(), 'a', { mode: 0.5 })],
  ...[0o1000, 644, 2 ** 40].map(
    (mode) => ['toDisk.mode', 'in octal', () => toDisk(tmpdir(), 'a', { mode })] as const,
  ),
  ['toS3', 'Give an object', () => Reflect.apply(toS3, undefined, [])],
  [
    'toS3.client',
    'Give an S3Client',
    () => Reflect.apply(toS3, undefined, [{ ...s3, client: {} }]),
  ],
  ['toS3.bucket', 'Give the name', () => toS3({ ...s3, bucket: '' })],
  ['toS3.key', 'Give the key', () => Reflect.apply(toS3, undefined, [{ ...s3, key: 1 }])],
  ['toS3.input', 'Give fields', () => Reflect.apply(toS3, undefined, [{ ...s3, input: null }])],
  ['toS3.input', 'Give fields', () => Reflect.apply(toS3, undefined, [{ ...s3, input: 'a/b' }])],
  ...(
    [
      ['a promise', Promise.resolve({ ServerSideEncryption: 'aws:kms' })],
      ['what can be waited for', Object.fromEntries([['then', () => undefined]])],
      ['a Map', new Map([['ServerSideEncryption', 'aws:kms']])],
      ['entries', [['ServerSideEncryption', 'aws:kms']]],
      ['Headers', new Headers({ 'x-amz-server-side-encryption': 'aws:kms' })],
      ['a date', new Date()],
    ] as const
  ).map(
    ([, input]) =>
      [
        'toS3.input',
        'Give fields',
        () => Reflect.apply(toS3, undefined, [{ ...s3, input }]),
      ] as const,
  ),
  ...(['1mb', 5 * MIB - 1, 2 ** 31, '4gb', '5gb'] as const).map(
    (partSize) => ['toS3.partSize', 'from 5mb to 2047mb', () => toS3({ ...s3, partSize })] as const,
  ),
  ['toS3.idleTimeoutMs', 'milliseconds', () => toS3({ ...s3, idleTimeoutMs: 0 })],
  [
    'toS3.checksum',
    "Give 'sha256' or 'sha512'",
    () => Reflect.apply(toS3, undefined, [{ ...s3, checksum: 'md5' }]),
  ],
]

test.each(WRONG)('%s: … %s', (option, remedy, make) => {
  expect(make).toThrow(OptionError)
  expect(make).toThrow(expect.objectContaining({ option, code: 'ERR_EXPECTATION_INVALID_OPTION' }))
  expect(make).toThrow(remedy)
})

test.each([
  ['toDisk', () => toDisk(tmpdir(), '../a')],
  ['toS3', () => toS3({ ...s3, key: '' })],
  ['toS3', () => toS3({ ...s3, key: 'k'.repeat(1025) })],
  ['toS3', () => toS3({ ...s3, key: '../other-bucket/k' })],
  ['toS3', () => toS3({ ...s3, key: 'a/..' })],
  ['toS3', () => toS3({ ...s3, key: './k' })],
  ['toS3', () => toS3({ ...s3, key: 'half a character \ud800' })],
])(
  '%s: a name that cannot be used is the client’s, as it may be called for each request',
  (_name, make) => {
    expect(make).toThrow(expect.objectContaining({ status: 400, reason: 'bad_file_name' }))
  },
)

test.each(['5mb', '2047mb', 2 ** 31 - 1])('toS3.partSize may be %s', (partSize) => {
  expect(toS3({ ...s3, partSize })).toBeInstanceOf(Function)
})

test('a misspelt option is refused, with the one that was meant', () => {
  const make = () => Reflect.apply(toDisk, undefined, [tmpdir(), 'a', { replaces: true }])
  expect(make).toThrow(expect.objectContaining({ code: 'ERR_EXPECTATION_UNKNOWN_OPTION' }))
  expect(make).toThrow('Did you mean replace?')
})

test.each([
  ...['replace', 'keep', 'mode', 'checksum'].map((name) => ['toDisk', name] as const),
  ...['client', 'bucket', 'key', 'input', 'replace', 'partSize', 'idleTimeoutMs', 'checksum'].map(
    (name) => ['toS3', name] as const,
  ),
])('null is not absent: %s.%s', (subject, name) => {
  const nothing = { [name]: null }
  const make = () =>
    subject === 'toS3'
      ? Reflect.apply(toS3, undefined, [{ ...s3, ...nothing }])
      : Reflect.apply(toDisk, undefined, [tmpdir(), 'a', nothing])
  expect(make).toThrow(OptionError)
  expect(make).toThrow(expect.objectContaining({ option: `${subject}.${name}`, received: null }))
})

test('sweep rejects', async () => {
  await expect(sweep('')).rejects.toThrow(OptionError)
  await expect(sweep(tmpdir(), { olderThanMs: -1 })).rejects.toThrow(OptionError)
})

test('a store that is mounted as middleware says so, and does not wait for ever', async () => {
  const store: unknown = toDisk(tmpdir(), 'a')
  if (typeof store !== 'function') throw new TypeError('a store is a function')
  await expect(Reflect.apply(store, undefined, [{}, {}, () => undefined])).rejects.toThrow(
    'Call it from your handler',
  )
})

test('content of another maker is not taken', async () => {
  const content = {
    body: Readable.from([]),
    length: 1,
    signal: new AbortController().signal,
    request: { headers: {} },
  }
  await expect(Reflect.apply(toS3(s3), undefined, [content])).rejects.toThrow('contentOf()')
})

test('a request without its response says what is missing', async () => {
  for (const given of [[{ headers: {} }], [undefined], [null]]) {
    const storing = Reflect.apply(toDisk(tmpdir(), 'a'), undefined, given)
    await expect(storing).rejects.toThrow('Give a request and its response')
    await expect(storing).rejects.toThrow(OptionError)
  }
})

const response = new ServerResponse(new IncomingMessage(new Socket()))
const request = new IncomingMessage(new Socket())

test.each<[string, readonly unknown[]]>([
  ['contentOf.request', [undefined, response]],
  ['contentOf.request', [null, response]],
  ['contentOf.request', ['PUT', response]],
  ['contentOf.request', [{}, response]],
  ['contentOf.request', [{ headers: {} }, response]],
  ['contentOf.request', [new Request('http://a/'), response]],
  ['contentOf.request', [new Map(), response]],
  ['contentOf.request', [Object.create(null), response]],
  ['contentOf.response', [request]],
  ['contentOf.response', [request, {}]],
  ['contentOf.response', [request, request]],
  ['contentOf.response', [request, new Response()]],
])(
  '%s: what is no message of Node is told, with where a framework has it',
  async (option, given) => {
    const take = () => Reflect.apply(contentOf, undefined, given)
    const expected = { option, code: 'ERR_EXPECTATION_INVALID_OPTION' }
    expect(take).toThrow(OptionError)
    expect(take).toThrow(expect.objectContaining(expected))
    expect(take).toThrow('in Koa')
    if (given.length < 2) return
    const storing = Reflect.apply(toDisk(tmpdir(), 'a'), undefined, given)
    await expect(storing).rejects.toMatchObject(expected)
  },
)

test('the names that are public', () => {
  expect([contentOf, sweep, toDisk, toS3].map((name) => typeof name)).toEqual(
    Array<string>(4).fill('function'),
  )
})

// Options, checked once at the beginning of an upload, and with every default filled in.
import { Agent } from 'node:http'
import { parseBytes } from '../bytes.js'
import { isForm } from '../content/kinds.js'
import { type Fields, fieldOf, readFields } from '../fields.js'
import type { Limits } from '../limits.js'
import { OptionError } from '../option-error.js'
import { isRecord } from '../record.js'
import type { RetryPolicy } from '../retry.js'
import type { RetryOptions, UploadOptions } from './types.js'

export interface UploadPlan {
  readonly url: URL
  readonly method: string
  readonly fields: Fields
  readonly declaredLength: number | undefined
  readonly expect: 'auto' | boolean
  readonly expectFromBytes: number
  readonly limits: Limits
  readonly retry: RetryPolicy
  readonly retryOn: readonly number[]
  readonly redirects: number
  readonly options: UploadOptions
}

const NAMES = new Set<string>([
  'method',
  'headers',
  'body',
  'contentLength',
  'expect',
  'expectFromBytes',
  'continueTimeoutMs',
  'connectTimeoutMs',
  'idleTimeoutMs',
  'responseTimeoutMs',
  'retry',
  'retryOn',
  'authorize',
  'redirects',
  'agent',
  'signal',
  'onAttempt',
  'onProgress',
  'onInformation',
] satisfies readonly (keyof UploadOptions)[])

const RETRY: RetryPolicy = {
  attempts: 5,
  minDelayMs: 200,
  maxDelayMs: 30_000,
  factor: 2,
  jitter: true,
}
const RETRY_ON = [408, 425, 429, 500, 502, 503, 504]
/** The longest that a timer of Node takes. */
const LONGEST_MS = 2_147_483_647
const SMALL = 65_536

function reject(option: string, received: unknown, remedy: string): never {
  throw new OptionError({ option, received, remedy })
}

function known(given: object, names: ReadonlySet<string>, prefix: string): void {
  for (const name of Object.keys(given)) {
    if (names.has(name)) continue
    throw new OptionError({
      option: `${prefix}${name}`,
      received: Reflect.get(given, name),
      remedy: `There are: ${[...names].join(', ')}.`,
      code: 'ERR_EXPECTATION_UNKNOWN_OPTION',
    })
  }
}

function number(option: string, value: unknown, least: number, most: number, fallback: number) {
  if (value === undefined) return fallback
  if (typeof value === 'number' && value >= least && value <= most) return value
  return reject(option, value, `Write a number from ${least} to ${most}.`)
}

function whole(option: string, value: unknown, least: number, most: number, fallback: number) {
  const read = number(option, value, least, most, fallback)
  return Number.isInteger(read) ? read : reject(option, value, 'Write a whole number.')
}

const ms = (option: string, value: unknown, fallback: number): number =>
  whole(option, value, 1, LONGEST_MS, fallback)

export function readOptions(target: string | URL, options: UploadOptions): UploadPlan {
  if (!isRecord(options)) {
    reject('options', options, "Write an object such as { body: 'hello' }.")
  }
  known(options, NAMES, '')
  const url = readUrl(target)
  const fields = withCredentials(url, readFields(options.headers, 'headers'))
  checkFunctions(options)
  checkType(options.body, fields)
  checkAgent(options.agent)
  return {
    url,
    method: readMethod(options.method),
    fields: fields.filter(([name]) => name.toLowerCase() !== 'content-length'),
    declaredLength: declaredLengthOf(options.contentLength, lengthIn(fields)),
    expect: readExpect(options.expect),
    expectFromBytes: readFrom(options.expectFromBytes),
    limits: {
      connectTimeoutMs: ms('connectTimeoutMs', options.connectTimeoutMs, 10_000),
      continueTimeoutMs: ms('continueTimeoutMs', options.continueTimeoutMs, 1_000),
      idleTimeoutMs: ms('idleTimeoutMs', options.idleTimeoutMs, 60_000),
      responseTimeoutMs: ms('responseTimeoutMs', options.responseTimeoutMs, 60_000),
    },
    retry: readRetry(options.retry),
    retryOn: readRetryOn(options.retryOn),
    redirects: whole('redirects', options.redirects, 0, 100, 5),
    options,
  }
}

/** Uploads of one program tend to go to one place; nobody changes a URL that has no credentials in it. */
let latest: { readonly text: string; readonly url: URL } | undefined

function readUrl(target: unknown): URL {
  try {
    const text = target instanceof URL ? target.href : String(target)
    if (latest?.text === text) return latest.url
    const url = new URL(text)
    // Nobody is sent it (RFC 9110 section 7.1), and a `Response` does not tell it.
    url.hash = ''
    if (url.protocol === 'http:' || url.protocol === 'https:') {
      if (url.username === '' && url.password === '') latest = { text, url }
      return url
    }
  } catch {
    // Told below.
  }
  return reject('url', withoutCredentials(target), 'Write an absolute http: or https: URL.')
}

/** Errors end up in logs. */
function withoutCredentials(target: unknown): unknown {
  return typeof target === 'string' ? target.replace(/\/\/[^/?#]*@/, '//…@') : target
}

/** User and password of a URL become what they stand for (RFC 7617). */
function withCredentials(url: URL, fields: Fields): Fields {
  if (url.username === '' && url.password === '') return fields
  const { username, password } = url
  url.username = ''
  url.password = ''
  if (fieldOf(fields, 'authorization') !== undefined) return fields
  const pair = `${unescaped(username)}:${unescaped(password)}`
  return [...fields, ['Authorization', `Basic ${Buffer.from(pair).toString('base64')}`]]
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return reject('url', '//…@', 'Write a % in the user or the password as %25.')
  }
}

function readMethod(method: unknown): string {
  if (method === undefined) return 'PUT'
  if (typeof method !== 'string' || !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(method)) {
    return reject('method', method, "Write a method such as 'PUT'.")
  }
  const upper = method.toUpperCase()
  if (upper === 'CONNECT' || upper === 'TRACE') {
    reject('method', method, 'It carries no upload; write PUT, POST or PATCH.')
  }
  return upper
}

function lengthIn(fields: Fields): unknown {
  const written = fieldOf(fields, 'content-length')
  return written === undefined || !/^\d+$/.test(written) ? written : Number(written)
}

/** Said twice, it has to be the same (RFC 9110 section 8.6). */
function declaredLengthOf(length: unknown, written: unknown): number | undefined {
  const declared = readLength(length ?? written)
  if (written === undefined || written === declared) return declared
  return reject(
    'contentLength',
    length,
    `The header Content-Length says ${written}; leave one out.`,
  )
}

function readLength(length: unknown): number | undefined {
  if (length === undefined) return undefined
  if (typeof length === 'number' && Number.isSafeInteger(length) && length >= 0) return length
  return reject('contentLength', length, 'Write a whole number of bytes.')
}

function readExpect(expect: unknown): 'auto' | boolean {
  if (expect === undefined || expect === 'auto') return 'auto'
  return typeof expect === 'boolean'
    ? expect
    : reject('expect', expect, "Write 'auto', true or false.")
}

function readFrom(from: unknown): number {
  if (from === undefined) return SMALL
  return (
    parseBytes(from) ?? reject('expectFromBytes', from, "Write bytes or a size such as '64kb'.")
  )
}

function readRetry(retry: RetryOptions | false | undefined): RetryPolicy {
  if (retry === undefined) return RETRY
  if (retry === false) return { ...RETRY, attempts: 1 }
  if (!isRecord(retry)) {
    return reject('retry', retry, 'Write false, or an object such as { attempts: 3 }.')
  }
  known(retry, new Set(Object.keys(RETRY)), 'retry.')
  const maxDelayMs = whole('retry.maxDelayMs', retry.maxDelayMs, 0, LONGEST_MS, RETRY.maxDelayMs)
  const least = Math.min(RETRY.minDelayMs, maxDelayMs)
  const { jitter = true } = retry
  if (typeof jitter !== 'boolean') reject('retry.jitter', jitter, 'Write true or false.')
  return {
    attempts: whole('retry.attempts', retry.attempts, 1, 1_000, RETRY.attempts),
    minDelayMs: whole('retry.minDelayMs', retry.minDelayMs, 0, maxDelayMs, least),
    maxDelayMs,
    factor: number('retry.factor', retry.factor, 1, 100, RETRY.factor),
    jitter,
  }
}

function readRetryOn(statuses: unknown): readonly number[] {
  if (statuses === undefined) return RETRY_ON
  const ok = (each: unknown) => Number.isInteger(each) && Number(each) >= 400 && Number(each) <= 599
  if (Array.isArray(statuses) && statuses.every(ok)) return statuses.map(Number)
  return reject('retryOn', statuses, 'Write a list of statuses from 400 to 599.')
}

function checkFunctions(options: UploadOptions): void {
  for (const name of ['authorize', 'onAttempt', 'onProgress', 'onInformation'] as const) {
    const given: unknown = options[name]
    if (given !== undefined && typeof given !== 'function') reject(name, given, 'Write a function.')
  }
  const { signal } = options
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    reject('signal', signal, 'Write an AbortSignal, such as AbortSignal.timeout(60_000).')
  }
}

function checkAgent(agent: UploadOptions['agent']): void {
  if (agent === undefined || isAgent(agent)) return
  if (isRecord(agent)) {
    known(agent, new Set(['http', 'https']), 'agent.')
    const { http, https } = agent as { http?: unknown; https?: unknown }
    if ([http, https].every((each) => each === undefined || isAgent(each))) return
  }
  reject('agent', agent, 'Write an http.Agent, or { http: agent, https: agent }.')
}

/** The boundary is made with the content, and nobody else knows it (RFC 7578 section 4.1). */
function checkType(body: unknown, fields: Fields): void {
  const type = fieldOf(fields, 'content-type')
  if (type === undefined || !isForm(body)) return
  reject("headers['Content-Type']", type, 'A form writes its own, with its boundary; leave it out.')
}

/** Agents of other packages need not be of Node's class. */
export function isAgent(value: unknown): value is Agent {
  if (value instanceof Agent) return true
  if (typeof value !== 'object' || value === null) return false
  return 'addRequest' in value && typeof value.addRequest === 'function'
}

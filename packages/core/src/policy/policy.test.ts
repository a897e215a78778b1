// Options become a policy, or an error that says what to write instead.

import { describe, expect, it } from '@jest/globals'
import { OptionError } from '../validation/option-error.js'
import type { ExpectationOptions } from './options.js'
import { compilePolicy } from './policy.js'

/** What a caller without types could write. */
function compileUntyped(options: unknown): unknown {
  return compilePolicy(options as ExpectationOptions)
}

function faultOf(options: unknown): OptionError {
  try {
    compileUntyped(options)
  } catch (error) {
    if (error instanceof OptionError) return error
    throw error
  }
  throw new Error('was accepted')
}

describe('a policy without options', () => {
  it('has the documented defaults', () => {
    const { said, ...policy } = compilePolicy()
    expect(said).toEqual({ linger: {} })
    expect(policy).toEqual({
      maxContentLength: undefined,
      requireContentLength: false,
      acceptedTypes: undefined,
      acceptedCodings: undefined,
      checks: [],
      checkTimeoutMs: 800,
      contentTimeoutMs: 60_000,
      logger: undefined,
      normalizeClientErrors: false,
      advertiseLimits: false,
      onCheckTimeout: 'refuse',
      acceptContinue: true,
      unknownExpectation: 'refuse',
      expectations: new Map(),
      continueTiming: 'on-read',
      format: 'error',
      linger: { idleMs: 2000, totalMs: 30_000, maxBytes: 64 * 1024 * 1024, maxConcurrent: 1000 },
      onOutcome: undefined,
    })
  })

  it('is the same as one whose options are all undefined', () => {
    const { linger, said: _said, ...rest } = compilePolicy()
    const absent = (keys: object) =>
      Object.fromEntries(Object.keys(keys).map((name) => [name, undefined]))
    expect(compileUntyped({ ...absent(rest), linger: absent(linger) })).toEqual(compilePolicy())
  })
})

describe('a name that people guess', () => {
  it.each([
    ['maxSize', 'maxContentLength'],
    ['max_file_size', 'maxContentLength'],
    ['limit', 'maxContentLength'],
    ['fileSize', 'maxContentLength'],
    ['bodyLimit', 'maxContentLength'],
    ['types', 'acceptedTypes'],
    ['mime-types', 'acceptedTypes'],
    ['encodings', 'acceptedCodings'],
    ['fileFilter', 'checks'],
    ['timeout', 'checkTimeoutMs'],
    ['log', 'logger'],
    ['maxBody', 'maxContentLength'],
    ['maxUploadBytes', 'maxContentLength'],
    ['max_content_size', 'maxContentLength'],
    ['allowedFileTypes', 'acceptedTypes'],
    ['supportedEncodings', 'acceptedCodings'],
    ['requestDeadline', 'checkTimeoutMs'],
    ['auth', 'checks'],
  ])('%s: the error names %s', (name, option) => {
    const fault = faultOf({ [name]: 1 })
    expect(fault.code).toBe('ERR_EXPECTATION_UNKNOWN_OPTION')
    expect(fault.message).toContain(`The option for that is ${option}.`)
  })
})

describe('a compiled policy', () => {
  it('reads sizes in bytes and in powers of 1024', () => {
    const limits = [0, 5, '5', '5b', '1kb', '1.5 KB', ' 2mb ', '5gb'].map(
      (size) => compilePolicy({ maxContentLength: size }).maxContentLength,
    )
    expect(limits).toEqual([0, 5, 5, 5, 1024, 1536, 2 * 1024 ** 2, 5 * 1024 ** 3])
  })

  it('completes media types as type-is does, in lower case', () => {
    const { acceptedTypes } = compilePolicy({
      acceptedTypes: ['Video/*', 'JSON', '+json', 'multipart', 'urlencoded'],
    })
    expect(acceptedTypes).toEqual([
      'video/*',
      'application/json',
      '*/*+json',
      'multipart/*',
      'application/x-www-form-urlencoded',
    ])
  })

  it('knows codings by their registered names in lower case', () => {
    const { acceptedCodings } = compilePolicy({ acceptedCodings: ['X-GZIP', 'gzip', 'br'] })
    expect(acceptedCodings).toEqual(new Set(['gzip', 'br']))
  })

  it('knows extension expectations by lower-case name', () => {
    const accept = () => true
    expect(compilePolicy({ expectations: { Priority: accept } }).expectations).toEqual(
      new Map([['priority', accept]]),
    )
  })

  it('does not change, and later changes to the options do not show', () => {
    const checks = [() => undefined]
    const policy = compilePolicy({ checks, linger: { idleMs: 5 } })
    checks.push(() => undefined)
    expect(policy.checks).toHaveLength(1)
    expect([policy, policy.checks, policy.linger].every(Object.isFrozen)).toBe(true)
  })
})

describe('a wrong option', () => {
  it.each<[string, unknown, string, RegExp]>([
    ['maxContentLength', '12 parrots', '"12 parrots"', /bytes.*"5gb"/],
    ['maxContentLength', -1, '-1', /from 0/],
    ['maxContentLength', 1.5, '1.5', /whole number/],
    ['maxContentLength', Number.NaN, 'NaN', /whole number/],
    ['maxContentLength', 5n, '5n', /whole number/],
    ['maxContentLength', '9000pb', '"9000pb"', /2\^53/],
    ['requireContentLength', 'yes', '"yes"', /true or false/],
    ['acceptedTypes', 'video/*', '"video/*"', /array/],
    ['acceptedTypes', [], '[]', /leave it out/],
    ['acceptedTypes[0]', ['text/html; charset=utf-8'], 'charset=utf-8', /without parameters/],
    ['acceptedTypes[1]', ['json', 'no-such-thing'], '"no-such-thing"', /"video\/\*"/],
    ['acceptedCodings', 'gzip', '"gzip"', /array/],
    ['acceptedCodings[0]', ['g zip'], '"g zip"', /"gzip"/],
    ['checks', () => undefined, 'function', /array of functions/],
    ['checks[1]', [() => undefined, 'x'], '"x"', /function \(head/],
    ['checkTimeoutMs', 0, '0', /from 1 to 2147483647/],
    ['checkTimeoutMs', 2 ** 31, '2147483648', /from 1 to 2147483647/],
    ['checkTimeoutMs', '800', '"800"', /milliseconds/],
    ['onCheckTimeout', 'pass', '"pass"', /'refuse' or 'continue'/],
    ['acceptContinue', 1, '1', /true or false/],
    ['unknownExpectation', 'reject', '"reject"', /'refuse' or 'ignore'/],
    ['expectations', [], '[]', /object of functions/],
    ['expectations.foo', { foo: true }, 'true', /function \(member, head\)/],
    ['expectations', { 'a b': () => true }, '"a b"', /tokens/],
    ['expectations', { '100-Continue': () => true }, '"100-Continue"', /acceptContinue/],
    ['expectations', { foo: () => true, FOO: () => true }, '"FOO"', /one spelling/],
    ['continueTiming', 'eager', '"eager"', /'on-read' or 'after-checks'/],
    ['format', 'xml', '"xml"', /'problem'.*function/],
    ['linger', 5000, '5000', /object/],
    ['linger.idleMs', { idleMs: -1 }, '-1', /from 0 to 2147483647/],
    ['linger.totalMs', { totalMs: Number.POSITIVE_INFINITY }, 'Infinity', /milliseconds/],
    ['linger.maxBytes', { maxBytes: 'much' }, '"much"', /"5gb"/],
    ['linger.maxConcurrent', { maxConcurrent: null }, 'null', /whole number/],
    ['onOutcome', 'log', '"log"', /function \(outcome\)/],
  ])('%s of %p is named, shown and mended', (option, value, shown, remedy) => {
    const name = option.replace(/[.[].*/, '')
    const fault = faultOf({ [name]: value })
    expect(fault).toMatchObject({
      name: 'OptionError',
      option,
      code: 'ERR_EXPECTATION_INVALID_OPTION',
    })
    expect(fault).toBeInstanceOf(TypeError)
    expect(fault.message.startsWith(`${option} cannot be `)).toBe(true)
    expect(fault.message).toContain(shown)
    expect(fault.message).toMatch(remedy)
  })

  it.each([
    [{ maxContentLenght: 5 }, 'maxContentLenght', 'Did you mean maxContentLength?'],
    [{ acceptedtypes: [] }, 'acceptedtypes', 'Did you mean acceptedTypes?'],
    [{ linger: { idle: 5 } }, 'linger.idle', 'Did you mean idleMs?'],
    [{ linger: { qqqqqqqqqqqq: 5 } }, 'linger.qqqqqqqqqqqq', 'The options are idleMs, totalMs'],
  ])('unknown in %j is told the nearest name', (options, option, remedy) => {
    const fault = faultOf(options)
    expect(fault).toMatchObject({ option, code: 'ERR_EXPECTATION_UNKNOWN_OPTION' })
    expect(fault.message.startsWith(`${option} is not an option`)).toBe(true)
    expect(fault.message).toContain(remedy)
  })

  it.each([[null], [5], ['5gb'], [[]]])('%p is no object of options', (options) => {
    expect(faultOf(options)).toMatchObject({ option: 'options', received: options })
  })

  it('is shown in few characters and without trouble, whatever it is', () => {
    const circular: Record<string, unknown> = {}
    circular.self = circular
    expect(faultOf({ format: circular }).message).toContain('an unreadable object')
    expect(faultOf({ format: 'x'.repeat(5000) }).message.length).toBeLessThan(250)
    expect(faultOf({ format: Symbol('s') }).message).toContain('Symbol(s)')
  })
})

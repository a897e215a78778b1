// Options of error handlers become a frozen policy, or an error that says what to write instead.

import { afterEach, describe, expect, it, jest } from '@jest/globals'
import { OptionError } from '../validation/option-error.js'
import { compileErrorPolicy, type ErrorHandlerOptions } from './error-options.js'

/** What a caller without types could write. */
function faultOf(options: unknown): OptionError {
  try {
    compileErrorPolicy(options as ErrorHandlerOptions)
  } catch (error) {
    if (error instanceof OptionError) return error
    throw error
  }
  throw new Error('was accepted')
}

const facts = (status: number, clientGone = false) => ({ request: undefined, status, clientGone })

describe('compileErrorPolicy', () => {
  afterEach(() => {
    jest.restoreAllMocks()
  })

  it('has the documented defaults', () => {
    const policy = compileErrorPolicy()
    expect(policy).toEqual({ format: undefined, notFound: true, log: expect.any(Function) })
    expect(Object.isFrozen(policy)).toBe(true)
  })

  it('is the same when its options are all undefined', () => {
    const absent = { format: undefined, notFound: undefined, log: undefined }
    expect(compileErrorPolicy(absent as unknown as ErrorHandlerOptions)).toEqual(
      compileErrorPolicy(),
    )
  })

  it('keeps what it was given, and does not follow later changes', () => {
    const format = () => ({ mine: true })
    const log = () => undefined
    const options = { format, log, notFound: false }
    const policy = compileErrorPolicy(options)
    options.notFound = true
    expect(policy).toEqual({ format, log, notFound: false })
  })

  it('takes each shape by its name', () => {
    const shapes = ['error', 'problem', 'flat'] as const
    expect(shapes.map((format) => compileErrorPolicy({ format }).format)).toEqual(shapes)
  })

  it("prefers the caller's log to the framework's, and the framework's to its own", () => {
    const [callers, frameworks] = [() => undefined, () => undefined]
    expect(compileErrorPolicy({ log: callers }, frameworks).log).toBe(callers)
    expect(compileErrorPolicy({}, frameworks).log).toBe(frameworks)
    expect(compileErrorPolicy(undefined, frameworks).log).toBe(frameworks)
  })

  it('by default prints what the server is to blame for, whole, and nothing else', () => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => undefined)
    const { log } = compileErrorPolicy()
    const error = new Error('db password')
    log(error, facts(500))
    log(error, facts(503))
    log(error, facts(499))
    log(error, facts(404))
    log(error, facts(500, true))
    expect(print.mock.calls).toEqual([[error], [error]])
  })

  const wrong: readonly (readonly [string, unknown, string])[] = [
    ['a format of no name', { format: 'xml' }, 'format'],
    ['a format that is null', { format: null }, 'format'],
    ['a notFound that is no boolean', { notFound: 'no' }, 'notFound'],
    ['a log that is no function', { log: console }, 'log'],
    ['a log that is null', { log: null }, 'log'],
  ]
  for (const [shown, options, option] of wrong) {
    it(`refuses ${shown}`, () => {
      expect(faultOf(options)).toMatchObject({ code: 'ERR_EXPECTATION_INVALID_OPTION', option })
    })
  }

  it('says what to write instead', () => {
    expect(faultOf({ log: 1 }).message).toBe('log cannot be 1. Give a function (error, context).')
    expect(faultOf({ format: 'xml' }).message).toBe(
      "format cannot be \"xml\". Give 'error' or 'problem' or 'flat', or a function (facts, head).",
    )
  })

  it('refuses names that are no options, and names the one that was meant', () => {
    const fault = faultOf({ notfound: false })
    expect(fault).toMatchObject({ code: 'ERR_EXPECTATION_UNKNOWN_OPTION', option: 'notfound' })
    expect(fault.message).toContain('notFound')
    expect(faultOf({ maxContentLength: 1 }).code).toBe('ERR_EXPECTATION_UNKNOWN_OPTION')
  })

  for (const options of [null, 'problem', 5, []]) {
    it(`refuses ${JSON.stringify(options)} in the place of options`, () => {
      expect(() => compileErrorPolicy(options as ErrorHandlerOptions)).toThrow(OptionError)
    })
  }
})

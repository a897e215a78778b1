// The user's own functions: they may be asynchronous, throw anything, never settle, and the client may
// leave meanwhile. What they give is checked like what came from outside.

import { OptionError } from '@expectation/core'
import { type FieldLines, forEachLine, valuesOf } from '../fields/field-lines.js'
import { linesOfFields } from '../fields/given-fields.js'
import { isHopByHop } from '../fields/hop-by-hop.js'
import { isFieldValue, isToken } from '../fields/syntax.js'
import type { RewrittenHead } from '../options/options.js'
import type { RelayHead } from '../options/relay-head.js'
import { RelayError, timedOut } from '../refusals.js'
import type { UpstreamHead } from '../upstream/upstream.js'
import { Wait } from '../wait.js'
import { isTarget } from './target.js'

/**
 * @throws what the callback throws or rejects with; a `Refusal` of 504 when it is not done in time.
 */
export async function inTime<Value>(
  ms: number,
  abort: AbortController,
  call: (signal: AbortSignal) => Value | Promise<Value>,
): Promise<Value> {
  const wait = new Wait()
  const late = new Promise<never>((_resolve, reject) => {
    const end = (why: Error): void => {
      abort.abort(why)
      reject(why)
    }
    wait.begin(ms, () => {
      end(timedOut(new RelayError('A callback of the gateway was not done in time.', 'ETIMEDOUT')))
    })
    abort.signal.addEventListener('abort', () => reject(abort.signal.reason), { once: true })
  })
  try {
    return await Promise.race([call(abort.signal), late])
  } catch (error) {
    // To `next`, nothing is no error.
    throw error ?? new TypeError('A callback of the gateway threw nothing.')
  } finally {
    wait.stop()
    late.catch(() => undefined)
  }
}

/** The head that `rewrite` sees: what would be sent, without what is the gateway's own. */
export function headToRewrite(head: UpstreamHead, version: RelayHead['version']): RelayHead {
  const headers: Record<string, string | string[]> = Object.create(null)
  forEachLine(head.lines, (key, value) => {
    const known = headers[key]
    if (known === undefined) headers[key] = value
    else if (Array.isArray(known)) known.push(value)
    else headers[key] = [known, value]
  })
  return { method: head.method, target: head.target, version, headers: { ...headers } }
}

const OWN: ReadonlySet<string> = new Set(['content-length', 'expect', 'host'])

/** @throws OptionError - `rewrite` gave what cannot be sent. */
export function rewritten(head: UpstreamHead, given: RewrittenHead): UpstreamHead {
  if (typeof given !== 'object' || given === null) {
    throw wrong('', given, 'Give the head back, as it was or with changes.')
  }
  const { method, target, headers } = given
  if (typeof method !== 'string' || !isToken(method) || method.toUpperCase() === 'CONNECT') {
    throw wrong('.method', method, 'Give a token other than CONNECT.')
  }
  // Its answer says how long the content would be, and the client would wait for that content.
  if (method === 'HEAD' && head.method !== 'HEAD') {
    throw wrong('.method', method, 'An answer to HEAD has no content; leave the method as it was.')
  }
  if (typeof target !== 'string' || !isTarget(target)) {
    throw wrong('.target', target, 'Give a path, which begins with a slash.')
  }
  const lines = linesOfFields(headers)
  if (lines === undefined) {
    const remedy =
      'Give a record, pairs as Headers or a Map has them, or names and values by turns.'
    throw wrong('.headers', kindOf(headers), remedy)
  }
  const [host] = valuesOf(lines, 'host')
  if (host !== undefined && !/^[\x21-\x7e]+$/.test(host)) {
    throw wrong('.headers.host', host, 'Give a host, with a port or without.')
  }
  return { ...head, method, target, host: host ?? head.host, lines: passedOn(lines) }
}

function wrong(part: string, received: unknown, remedy: string): OptionError {
  return new OptionError({ option: `rewrite()${part}`, received, remedy })
}

function passedOn(given: FieldLines): FieldLines {
  const lines: string[] = []
  forEachLine(given, (key, value, name) => {
    if (OWN.has(key) || isHopByHop(key) || key.startsWith(':')) return
    lines.push(...checkedLine(name, value))
  })
  return lines
}

function checkedLine(name: string, value: string): [string, string] {
  if (isToken(name) && isFieldValue(value)) return [name, value]
  // Values may be credentials.
  throw wrong('.headers', name, 'Give each field a token as its name, and one line as its value.')
}

/** Values may be credentials. */
function kindOf(headers: unknown): unknown {
  if (headers === undefined || headers === null) return headers
  return typeof headers === 'object' ? '[object]' : `[${typeof headers}]`
}

// The arguments of `writeHead` after the status (a phrase; an object, a flat list or a list of pairs),
// with `close` whatever they say of `Connection`. Other options that they name there stay: a field that is
// not named any more would be forwarded (RFC 9110 section 7.6.1).

import type { ServerResponse } from 'node:http'

const CONNECTION = 'connection'
const CONNECTION_FIELD = 'Connection'

/** @param said - What the head says of `Connection` as it was given. */
export function withClose(
  response: ServerResponse,
  args: readonly unknown[],
  said: unknown,
): readonly unknown[] {
  const options = closing(said)
  if (response.getHeaderNames().length > 0) {
    response.setHeader(CONNECTION_FIELD, options)
    return args.map(withoutConnection)
  }
  // When no field was set before, Node writes those that are given here as they are: pairs, and a name as
  // often as it is given. It would not, once one is set.
  const [reason, fields] = args
  const list = closingList(fields ?? reason, options)
  return typeof reason === 'string' ? [reason, list] : [list]
}

/** A connection that closes is not kept alive. */
function closing(said: unknown): string {
  if (said === undefined) return 'close'
  const named = String(said)
    .split(',')
    .map((option) => option.trim())
  return ['close', ...named.filter((option) => !/^(?:close|keep-alive|)$/i.test(option))].join(', ')
}

/** The value of a field of the head that is being written; `undefined` when it has none. */
export function fieldOf(response: ServerResponse, args: readonly unknown[], name: string): unknown {
  return fieldIn(args, name) ?? response.getHeader(name)
}

function fieldIn(args: readonly unknown[], name: string): unknown {
  for (const argument of args) {
    if (Array.isArray(argument)) {
      const pairs: readonly unknown[] = Array.isArray(argument[0]) ? argument.flat(1) : argument
      for (let at = 0; at + 1 < pairs.length; at += 2) {
        if (isNamed(pairs[at], name)) return pairs[at + 1]
      }
    } else if (isRecord(argument)) {
      const found = Object.keys(argument).find((key) => isNamed(key, name))
      if (found !== undefined) return argument[found]
    }
  }
  return undefined
}

function isRecord(fields: unknown): fields is Readonly<Record<string, unknown>> {
  return typeof fields === 'object' && fields !== null && !Array.isArray(fields)
}

/** Names and values by turns, which `writeHead` takes too, or a list of pairs where one was given. */
function closingList(fields: unknown, options: string): unknown[] {
  const list = Array.isArray(fields) ? withoutConnectionPairs(fields) : flatList(fields)
  if (Array.isArray(fields) && Array.isArray(fields[0])) list.push([CONNECTION_FIELD, options])
  else list.push(CONNECTION_FIELD, options)
  return list
}

function flatList(fields: unknown): unknown[] {
  const list: unknown[] = []
  if (!isRecord(fields)) return list
  for (const name of Object.keys(fields)) if (!isConnection(name)) list.push(name, fields[name])
  return list
}

function withoutConnection(argument: unknown): unknown {
  if (Array.isArray(argument)) return withoutConnectionPairs(argument)
  if (!isRecord(argument)) return argument
  return Object.fromEntries(Object.entries(argument).filter(([name]) => !isConnection(name)))
}

/** `writeHead` takes a flat list of names and values, or a list of pairs. */
function withoutConnectionPairs(list: readonly unknown[]): unknown[] {
  if (Array.isArray(list[0])) {
    return list.filter((pair) => !Array.isArray(pair) || !isConnection(pair[0]))
  }
  const kept: unknown[] = []
  // Of an odd number of them Node says what is wrong.
  for (let at = 0; at < list.length; at += 2) {
    if (!isConnection(list[at])) kept.push(...list.slice(at, at + 2))
  }
  return kept
}

function isConnection(name: unknown): boolean {
  return isNamed(name, CONNECTION)
}

/** Its length first: to lower a name costs more. */
function isNamed(given: unknown, name: string): boolean {
  const text = typeof given === 'string' ? given : String(given)
  return text.length === name.length && text.toLowerCase() === name
}

// The arguments of `writeHead` after the status (a phrase; an object, a flat list or a list of pairs),
// with `Connection: close` whatever they say of `Connection`.

import type { ServerResponse } from 'node:http'

const CONNECTION = 'connection'

export function withClose(response: ServerResponse, args: readonly unknown[]): readonly unknown[] {
  const [fields] = args
  // When no field was set before, Node writes those that are given here as they are.
  if (args.length === 1 && isRecord(fields) && response.getHeaderNames().length === 0) {
    return [closingList(fields)]
  }
  response.setHeader('Connection', 'close')
  return args.map(withoutConnection)
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

/** Names and values by turns, which `writeHead` takes too. */
function closingList(fields: Readonly<Record<string, unknown>>): unknown[] {
  const list: unknown[] = []
  for (const name in fields) {
    if (Object.hasOwn(fields, name) && !isConnection(name)) list.push(name, fields[name])
  }
  list.push('Connection', 'close')
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
  for (let at = 0; at + 1 < list.length; at += 2) {
    if (!isConnection(list[at])) kept.push(list[at], list[at + 1])
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

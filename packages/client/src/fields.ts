// Header fields as names and values, in the order in which they were written. Everything that is given
// as fields is checked here: names, values, and the few fields that the client has to write by itself.
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { OptionError } from './option-error.js'

export type Fields = readonly (readonly [name: string, value: string])[]

/** What header fields may be given as: as in `fetch`, or as in `node:http`. */
export type FieldsInput =
  | Headers
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string | number | readonly string[] | undefined>>

const WRITTEN_HERE: Readonly<Record<string, string>> = {
  connection: 'Connections are looked after by the agent; leave it out.',
  expect: 'Whether to ask is the option `expect`; leave the field out.',
  'keep-alive': 'Connections are looked after by the agent; leave it out.',
  'transfer-encoding': 'Content of unknown length is sent in chunks by itself; leave it out.',
  upgrade: 'An upload does not change the protocol; leave it out.',
}

/** `option`: how the caller calls it, for errors. */
export function readFields(input: unknown, option: string): Fields {
  if (input === undefined) return []
  const fields: (readonly [string, string])[] = []
  for (const [name, value] of entriesOf(input, option)) {
    for (const each of Array.isArray(value) ? value : [value]) {
      if (each !== undefined) fields.push(checked(name, each, option))
    }
  }
  return fields
}

function entriesOf(input: unknown, option: string): Iterable<readonly [unknown, unknown]> {
  if (typeof input !== 'object' || input === null) throw wrong(input, option)
  if (!(Symbol.iterator in input)) return Object.entries(input)
  const entries: unknown[] = [...(input as Iterable<unknown>)]
  return entries.map((entry) => {
    if (Array.isArray(entry) && entry.length === 2) return [entry[0], entry[1]] as const
    throw wrong(entry, option)
  })
}

function wrong(received: unknown, option: string): OptionError {
  const remedy = "Write an object such as { Authorization: 'Bearer …' }, entries, or Headers."
  return new OptionError({ option, received, remedy })
}

function checked(name: unknown, value: unknown, option: string): readonly [string, string] {
  if (typeof name !== 'string' || (typeof value !== 'string' && typeof value !== 'number')) {
    throw wrong({ [String(name)]: value }, option)
  }
  const text = String(value)
  const path = `${option}[${JSON.stringify(name)}]`
  const written = WRITTEN_HERE[name.toLowerCase()]
  if (written !== undefined) {
    throw new OptionError({ option: path, received: text, remedy: written })
  }
  try {
    validateHeaderName(name)
    validateHeaderValue(name, text)
  } catch (error) {
    const { message } = error as Error
    throw new OptionError({ option: path, received: text, remedy: `${message}.` })
  }
  return [name, text]
}

export function fieldOf(fields: Fields, name: string): string | undefined {
  for (const [each, value] of fields) if (each.toLowerCase() === name) return value
  return undefined
}

/** `over` takes the place of fields with the same name. */
export function withFields(fields: Fields, over: Fields): Fields {
  const names = new Set(over.map(([name]) => name.toLowerCase()))
  return [...fields.filter(([name]) => !names.has(name.toLowerCase())), ...over]
}

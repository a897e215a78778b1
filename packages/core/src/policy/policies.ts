// Options of a bare server's gate: those of every gate, and what stands in for a framework's routes.
// Law: each entry of `policies` is whole, made of the server's options and its own; the first one that
// fits a request is the one, and where none fits the server's options hold.

import type { RequestHead } from '../head/request-head.js'
import { OptionError } from '../validation/option-error.js'
import { rejectUnknownNames } from '../validation/unknown-names.js'
import { mergeOptions } from './merge-options.js'
import type { ExpectationOptions } from './options.js'
import { optionNames } from './policy.js'
import { pathOf, pathsOf } from './request-path.js'

/** Options for some requests of a server; each overrides the server's, one by one. */
export interface PathPolicy<Request = unknown>
  extends Omit<ExpectationOptions<Request>, 'normalizeClientErrors'> {
  /**
   * Paths without query: `/files`, with names for segments `/files/:name`, with `*` at the end for
   * everything below `/files/*`, or a pattern that is tested against the path in lower case. Compared
   * decoded, without case and without a slash at the end, as frameworks do. Other signs of frameworks'
   * routes (`:name?`, `*rest`, groups) throw: they would never match. Default: every path.
   */
  readonly path?: string | RegExp | undefined
  /** Methods, in any case. Default: every method. */
  readonly method?: string | readonly string[] | undefined
}

export interface Choice {
  /** Whole options, to be made into gates: the server's own first, then one for each entry. */
  readonly options: readonly ExpectationOptions[]
  /** The place in `options` of those that hold for a request. */
  readonly pick: (head: RequestHead) => number
}

type Matcher = (path: string, method: string) => boolean

/**
 * @param policies - As written; the first that fits a request holds.
 * @param server - The options beside them.
 * @throws {@link OptionError} when they are no list, or a path or method is of the wrong kind. Each
 * entry's other options are checked where its gate is made.
 */
export function readPolicies(
  policies: readonly PathPolicy[] | undefined,
  server: ExpectationOptions,
): Choice {
  if (policies === undefined) return { options: [server], pick: () => 0 }
  if (!Array.isArray(policies)) {
    throw fault('policies', policies, 'Give a list of { path, method, … }.')
  }
  const entries = policies.map((policy: PathPolicy, index) => readEntry(policy, index, server))
  return {
    options: [server, ...entries.map(({ options }) => options)],
    pick({ target, method }) {
      const paths = pathsOf(target)
      return entries.findIndex(({ matches }) => paths.some((path) => matches(path, method))) + 1
    },
  }
}

const ENTRY_NAMES = ['path', 'method', ...optionNames]

function readEntry(policy: PathPolicy, index: number, server: ExpectationOptions) {
  const option = `policies[${index}]`
  if (typeof policy !== 'object' || policy === null) {
    throw fault(option, policy, 'Give an object { path, method, … }.')
  }
  rejectUnknownNames(option, policy, ENTRY_NAMES)
  const normalizeClientErrors: unknown = Reflect.get(policy, 'normalizeClientErrors')
  if (normalizeClientErrors !== undefined) {
    const remedy = 'It holds for the whole server: write it beside policies.'
    throw fault(`${option}.normalizeClientErrors`, normalizeClientErrors, remedy)
  }
  const onPath = readPath(`${option}.path`, policy.path)
  const byMethod = readMethods(`${option}.method`, policy.method)
  const matches: Matcher = (of, by) => byMethod(by) && onPath(of)
  return { options: mergeOptions(server, policy), matches }
}

function readPath(option: string, path: PathPolicy['path']): (path: string) => boolean {
  if (path === undefined) return () => true
  // A sticky or global pattern remembers where it stopped.
  if (path instanceof RegExp) {
    const pattern = new RegExp(path.source, path.flags.replaceAll(/[gy]/g, ''))
    return (of) => pattern.test(of)
  }
  if (typeof path !== 'string' || !path.startsWith('/')) {
    throw fault(option, path, 'Give a path that begins with a slash, such as "/files/:name".')
  }
  const below = path.endsWith('/*')
  const written = below ? path.slice(0, -2) : path
  if (/[*?#(){}]/.test(written)) {
    throw fault(option, path, 'Give a path without query, ":name" for a segment, "/*" at the end.')
  }
  const segments = pathOf(written).split('/')
  return (of) => fits(of.split('/'), segments, below)
}

/** `/*` fits what is below, and the path itself. */
function fits(path: readonly string[], segments: readonly string[], below: boolean): boolean {
  // The root splits into two empty segments.
  const wanted = segments.filter((segment) => segment !== '')
  const given = path.filter((segment) => segment !== '')
  if (below ? given.length < wanted.length : given.length !== wanted.length) return false
  return wanted.every((segment, index) => segment.startsWith(':') || segment === given[index])
}

function readMethods(option: string, method: PathPolicy['method']): (method: string) => boolean {
  if (method === undefined) return () => true
  const list: readonly unknown[] = typeof method === 'string' ? [method] : method
  if (!Array.isArray(list) || list.length === 0 || !list.every(isToken)) {
    throw fault(option, method, 'Give a method such as "PUT", or a list of them.')
  }
  const methods = new Set(list.map((each) => each.toUpperCase()))
  // A method is told apart by case (RFC 9110 section 9.1), and HTTP/2 hands on any: what routes it may not tell.
  return (of) => methods.has(of) || methods.has(of.toUpperCase())
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(value)
}

function fault(option: string, received: unknown, remedy: string): OptionError {
  return new OptionError({ option, received, remedy })
}

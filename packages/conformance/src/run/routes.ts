// Which route of the server under test plays which role, read from routes.json and from flags.

import { ROLES, type Role } from '../cases/case.js'

export interface Route {
  readonly method: string
  readonly target: string
  /** Field lines that every request to it must carry, e.g. credentials. */
  readonly fields?: Readonly<Record<string, string>>
  /** `limit`: the most bytes it takes. */
  readonly bytes?: number
}

/** The most that `limit` may take: its content is held as a text, and sent by some cases twice. */
const MOST_BYTES = 16_777_216

/** A second one of these would make the request another one, or malformed. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'conformance-id',
  'connection',
  'content-length',
  'expect',
  'host',
  'transfer-encoding',
])

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/

export type Routes = Readonly<Partial<Record<Role, Route>>>

/** A mistake in what the person who runs the suite has written. */
export class RoutesError extends Error {
  override readonly name = 'RoutesError'
}

const isRole = (name: string): name is Role => (ROLES as readonly string[]).includes(name)

/**
 * Reads the parsed content of routes.json: `{ "reads": "POST /reads", "limit": { … } }`.
 *
 * @throws RoutesError - an unknown role, or a route that cannot be understood.
 */
export function readRoutes(value: unknown): Routes {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RoutesError('Routes are an object: { "reads": "POST /reads", … }')
  }
  const routes: Partial<Record<Role, Route>> = {}
  for (const [name, given] of Object.entries(value)) {
    if (!isRole(name)) {
      throw new RoutesError(`${JSON.stringify(name)} is not a role. Roles: ${ROLES.join(', ')}`)
    }
    routes[name] = readRoute(name, given)
  }
  if (routes.limit !== undefined && routes.limit.bytes === undefined) {
    throw new RoutesError('The role "limit" needs "bytes": the most that the route takes')
  }
  return routes
}

export function readRoute(role: string, given: unknown): Route {
  const wrong = (): RoutesError =>
    new RoutesError(
      `${role}: ${JSON.stringify(given)} is not a route. Write "POST /path", or ` +
        '{ "method": "POST", "target": "/path", "fields": { … }, "bytes": 1000 }',
    )
  const { method, target, fields, bytes } = membersOf(role, given, wrong)
  if (typeof method !== 'string' || !token.test(method)) throw wrong()
  if (typeof target !== 'string' || !/^\/[\x21-\x7e\x80-\xff]*$/.test(target)) throw wrong()
  return {
    method,
    target,
    ...(bytes === undefined ? {} : { bytes: readBytes(role, bytes) }),
    ...(fields === undefined ? {} : { fields: readFields(role, fields, wrong) }),
  }
}

const MEMBERS: readonly string[] = ['method', 'target', 'fields', 'bytes']

function membersOf(role: string, given: unknown, wrong: () => RoutesError) {
  if (typeof given === 'string') {
    const [, method, target, bytes] = /^(\S+) (\S+)(?: (\d+))?$/.exec(given) ?? []
    return { method, target, bytes: bytes === undefined ? undefined : Number(bytes) }
  }
  if (typeof given !== 'object' || given === null) throw wrong()
  const unknown = Object.keys(given).find((name) => !MEMBERS.includes(name))
  if (unknown !== undefined) {
    throw new RoutesError(
      `${role}: ${JSON.stringify(unknown)} is no part of a route. A route has ${MEMBERS.join(', ')}`,
    )
  }
  const members: Record<string, unknown> = { ...given }
  return members
}

function readBytes(role: string, bytes: unknown): number {
  if (role !== 'limit') {
    throw new RoutesError(`${role}: "bytes" (${JSON.stringify(bytes)}) belongs to "limit" only`)
  }
  if (typeof bytes === 'number' && Number.isInteger(bytes) && bytes > 0 && bytes <= MOST_BYTES) {
    return bytes
  }
  throw new RoutesError(
    `limit: "bytes" is ${JSON.stringify(bytes)}, not a whole number from 1 to ${MOST_BYTES}. ` +
      'All of it is sent several times: name a route with a limit in this range',
  )
}

function readFields(
  role: string,
  given: unknown,
  wrong: () => RoutesError,
): Record<string, string> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong()
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (OWN_FIELDS.has(name.toLowerCase())) {
        throw new RoutesError(`${role}: the field ${JSON.stringify(name)} is written by the suite`)
      }
      // A value may be a secret, so it is not repeated.
      if (!token.test(name) || typeof value !== 'string' || !fieldValue.test(value)) {
        throw new RoutesError(
          `${role}: ${JSON.stringify(name)} is no field with a text as its value`,
        )
      }
      return [name, value]
    }),
  )
}

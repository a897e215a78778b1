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
  if (typeof given === 'string') {
    const match = /^([A-Za-z]+) (\/\S*)(?: (\d+))?$/.exec(given)
    if (match?.[1] === undefined || match[2] === undefined) throw wrong()
    const bytes = match[3] === undefined ? {} : { bytes: Number(match[3]) }
    return { method: match[1], target: match[2], ...bytes }
  }
  if (typeof given !== 'object' || given === null) throw wrong()
  const { method, target, fields, bytes }: Record<string, unknown> = { ...given }
  if (typeof method !== 'string' || typeof target !== 'string' || !target.startsWith('/')) {
    throw wrong()
  }
  if (bytes !== undefined && !Number.isSafeInteger(bytes)) throw wrong()
  return {
    method,
    target,
    ...(typeof bytes === 'number' ? { bytes } : {}),
    ...(fields === undefined ? {} : { fields: readFields(fields, wrong) }),
  }
}

function readFields(given: unknown, wrong: () => RoutesError): Record<string, string> {
  if (typeof given !== 'object' || given === null) throw wrong()
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (typeof value !== 'string') throw wrong()
      return [name, value]
    }),
  )
}

// Fills the placeholders of a case with the routes of the server under test.

import type { Role } from '../cases/case.js'
import type { Address } from '../wire/address.js'
import type { Route, Routes } from './routes.js'

const placeholder =
  /\{(?:(method|target|fields):(\w+)|(host|id|other|behind|other\.length|other\.hex|limit|limit\+1|limit\.content|limit\.chunks))\}/g

export interface Template {
  readonly id: string
  route(role: Role): Route
  plays(role: Role): boolean
  fill(text: string): string
}

/** @param id - marks every request of one run of one case, so that calls can be counted. */
export function createTemplate(address: Address, routes: Routes, id: string): Template {
  function route(role: Role): Route {
    const found = routes[role]
    // Cases whose role is missing are never begun.
    if (found === undefined) throw new Error(`no route plays ${role}`)
    return found
  }

  const limit = (): number => route('limit').bytes ?? 0

  function plain(mark: string): string {
    const { method, target } = route('hello')
    const own = fieldLines(route('hello'))
    return `${method} ${target} HTTP/1.1\r\nHost: ${address.authority}\r\nConformance-Id: ${id}-${mark}\r\n${own}\r\n`
  }

  function replaced(
    kind: string | undefined,
    role: string | undefined,
    word: string | undefined,
  ): string {
    if (kind === 'method') return route(role as Role).method
    if (kind === 'target') return route(role as Role).target.replaceAll('{id}', id)
    if (kind === 'fields') return fieldLines(route(role as Role))
    switch (word) {
      case 'host':
        return address.authority
      case 'id':
        return id
      case 'other':
      case 'behind':
        return plain(word)
      case 'other.length':
        return String(plain('other').length)
      case 'other.hex':
        return plain('other').length.toString(16)
      case 'limit':
        return String(limit())
      case 'limit.content':
        return 'x'.repeat(limit())
      case 'limit.chunks':
        // Twice the limit and no end: only a server that counts can answer it.
        return `${limit().toString(16)}\r\n${'x'.repeat(limit())}\r\n`.repeat(2)
      default:
        return String(limit() + 1)
    }
  }

  return {
    id,
    route,
    plays: (role) => routes[role] !== undefined,
    fill: (text) =>
      text.replaceAll(placeholder, (_all, kind?: string, role?: string, word?: string) =>
        replaced(kind, role, word),
      ),
  }
}

function fieldLines(route: Route): string {
  return Object.entries(route.fields ?? {})
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')
}

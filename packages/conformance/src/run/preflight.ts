// Before the first case: is there a server, does it speak HTTP, do its routes play their roles?
// A wrong role would make a right server look wrong, so the run ends here with a sentence.

import { FIVE, head } from '../cases/bytes.js'
import { ROLES, type Role } from '../cases/case.js'
import type { Address } from '../wire/address.js'
import type { WireResponse } from '../wire/response.js'
import { contentFault } from './judge.js'
import { requestOnce } from './once.js'
import type { Routes } from './routes.js'
import { createTemplate, type Template } from './template.js'

export type PreflightCode = 'NO_SERVER' | 'NOT_HTTP' | 'WRONG_ROLE'

/** The run cannot begin; the message says what to change. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError'

  constructor(
    readonly code: PreflightCode,
    message: string,
  ) {
    super(message)
  }
}

type Probe = (response: WireResponse) => string | undefined

const status = (...wanted: readonly number[]): Probe => {
  return (response) =>
    wanted.includes(response.status)
      ? undefined
      : `answered ${response.status}, not ${wanted.join(' or ')}`
}
const succeeds: Probe = (response) =>
  response.status >= 200 && response.status < 300
    ? undefined
    : `answered ${response.status}, not 2xx`
const readsAll: Probe = (response) =>
  succeeds(response) ?? contentFault(response, Buffer.from(FIVE))
const refuses: Probe = (response) =>
  response.status >= 400 ? undefined : `answered ${response.status}, not a refusal`

/** What a plain request with five bytes of content (none for `hello`) must get. */
const probes: Readonly<Partial<Record<Role, Probe>>> = {
  hello: succeeds,
  reads: readsAll,
  refuses: (response) =>
    refuses(response) ?? (response.status === 417 ? '417 is no refusal of a route' : undefined),
  limit: readsAll,
  slow: readsAll,
  slowRefuses: refuses,
  early: succeeds,
  readsThenRefuses: refuses,
  partial: refuses,
  throws: status(500),
  missing: status(404),
  methods: status(405),
  typed: status(415),
  coded: readsAll,
  busy: status(429, 503),
}

/** @throws PreflightError */
export async function preflight(address: Address, routes: Routes): Promise<void> {
  if (routes.hello === undefined) {
    throw new PreflightError('WRONG_ROLE', 'The role "hello" is needed: a GET that answers 2xx')
  }
  const template = createTemplate(address, routes, 'preflight')
  for (const role of ROLES) {
    const probe = probes[role]
    if (probe !== undefined && routes[role] !== undefined) await ask(address, template, role, probe)
  }
}

async function ask(address: Address, template: Template, role: Role, probe: Probe): Promise<void> {
  const { method, target } = template.route(role)
  const fault = probe(await answer(address, template.fill(requestFor(role))))
  if (fault === undefined) return
  throw new PreflightError(
    'WRONG_ROLE',
    `${method} ${target} cannot play the role "${role}": without Expect it ${fault}`,
  )
}

function requestFor(role: Role): string {
  const lines = ['Connection: close']
  if (role === 'hello') return head({ to: role, lines })
  if (role === 'typed') lines.push('Content-Type: text/x-unwanted')
  return head({ to: role, length: FIVE.length, lines }) + FIVE
}

async function answer(address: Address, bytes: string): Promise<WireResponse> {
  const where = `${address.host}:${address.port}`
  try {
    return await requestOnce(address, bytes)
  } catch (error) {
    const isObject = typeof error === 'object' && error !== null
    const code = isObject && 'code' in error ? error.code : undefined
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
      throw new PreflightError(
        'NO_SERVER',
        `No server answers at ${where} (${code}). Start it first`,
      )
    }
    const shown = error instanceof Error ? error.message : String(error)
    throw new PreflightError('NOT_HTTP', `${where} does not answer in HTTP/1.1: ${shown}`)
  }
}

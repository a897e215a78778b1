// Before the first case: is there a server, does it speak HTTP, do its routes play their roles?
// A wrong role would make a right server look wrong, so the run ends here with a sentence.

import { randomBytes } from 'node:crypto'
import { chunks, head } from '../cases/bytes.js'
import { ROLES, type Role } from '../cases/case.js'
import { http2Cases } from '../cases/http2.js'
import type { Address } from '../wire/address.js'
import { Http2Client } from '../wire/http2-client.js'
import { Observation } from '../wire/raw-client.js'
import { callsOf } from './calls.js'
import type { Answer } from './judge.js'
import { requestOnce } from './once.js'
import { request } from './perform-http2.js'
import { PreflightError, unanswered } from './preflight-error.js'
import { type Question, questions } from './questions.js'
import type { Routes } from './routes.js'
import { createTemplate, type Template } from './template.js'

type Ask = (template: Template, role: Role, question: Question) => Promise<Answer>

/** @throws PreflightError */
export async function preflight(address: Address, routes: Routes): Promise<void> {
  const template = templateFor(address, routes)
  try {
    await askAll(ROLES, template, (...asked) => askHttp1(address, ...asked))
    if (template.plays('counts')) await askCounts(address, template)
  } catch (error) {
    throw error instanceof PreflightError ? error : unanswered(error, address, 'HTTP/1.1')
  }
}

/**
 * The same over HTTP/2, of the roles that its cases need.
 *
 * @throws PreflightError
 */
export async function preflightHttp2(address: Address, routes: Routes): Promise<void> {
  const template = templateFor(address, routes)
  const needed = new Set<Role>(['hello', ...http2Cases.flatMap(({ needs }) => needs)])
  let client: Http2Client | undefined
  try {
    const connected = await Http2Client.connect(address)
    client = connected
    const roles = ROLES.filter((role) => needed.has(role))
    await askAll(roles, template, (...asked) => askHttp2(connected, ...asked))
  } catch (error) {
    throw error instanceof PreflightError ? error : unanswered(error, address, 'HTTP/2')
  } finally {
    client?.destroy()
  }
}

function templateFor(address: Address, routes: Routes): Template {
  if (routes.hello === undefined) {
    throw new PreflightError('WRONG_ROLE', 'The role "hello" is needed: a GET that answers 2xx')
  }
  return createTemplate(address, routes, `preflight-${randomBytes(4).toString('hex')}`)
}

async function askAll(roles: readonly Role[], template: Template, ask: Ask): Promise<void> {
  for (const role of roles) {
    if (role === 'counts' || !template.plays(role)) continue
    for (const question of questions[role]) {
      const { content = '', about } = question
      const answer = await ask(template, role, question).catch((error: unknown) => {
        // What has answered `hello` speaks HTTP: the route is at fault.
        if (role === 'hello' || !(error instanceof Observation)) throw error
        throw wrongRole(template, role, `without Expect: ${error.message}`)
      })
      const fault = question.fault(answer, Buffer.from(template.fill(content), 'latin1'))
      const shown = about === undefined ? '' : ` (${template.fill(about)})`
      if (fault !== undefined) throw wrongRole(template, role, `without Expect it ${fault}${shown}`)
    }
  }
}

function askHttp1(
  address: Address,
  template: Template,
  role: Role,
  { content, chunked, fields }: Question,
): Promise<Answer> {
  const lines = Object.entries({ Connection: 'close', ...fields }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  if (content === undefined) return requestOnce(address, template.fill(head({ to: role, lines })))
  const body = template.fill(content)
  return chunked === true
    ? requestOnce(address, template.fill(head({ to: role, chunked, lines })), chunks(body))
    : requestOnce(address, template.fill(head({ to: role, length: body.length, lines })), body)
}

async function askHttp2(
  client: Http2Client,
  template: Template,
  role: Role,
  { content, fields = {} }: Question,
): Promise<Answer> {
  const step = { do: 'request', stream: 'preflight', to: role } as const
  if (content === undefined)
    return request(client, template, { ...step, fields, end: true }).answer()
  const body = Buffer.from(template.fill(content), 'latin1')
  const length = { 'content-length': String(body.length) }
  const stream = request(client, template, { ...step, fields: { ...fields, ...length } })
  stream.send(body, true)
  return stream.answer()
}

/** A route that always answers 0 would let cases pass that ask it whether content was served. */
async function askCounts(address: Address, template: Template): Promise<void> {
  const id = `${template.id}-other`
  try {
    const before = await callsOf(address, template, id)
    await requestOnce(address, template.fill('{other}'))
    const after = await callsOf(address, template, id)
    if (before === 0 && after === 1) return
    const told = `of one request to "hello" it told ${before} before, and ${after} after it, not 0 and 1`
    throw wrongRole(template, 'counts', told)
  } catch (error) {
    if (error instanceof PreflightError) throw error
    throw wrongRole(template, 'counts', error instanceof Error ? error.message : String(error))
  }
}

function wrongRole(template: Template, role: Role, why: string): PreflightError {
  const { method, target } = template.route(role)
  return new PreflightError(
    'WRONG_ROLE',
    `${method} ${target} cannot play the role "${role}": ${why}`,
  )
}

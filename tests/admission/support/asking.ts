// Asks a check as a gate would, without one: heads of uploads, and answers as what they are.

import { type CheckContext, Grant, type GrantEnd, Refusal } from '@expectation/core'

export const ANSWERED: GrantEnd = { why: 'answered', receivedBytes: 0 }

/** @param length - `chunked` for content of unknown length. */
export function uploadOf(length: number | 'chunked') {
  const headers: Record<string, string> =
    length === 'chunked' ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(length) }
  return {
    method: 'PUT',
    target: '/files/a',
    version: '1.1' as const,
    headers,
    contentLength: length === 'chunked' ? undefined : length,
    contentType: undefined,
    field: (name: string) => headers[name.toLowerCase()],
  }
}

export function contextOf(
  request: unknown = undefined,
  signal = new AbortController().signal,
): CheckContext {
  return { request, signal }
}

type Asked = (head: ReturnType<typeof uploadOf>, context: CheckContext) => unknown

export async function ask(
  check: Asked,
  length: number | 'chunked' = 1,
  request?: unknown,
): Promise<unknown> {
  return check(uploadOf(length), contextOf(request))
}

/** Asks for an upload that must be let in. */
export async function granted(
  check: Asked,
  length: number | 'chunked' = 1,
  request?: unknown,
): Promise<Grant> {
  const answer = await check(uploadOf(length), contextOf(request))
  if (answer instanceof Grant) return answer
  throw new Error(`expected a grant, got ${String(answer)}`, { cause: answer })
}

/** One after the other; each must be let in. */
export async function grantedInTurn(...checks: readonly Asked[]): Promise<Grant[]> {
  const grants: Grant[] = []
  for (const check of checks) grants.push(await granted(check))
  return grants
}

/** Asks for an upload that must be refused. */
export async function refused(
  check: Asked,
  length: number | 'chunked' = 1,
  request?: unknown,
): Promise<Refusal> {
  const answer = await check(uploadOf(length), contextOf(request))
  if (answer instanceof Refusal) return answer
  throw new Error('expected a refusal', { cause: answer })
}

export function giveBack(...grants: readonly Grant[]): void {
  for (const grant of grants) grant.release(ANSWERED)
}

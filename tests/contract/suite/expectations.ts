// What every normalized answer looks like, whatever carries it.
import type { Final, Talk } from './talk.js'

export interface ErrorBody {
  readonly error: {
    readonly code: number
    readonly reason: string
    readonly message: string
    readonly details?: unknown
  }
}

export function normalized(answer: Final, status: number, reason: string): ErrorBody {
  expect(answer.status).toBe(status)
  expect(answer.field('content-type')).toBe('application/json; charset=utf-8')
  expect(answer.field('cache-control')).toBe('no-store')
  expect(answer.field('content-length')).toBe(String(answer.body.length))
  const body = answer.json()
  expect(body).toEqual({
    error: expect.objectContaining({ code: status, reason, message: expect.any(String) }),
  })
  return body as ErrorBody
}

/** The next answer is this refusal, and it left content unread. */
export async function refused(talk: Talk, status: number, reason: string): Promise<Final> {
  const answer = await talk.final()
  normalized(answer, status, reason)
  await talk.unread(answer)
  return answer
}

/** One 100, the content, and the content back on a connection that lives on. */
export async function accepted(talk: Talk, content = '12345'): Promise<Final> {
  await talk.continue()
  talk.send(content, 'last')
  const answer = await talk.final()
  expect(answer.status).toBe(200)
  expect(answer.json()).toEqual({ content })
  await talk.kept(answer)
  return answer
}

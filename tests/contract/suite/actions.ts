// What routes of the suite do.
import type { Action, Visit } from './adapter.js'

export async function contentOf(content: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of content) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

/** Reads the whole content and sends it back. */
export const echo: Action = async ({ content }) => ({
  body: JSON.stringify({ content: await contentOf(content) }),
})

export interface Counted {
  readonly action: Action
  readonly calls: () => number
}

/** The same, which also knows how often it ran. */
export function counted(action: Action = echo): Counted {
  let calls = 0
  return {
    action: (visit: Visit) => {
      calls += 1
      return action(visit)
    },
    calls: () => calls,
  }
}

/** Answers without a look at the content. */
export function answers(status: number, body = 'no', fields?: Record<string, string>): Action {
  return () => ({ status, body, ...(fields !== undefined && { fields }) })
}

export function throws(make: () => unknown): Action {
  return () => {
    throw make()
  }
}

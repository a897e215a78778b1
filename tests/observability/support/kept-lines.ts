// Log lines as a test waits for them.

import type { Logger, LogMethod } from '@expectation/core'
import { within } from '../../support/server.js'

export interface Line {
  readonly level: string
  readonly fields: { readonly expectation: Readonly<Record<string, unknown>> }
  readonly message: string
}

export interface KeptLines {
  readonly lines: readonly Line[]
  readonly logger: Required<Logger>
  keep(line: Line): void
  /** Waits until there are this many, and returns them. */
  reach(count: number): Promise<readonly Line[]>
  first(): Promise<Line>
}

export function keptLines(): KeptLines {
  const lines: Line[] = []
  const waiting = new Set<() => void>()
  const keep = (line: Line): void => {
    lines.push(line)
    for (const look of waiting) look()
  }
  const method =
    (level: string): LogMethod =>
    (fields, message) =>
      keep({ level, fields: fields as Line['fields'], message })
  const reach = async (count: number): Promise<readonly Line[]> => {
    const reached = new Promise<void>((resolve) => {
      const look = (): void => {
        if (lines.length >= count) resolve()
      }
      waiting.add(look)
      look()
    })
    await within(`line ${count} of the log`, reached, 5000)
    return lines
  }
  return {
    lines,
    keep,
    reach,
    first: async () => {
      const [line] = await reach(1)
      if (line === undefined) throw new Error('unreachable')
      return line
    },
    logger: {
      debug: method('debug'),
      info: method('info'),
      warn: method('warn'),
      error: method('error'),
    },
  }
}

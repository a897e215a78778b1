// The live feed: outcomes as Server-Sent Events. A reader that comes late or comes back gets what
// it missed; a reader that does not keep up is let go, so that memory stays bounded.

import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Outcome, Refusal } from '@expectation/core'

export interface Feed {
  publish(outcome: Outcome): void
  /** Throws a `Refusal` (503) when there are too many readers already. */
  subscribe(request: IncomingMessage, response: ServerResponse): void
  close(): void
}

const REMEMBERED = 50
const MAX_READERS = 100
const MAX_UNREAD_BYTES = 256 * 1024
// Some proxies cut a connection that has been silent for 30 seconds.
const SIGN_OF_LIFE_MS = 15_000

interface FeedEvent {
  readonly id: number
  readonly text: string
}

export function createFeed(): Feed {
  const readers = new Set<ServerResponse>()
  const recent: FeedEvent[] = []
  // Ids of an earlier run must not look like ids of this one to a reader that comes back.
  const run = Date.now().toString(36)
  let lastId = 0
  const pulse = setInterval(() => {
    for (const reader of readers) send(reader, ': still here\n\n')
  }, SIGN_OF_LIFE_MS)
  pulse.unref()

  function send(reader: ServerResponse, text: string): void {
    if (reader.writableLength > MAX_UNREAD_BYTES) reader.destroy()
    else reader.write(text)
  }

  return {
    publish(outcome) {
      const event = { id: ++lastId, text: eventText(`${run}-${lastId}`, outcome) }
      recent.push(event)
      if (recent.length > REMEMBERED) recent.shift()
      for (const reader of readers) send(reader, event.text)
    },

    subscribe(request, response) {
      if (readers.size >= MAX_READERS) {
        throw new Refusal(503, { details: 'Too many readers of the feed.' })
      }
      const [seenRun, seenId] = String(request.headers['last-event-id']).split('-')
      const seen = seenRun === run ? Number(seenId) : 0
      response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      })
      // The first line opens the feed at once in the browser, also when nothing has happened yet.
      response.write('retry: 1000\n\n')
      for (const event of recent) if (!(event.id <= seen)) response.write(event.text)
      readers.add(response)
      response.once('close', () => readers.delete(response))
    },

    close() {
      clearInterval(pulse)
      for (const reader of readers) reader.end()
      readers.clear()
    },
  }
}

function eventText(id: string, outcome: Outcome): string {
  const shown = { ...outcome, target: outcome.target.slice(0, 200), at: new Date().toISOString() }
  return `id: ${id}\ndata: ${JSON.stringify(shown)}\n\n`
}

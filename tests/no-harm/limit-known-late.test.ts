// K2.3: a limit that becomes known behind an asynchronous check or middleware is compared with what
// has been received by then, and again at the end: content of any framing that is over it gets 413.
import { chunks, head } from '../support/request.js'
import { lateReaders } from './scenes/content-moments.js'
import { keepsItsWord } from './support/connection.js'
import { gates, input, mounted } from './support/input.js'
import { StreamTalk, sessionServes, sessionWith } from './support/streams.js'

const LIMIT = 1024

const bodies: Readonly<Record<string, readonly [content: string, status: number]>> = {
  '60 kB in one chunk': [chunks('x'.repeat(60_000)), 413],
  '60 kB in chunks of 1000': [chunks(...Array(60).fill('x'.repeat(1000))), 413],
  '200 kB': [chunks('x'.repeat(200_000)), 413],
  'one byte over': [chunks('x'.repeat(LIMIT + 1)), 413],
  'one byte over in chunks of one': [chunks(...Array(LIMIT + 1).fill('x')), 413],
  'the limit itself': [chunks('x'.repeat(LIMIT)), 200],
}

for (const late of ['a check', 'middleware'] as const) {
  for (const reader of lateReaders) {
    for (const [what, [content, status]] of Object.entries(bodies)) {
      const main = what === '60 kB in one chunk' && reader === 'for await'
      input({
        id: 'K2.3',
        title: `${what} behind ${late}, read by ${reader}: ${status}`,
        scene: `limit behind ${late}, read by ${reader}`,
        // The gate of a bare server comes before everything, so nothing is in front of it.
        on: late === 'a check' ? gates : mounted,
        transports: main ? ['http', 'tls', 'duplex'] : ['http'],
        control: false,
        neighbour: !main,
        run: async (site) => {
          const client = await site.client()
          client.send(head({ method: 'POST', chunked: true }) + content)
          const response = await client.final()
          expect(response.status).toBe(status)
          await keepsItsWord(client, response)
        },
      })
    }
  }

  input({
    id: 'K2.3',
    title: `a stream without a declared length behind ${late}: 413`,
    scene: `limit behind ${late}, read by for await`,
    on: late === 'a check' ? gates : mounted,
    transports: ['h2c', 'h2'],
    control: false,
    run: async (site) => {
      const session = await sessionWith(site)
      const talk = new StreamTalk(session, { ':path': '/a' })
      talk.stream.end('x'.repeat(60_000))
      expect((await talk.answer()).status).toBe(413)
      await sessionServes(session)
    },
  })
}

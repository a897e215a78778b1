// What a closed HTTP/2 stream holds on to. Node keeps a stream until V8's next full collection, with everything
// that can be reached from it: an exchange that hangs there tripled what V8 copied for each accepted upload.

import http2 from 'node:http2'
import { Refusal } from '@expectation/core'
import { type AttachOptions, attach } from '@expectation/core/node'
import { listen } from '../contract/suite/servers.js'
import { afterThisTest } from '../support/cleanup.js'
import { areCollected } from '../support/collected.js'
import { within } from '../support/server.js'

const CONTENT = 'content'

// Outside of production an accepted one that asked is looked at ten seconds later (docs/warnings.md), and kept for it.
const uploads: Readonly<Record<string, readonly [http2.OutgoingHttpHeaders, AttachOptions]>> = {
  accepted: [{ 'content-length': CONTENT.length }, {}],
  'accepted, of undeclared length': [{}, { maxContentLength: 100 }],
  refused: [
    { 'content-length': CONTENT.length, expect: '100-continue' },
    { checks: [() => new Refusal(403)] },
  ],
}

test.each(Object.entries(uploads))(
  'law 10: a stream that has closed holds nothing of its exchange, %s',
  async (_name, [fields, options]) => {
    const streams: http2.ServerHttp2Stream[] = []
    const requests: WeakRef<object>[] = []
    const server = http2.createServer()
    server.on('request', (request, response) => {
      request.on('end', () => response.end())
      request.resume().on('data', () => {})
    })
    attach(server, {
      ...options,
      checks: [
        (_head, { request }) => {
          requests.push(new WeakRef(request))
        },
        ...(options.checks ?? []),
      ],
    })
    server.on('stream', (stream) => streams.push(stream))
    const session = http2.connect(`http://127.0.0.1:${await listen(server)}`)
    afterThisTest(() => session.destroy())
    const stream = session.request({ ':method': 'POST', ':path': '/', ...fields })
    if (!('expect' in fields)) stream.end(CONTENT)
    stream.resume()
    await within('the end', new Promise((resolve) => stream.once('close', resolve)))
    expect(requests).toHaveLength(1)
    expect(await areCollected(requests)).toBe(true)
    expect(streams).toHaveLength(1)
    expect(streams[0]?.closed).toBe(true)
  },
)

// An upstream of HTTP/2 by prior knowledge, whose sessions end with the test.
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { afterThisTest } from '../../support/cleanup.js'

export type OnStream = (stream: http2.ServerHttp2Stream, rawHeaders: readonly string[]) => void

/** @returns Its origin. */
export async function http2Upstream(
  onStream: OnStream,
  settings: http2.Settings = {},
): Promise<string> {
  const sessions = new Set<http2.ServerHttp2Session>()
  const server = http2.createServer({ settings })
  server.on('session', (session) => sessions.add(session))
  // Node's types do not tell of the raw lines.
  server.on('stream', (...given: [http2.ServerHttp2Stream, object, number, string[]]) => {
    onStream(given[0], given[3])
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  afterThisTest(async () => {
    const closed = new Promise((resolve) => server.close(resolve))
    for (const session of sessions) session.destroy()
    await closed
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

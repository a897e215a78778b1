// Law 9: where the library is loaded within a request, what it does to later ones when their time is up happens in
// their own contexts, not in that of the request that loaded it.
import { AsyncLocalStorage } from 'node:async_hooks'
import http from 'node:http'
import http2 from 'node:http2'
import type * as Core from '@expectation/core/node'
import { listen } from '../contract/suite/servers.js'
import { afterThisTest } from '../support/cleanup.js'
import { outcomes } from '../support/outcomes.js'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'
import { latch, serve } from '../support/server.js'

const storage = new AsyncLocalStorage<string>()

function loadedWithin(request: string): typeof Core {
  let core: typeof Core | undefined
  storage.run(request, () =>
    jest.isolateModules(() => {
      core = require('@expectation/core/node')
    }),
  )
  if (core === undefined) throw new Error('It was not loaded.')
  return core
}

const { attach, createGate } = loadedWithin('the first')

const options = {
  maxContentLength: 1000,
  contentTimeoutMs: 60,
  linger: { idleMs: 60, totalMs: 60 },
} as const

interface Scene {
  readonly sends: string
  /** Sent when the request has been handled. */
  readonly behind?: string
  /** The gate stands in the application, which is to answer what it refuses. */
  readonly mounts?: boolean
  readonly handler: (request: http.IncomingMessage, response: http.ServerResponse) => void
}

const ignored = () => undefined

const scenes: Readonly<Record<string, Scene>> = {
  'no content comes behind the 100': {
    sends: asking({ length: 5 }),
    handler: (request) => void request.on('data', ignored),
  },
  'nobody answers content over the limit': {
    sends: head({ chunked: true }),
    behind: chunks('x'.repeat(2000)),
    mounts: true,
    handler: (request) => void request.on('data', ignored),
  },
  'content that is read behind the answer stops': {
    sends: head({ length: 5 }),
    handler: (request, response) => {
      request.on('data', ignored)
      response.end('early')
    },
  },
}

function note(heard: string[], message: NodeJS.EventEmitter, events: readonly string[]): void {
  for (const event of events) {
    message.on(event, () => heard.push(`${event} in ${storage.getStore()}`))
  }
}

test.each(Object.entries(scenes))(
  '%s',
  async (_what, { sends, behind = '', mounts = false, handler }) => {
    const { onOutcome, first } = outcomes()
    const heard: string[] = []
    const handled = latch()
    const gate = createGate({ ...options, onOutcome })
    const server = http.createServer((request, response) =>
      storage.run('its own', () => {
        note(heard, request, ['error', 'aborted', 'close'])
        note(heard, response, ['finish', 'close'])
        if (mounts) gate.judge(request, response, request)
        handler(request, response)
        handled.open()
      }),
    )
    attach(server, mounts ? undefined : { ...options, onOutcome })
    const client = await RawClient.connect(await serve(server))
    client.send(sends)
    await handled.opened
    client.send(behind)
    await first()
    expect(heard).not.toEqual([])
    expect(heard.filter((event) => event.endsWith('in the first'))).toEqual([])
  },
)

test('HTTP/2: content that nobody reads is reset behind the answer', async () => {
  const { onOutcome, first } = outcomes()
  const heard: string[] = []
  const server = http2.createServer((request, response) =>
    storage.run('its own', () => {
      note(heard, request, ['end', 'close'])
      response.end('early')
    }),
  )
  attach(server, { ...options, onOutcome })
  const session = http2.connect(`http://127.0.0.1:${await listen(server)}`)
  afterThisTest(() => session.destroy())
  session.request({ ':method': 'POST' }).resume().write('hello')
  await first()
  expect(heard).not.toEqual([])
  expect(heard.filter((event) => event.endsWith('in the first'))).toEqual([])
})

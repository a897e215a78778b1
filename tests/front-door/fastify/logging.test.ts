// What Fastify's log says of errors and refusals: as plain Fastify, at its levels, and nothing of a
// request whose logging is switched off.

import { Writable } from 'node:stream'
import { errorHandler, expectation, Refusal } from '@expectation/fastify'
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify'
import { open } from '../../contract/fastify/application.js'
import { afterThisTest } from '../../support/cleanup.js'
import { asking, head } from '../../support/request.js'

interface Line {
  readonly level: number
  readonly msg: string
  readonly err?: { readonly message: string; readonly stack?: string; readonly reason?: string }
}

async function lines(
  bytes: string,
  options: FastifyServerOptions,
  plugins = true,
): Promise<readonly Line[]> {
  const told: Line[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      told.push(JSON.parse(chunk.toString('utf8')) as Line)
      done()
    },
  })
  const app: FastifyInstance = fastify({ logger: { stream }, ...options })
  afterThisTest(() => app.close())
  if (plugins) {
    await app.register(expectation, { maxContentLength: 4 })
    await app.register(errorHandler)
  }
  app.put('/files/:name', async () => 'stored')
  app.get('/busy', () => {
    throw new Refusal(503, { reason: 'shedding' })
  })
  app.get('/failed', () => {
    throw new Refusal(503, { reason: 'disk_full', cause: new Error('no room on /dev/sda1') })
  })
  app.get('/broken', () => {
    throw new Error('db password')
  })
  const client = await open(app)
  const before = told.length
  await client.send(bytes).final()
  client.halfClose()
  await client.over()
  return told.slice(before)
}

const requests = {
  'a 404': head({ method: 'GET', target: '/nowhere' }),
  'a 404 of content': `${head({ target: '/nowhere', length: 3, type: 'text/plain' })}abc`,
  'a refusal': asking(),
  'a Refusal of 503': head({ method: 'GET', target: '/busy' }),
  'a failure': head({ method: 'GET', target: '/broken' }),
} as const

const off: Readonly<Record<string, FastifyServerOptions>> = {
  'disableRequestLogging: true': { disableRequestLogging: true },
  'disableRequestLogging as a function': { disableRequestLogging: () => true },
}
for (const [shown, options] of Object.entries(off)) {
  for (const [what, bytes] of Object.entries(requests)) {
    test(`law 0: ${shown}: ${what} leaves no line, as in plain Fastify`, async () => {
      expect(await lines(bytes, options)).toEqual([])
    })
  }
}

test('law 0: a 404 is told at the level that plain Fastify tells it', async () => {
  const levels = async (plugins: boolean): Promise<readonly number[]> =>
    (await lines(requests['a 404'], {}, plugins)).map(({ level }) => level)
  expect(await levels(true)).toEqual(await levels(false))
})

test('law 9: a failure is told once, whole, as an error', async () => {
  const told = (await lines(requests['a failure'], {})).filter(({ err }) => err !== undefined)
  expect(told).toEqual([
    expect.objectContaining({
      level: 50,
      err: expect.objectContaining({ message: 'db password', stack: expect.any(String) }),
    }),
  ])
})

test('a Refusal of 503 that was thrown on purpose is a line without a stack', async () => {
  const told = (await lines(requests['a Refusal of 503'], {})).filter(({ err }) => err)
  expect(told).toHaveLength(1)
  expect(told[0]).toMatchObject({ level: 30, err: { reason: 'shedding' } })
  expect(told[0]?.err?.stack ?? '').toBe('')
})

test('a Refusal with a cause is told whole: something went wrong', async () => {
  const told = (await lines(head({ method: 'GET', target: '/failed' }), {})).filter(
    ({ err }) => err,
  )
  expect(told).toHaveLength(1)
  expect(told[0]?.level).toBe(50)
  expect(told[0]?.err?.stack).toContain('no room on')
})

// The README and the page of options are executed: each program runs, each command prints what is shown,
// and the bodies, options and pictures are compared with what really happens.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OptionError } from '@expectation/core'
import { type ExpectationOptions, expectation } from '@expectation/express'
import { RawClient } from '../support/raw-client.js'
import { checkBody, closesAfter, refused, stillUsable } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { latch, serve, within } from '../support/server.js'
import { uploads } from '../support/uploads.js'
import { codeBlocks, firstColumn } from './markdown.js'
import { runBlock } from './run-block.js'
import { programsOf, runProgram } from './run-page.js'

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8')
const options = readFileSync(join(__dirname, '../../docs/options.md'), 'utf8')
const blocks = [...codeBlocks(readme), ...codeBlocks(options)]

function code(language: string, heading: string, index = 0): string {
  const found = blocks.filter((block) => block.language === language && block.heading === heading)
  const block = found[index]
  if (block === undefined) throw new Error(`No ${language} block ${index} under '${heading}'`)
  return block.code
}

async function clientOf(block: string): Promise<RawClient> {
  return RawClient.connect({ port: await runBlock(block) })
}

const BYTES = { type: 'application/octet-stream' }

describe.each([
  ['README.md', readme],
  ['docs/options.md', options],
])('%s', (_page, text) => {
  const programs = programsOf(text)
  test.each(programs.map((program, index) => [index + 1, program.heading, program] as const))(
    'program %i, under %j, runs, and its commands print what is shown',
    (_number, _heading, program) => runProgram(program),
  )
})

test('the README is short: under 250 lines, and its first program ends within the first 30', () => {
  const lines = readme.split('\n')
  expect(lines.length).toBeLessThanOrEqual(250)
  expect(lines.findIndex((line) => line.includes('.listen('))).toBeLessThan(30)
})

const FIRST = [
  ['Express', 'Expectation'],
  ['Koa', 'Koa'],
  ['Fastify', 'Fastify'],
] as const

describe.each(FIRST)('%s, the first program', (_name, heading) => {
  const block = code('ts', heading, 0)

  test('an upload is asked for, read and counted', async () => {
    const client = await clientOf(block)
    client.send(asking({ method: 'POST', target: '/files', ...BYTES }))
    await client.continue()
    client.send('hello')
    expect((await client.final()).json()).toEqual({ bytes: 5 })
  })

  test('too large is refused with nothing sent', async () => {
    const client = await clientOf(block)
    client.send(asking({ method: 'POST', target: '/files', length: 104_857_601, ...BYTES }))
    await refused(client, 413, 'content_too_large')
  })
})

describe.each(FIRST)('%s, the first program', (name, heading) => {
  // The program of Koa answers every address.
  if (name === 'Koa') return
  test('an unknown route is refused with nothing sent', async () => {
    const client = await clientOf(code('ts', heading, 0))
    client.send(asking({ method: 'POST', target: '/nowhere' }))
    await refused(client, 404, 'not_found')
  })
})

describe('Express, a route that asks for more', () => {
  const block = code('ts', 'Express', 0)
  const lines = ['Authorization: Bearer secret']
  const type = 'video/mp4'

  beforeEach(() => {
    process.env.TOKEN = 'secret'
  })
  afterEach(() => {
    delete process.env.TOKEN
  })

  test('accepts', async () => {
    const client = await clientOf(block)
    client.send(asking({ type, lines }))
    await client.continue()
    const answer = await client.send('hello').final()
    expect(answer.status).toBe(201)
    expect(answer.json()).toEqual({
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    })
  })

  test('refuses without the token, with the field that 401 asks for', async () => {
    const client = await clientOf(block)
    const answer = await refused(client.send(asking({ type })), 401, 'unauthorized')
    expect(answer.field('www-authenticate')).toBe('Bearer')
  })

  test('refuses a wrong type and says which are right', async () => {
    const client = await clientOf(block)
    client.send(asking({ type: 'text/plain', lines }))
    const answer = await refused(client, 415, 'unsupported_media_type')
    expect(answer.field('accept')).toBe('video/*, image/*')
  })

  test('refuses more than 5 GB', async () => {
    const client = await clientOf(block)
    client.send(asking({ type, lines, length: 5 * 1024 ** 3 + 1 }))
    await refused(client, 413, 'content_too_large')
  })
})

describe('a server of Node without a framework', () => {
  const block = code('ts', 'Any other server on Node')

  test('accepts', async () => {
    const client = await clientOf(block)
    client.send(asking({ type: 'image/png' }))
    await client.continue()
    expect((await client.send('hello').final()).text).toBe('5 bytes\n')
  })

  test('refuses by itself', async () => {
    const client = await clientOf(block)
    await refused(client.send(asking({ type: 'text/plain' })), 415, 'unsupported_media_type')
  })
})

describe('checks', () => {
  const block = code('ts', 'Checks')

  test('let through and refuse', async () => {
    const port = await runBlock(block)
    const empty = await RawClient.connect({ port })
    empty.send(asking({ method: 'POST', target: '/files', ...BYTES, lines: ['X-Tenant: new'] }))
    await empty.continue()
    expect((await empty.send('hello').final()).status).toBe(204)

    const full = await RawClient.connect({ port })
    full.send(asking({ method: 'POST', target: '/files', ...BYTES, lines: ['X-Tenant: full'] }))
    const answer = await refused(full, 429, 'quota_exhausted')
    expect(answer.field('retry-after')).toBe('3600')
    expect(answer.json()).toMatchObject({ error: { details: { limit: 100, used: 100 } } })
  })
})

test('outcomes tell what was never sent', async () => {
  const logged = latch<readonly unknown[]>()
  const log = jest.spyOn(console, 'log').mockImplementation((...words) => logged.open(words))
  try {
    const client = await clientOf(code('ts', 'Outcomes'))
    client.send(asking({ target: '/film', length: 5_000_000 }))
    await refused(client, 413, 'content_too_large')
    client.destroy()
    const words = await within('the outcome', logged.opened)
    expect(words).toEqual(['PUT', '/film', 413, 'content_too_large', '5000000 bytes never sent'])
  } finally {
    log.mockRestore()
  }
})

test('attach finds the app behind a wrapper', async () => {
  const client = await clientOf(code('ts', 'Caveats'))
  const answer = await refused(client.send(asking()), 404, 'not_found')
  expect(answer.field('x-served-by')).toBe('wrapper')
})

describe('the error body', () => {
  test.each([
    ['error', 'application/json; charset=utf-8', 0],
    ['problem', 'application/problem+json', 1],
    ['flat', 'application/json; charset=utf-8', 2],
  ] as const)("'%s' is what the README shows", async (format, type, index) => {
    const { port } = await serve(uploads({ format }).app)
    const client = await RawClient.connect({ port })
    const answer = await client.send(head({ expect: 'something-else', length: 5 })).final()
    expect(answer.status).toBe(417)
    expect(answer.field('content-type')).toContain(type)
    expect(answer.json()).toEqual(JSON.parse(code('json', 'The error body', index)))
    await closesAfter(client, answer)
  })

  test('follows what a client explicitly prefers', async () => {
    const { port } = await serve(uploads().app)
    const programme = await RawClient.connect({ port })
    programme.send(asking({ target: '/nowhere', accept: 'application/problem+json' }))
    expect((await programme.final()).field('content-type')).toContain('application/problem+json')
    const browser = await RawClient.connect({ port })
    browser.send(asking({ target: '/nowhere', accept: 'text/html,*/*;q=0.8' }))
    expect((await browser.final()).field('content-type')).toContain('text/html')
  })
})

describe('the pictures of the wire', () => {
  test('an accepted upload: one 100, and the connection goes on', async () => {
    const { port } = await serve(uploads().app)
    const client = await RawClient.connect({ port })
    client.send(asking())
    await client.continue()
    expect((await client.send('hello').final()).json()).toEqual({ content: 'hello' })
    expect((await stillUsable(client, '/hello')).status).toBe(200)
  })

  test('a client that does not ask: the answer, half-close, and its content is dropped', async () => {
    const { port } = await serve(uploads({ maxContentLength: 1_000 }).app)
    const client = await RawClient.connect({ port })
    client.send(head({ length: 3_000_000 })).send(Buffer.alloc(1_000_000))
    const answer = await client.final()
    checkBody(answer, 413, 'content_too_large')
    await closesAfter(client, answer)
    await client.sendAll(Buffer.alloc(2_000_000))
  })
})

describe('the option table', () => {
  const names = firstColumn(options, 'option')

  test.each(names)('%s is an option', (name) => {
    expect(() => expectation({ [name]: undefined } as ExpectationOptions)).not.toThrow()
  })

  test('a name that is not in it is refused, with the nearest one', () => {
    const misspelt = { maxContentLenght: 1 } as ExpectationOptions
    expect(() => expectation(misspelt)).toThrow(OptionError)
    expect(() => expectation(misspelt)).toThrow(/maxContentLength/)
  })
})

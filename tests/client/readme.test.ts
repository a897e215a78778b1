// The README of the client is executed: every block runs as it stands there, and its tables are
// compared with what there is.
import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Agent } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { EarlyAnswerAgent, OptionError, type UploadOptions, upload } from '@expectation/client'
import { transformSync } from '@swc/core'
import type { AxiosInstance } from 'axios'
import { getGlobalDispatcher, setGlobalDispatcher } from 'undici'
import { codeBlocks, firstColumn } from '../docs/markdown.js'
import { afterThisTest } from '../support/cleanup.js'
import { within } from '../support/server.js'
import { manners, rudeServer } from './rude-server.js'
import { answer, scripted, take } from './upload-server.js'

const readme = readFileSync(path.join(__dirname, '../../packages/client/README.md'), 'utf8')
const load = createRequire(__filename)

type Loaded = Record<string, unknown>

/** Runs a block; `url` takes the place of the address that it uploads to. */
async function run(heading: string, given: Loaded = {}, url = ''): Promise<Loaded> {
  const block = codeBlocks(readme).find(
    (each) => each.language === 'ts' && each.heading === heading,
  )
  if (block === undefined) throw new Error(`There is no TypeScript under '${heading}'`)
  const { code } = transformSync(block.code.replaceAll('http://localhost:3000/film.mp4', url), {
    jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
    module: { type: 'commonjs', ignoreDynamic: true },
  })
  const exported: Loaded = {}
  const find = (name: string): unknown => {
    if (name in given) return given[name]
    return name === '@expectation/client' ? jest.requireActual('@expectation/client') : load(name)
  }
  const AsyncFunction = (async () => undefined).constructor as FunctionConstructor
  await AsyncFunction('require', 'exports', code)(find, exported)
  return exported
}

async function rude(): Promise<string> {
  const leave = manners['answers and destroys']
  if (leave === undefined) throw new Error('unreachable')
  return (await rudeServer(leave)).url
}

test('every block of TypeScript is run by one of these tests', () => {
  const blocks = codeBlocks(readme).filter(({ language }) => language === 'ts')
  expect(blocks.map(({ heading }) => heading)).toEqual([
    'Start',
    'axios',
    'got',
    'fetch and undici',
    'AWS SDK',
  ])
})

test('Start', async () => {
  const { url } = await scripted(take())
  const folder = await mkdtemp(path.join(tmpdir(), 'expectation-readme-'))
  afterThisTest(() => rm(folder, { recursive: true, force: true }))
  const film = path.join(folder, 'film.mp4')
  writeFileSync(film, Buffer.alloc(100_000))
  const fs = { createReadStream: () => load('node:fs').createReadStream(film) as unknown }
  const log = jest.spyOn(console, 'log').mockImplementation(() => undefined)
  try {
    await run('Start', { 'node:fs': fs }, url)
    expect(log.mock.calls).toEqual([[201, '100000\n', 100_000, 'bytes sent']])
  } finally {
    log.mockRestore()
  }
})

test('axios', async () => {
  const { client } = (await run('axios')) as { client: AxiosInstance }
  const options = { maxBodyLength: Number.POSITIVE_INFINITY, validateStatus: () => true }
  const answered = client.put(await rude(), Buffer.alloc(8_000_000), options)
  expect((await within('an answer', answered, 10_000)).status).toBe(413)
})

test('got takes these agents', async () => {
  let told: { agent: Record<string, Agent> } | undefined
  const extend = (options: { agent: Record<string, Agent> }): void => {
    told = options
  }
  // got is an ES module, which Jest does not load; interop/client runs it in a process of its own.
  await run('got', { got: { __esModule: true, default: { extend } } })
  expect(told?.agent.http).toBeInstanceOf(EarlyAnswerAgent)
  expect(told?.agent.https).toBeInstanceOf(EarlyAnswerAgent.Secure)
})

test('fetch and undici', async () => {
  const before = getGlobalDispatcher()
  await run('fetch and undici', { undici: load('undici') })
  const made = getGlobalDispatcher()
  afterThisTest(async () => {
    setGlobalDispatcher(before)
    await made.destroy()
  })
  expect(made).not.toBe(before)
  const answered = fetch(await rude(), { method: 'PUT', body: Buffer.alloc(8_000_000) })
  expect((await within('an answer', answered, 10_000)).status).toBe(413)
})

test('AWS SDK', async () => {
  const { client } = (await run('AWS SDK')) as { client: { config: Loaded; destroy(): void } }
  expect(client.config.requestHandler).toBeDefined()
  client.destroy()
})

test('the table of options is the options', async () => {
  const { url } = await scripted(answer(200))
  for (const name of firstColumn(readme, 'option')) {
    await (await upload(url, { [name]: undefined } as UploadOptions)).text()
  }
  await expect(upload(url, { bodi: 'a' } as UploadOptions)).rejects.toThrow(OptionError)
  const error = (await upload(url, { bodi: 'a' } as UploadOptions).catch((each) => each)) as Error
  const listed = /There are: (?<names>.+)\./.exec(error.message)?.groups?.names?.split(', ')
  expect([...firstColumn(readme, 'option')].sort()).toEqual(listed?.sort())
})

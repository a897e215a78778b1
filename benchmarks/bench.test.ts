// The benchmarks run and give records that make sense. Never the numbers: those belong to a quiet
// machine and to a person who reads them.
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

interface EndToEnd {
  readonly comparison: string
  readonly name: string
  readonly answered: { readonly base: number; readonly rival: number }
  readonly unexpected: { readonly base: number; readonly rival: number }
}

interface Refused {
  readonly server: string
  readonly client: string
  readonly bytes: number
  readonly status: number
  readonly receivedBytes: number
}

interface Records {
  readonly run: { readonly versions: Readonly<Record<string, string>> }
  readonly stages: readonly { readonly nanoseconds: Readonly<Record<string, number>> }[]
  readonly endToEnd: readonly EndToEnd[]
  readonly waste: readonly Refused[]
  readonly scale: {
    readonly held: readonly { readonly connections: number; readonly open: number }[]
    readonly bursts: readonly { readonly connections: number; readonly answered: number }[]
    readonly growth: readonly { readonly cpuUs: Readonly<Record<string, number>> }[]
  }
}

const bench = path.join(__dirname, 'bench.mjs')
let records: Records

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [bench, '--smoke'], {
    timeout: 90_000,
    killSignal: 'SIGKILL',
  })
  records = JSON.parse(stdout)
}, 100_000)

test('the run names its versions', () => {
  expect(records.run.versions).toMatchObject({ Node: process.versions.node })
  expect(Object.keys(records.run.versions)).toEqual(
    expect.arrayContaining(['express', 'koa', 'fastify']),
  )
})

test('every stage took some time', () => {
  expect(records.stages).toHaveLength(5)
  for (const { nanoseconds } of records.stages) {
    expect(Object.keys(nanoseconds)).toEqual(['expecting', 'silent', 'empty'])
    for (const value of Object.values(nanoseconds)) expect(value).toBeGreaterThan(0)
  }
})

test('every server answers every case as it should', () => {
  expect(records.endToEnd).toHaveLength(17)
  for (const { comparison, name, answered, unexpected } of records.endToEnd) {
    expect({ comparison, name, unexpected }).toEqual({
      comparison,
      name,
      unexpected: { base: 0, rival: 0 },
    })
    expect(answered.base).toBeGreaterThan(0)
    expect(answered.rival).toBeGreaterThan(0)
  }
})

test('the gate spends no content on a refusal that was asked for', () => {
  expect(records.waste).toHaveLength(10)
  for (const { server, client, bytes, status, receivedBytes } of records.waste) {
    expect(status).toBe(413)
    if (server === 'express:plain') expect(receivedBytes).toBeGreaterThanOrEqual(bytes)
    else if (client === 'expecting') expect(receivedBytes).toBeLessThan(1024)
  }
})

test('crowds are held, and every refusal is answered', () => {
  expect(records.scale.held).toHaveLength(3)
  for (const { connections, open } of records.scale.held) expect(open).toBe(connections)
  expect(records.scale.bursts).toHaveLength(4)
  for (const { connections, answered } of records.scale.bursts) expect(answered).toBe(connections)
  expect(records.scale.growth).toHaveLength(2)
})

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

interface Section<Records> {
  readonly run: { readonly versions: Readonly<Record<string, string>> }
  readonly records: Records
}

interface Pipelined {
  readonly title: string
  readonly perSecond: readonly number[]
}

interface Measured {
  readonly stages: Section<readonly { readonly nanoseconds: Readonly<Record<string, number>> }[]>
  readonly endToEnd: Section<readonly EndToEnd[]>
  readonly pipelining: Section<readonly Pipelined[]>
  readonly ballast: Section<{ readonly records: readonly { readonly ratio: number }[] }>
  readonly waste: Section<readonly Refused[]>
  readonly scale: Section<{
    readonly held: readonly { readonly connections: number; readonly open: number }[]
    readonly bursts: readonly { readonly connections: number; readonly answered: number }[]
    readonly growth: readonly { readonly cpuUs: Readonly<Record<string, number>> }[]
  }>
}

const bench = path.join(__dirname, 'bench.mjs')
let measured: Measured

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [bench, '--smoke'], {
    timeout: 180_000,
    killSignal: 'SIGKILL',
  })
  measured = JSON.parse(stdout)
}, 190_000)

test('the run names its versions', () => {
  const { versions } = measured.endToEnd.run
  expect(versions).toMatchObject({ Node: process.versions.node })
  expect(Object.keys(versions)).toEqual(expect.arrayContaining(['express', 'koa', 'fastify']))
})

test('every stage took some time', () => {
  expect(measured.stages.records).toHaveLength(5)
  for (const { nanoseconds } of measured.stages.records) {
    expect(Object.keys(nanoseconds)).toEqual(['expecting', 'silent', 'empty'])
    for (const value of Object.values(nanoseconds)) expect(value).toBeGreaterThan(0)
  }
})

test('every server answers every case as it should', () => {
  expect(measured.endToEnd.records).toHaveLength(17)
  for (const { comparison, name, answered, unexpected } of measured.endToEnd.records) {
    expect({ comparison, name, unexpected }).toEqual({
      comparison,
      name,
      unexpected: { base: 0, rival: 0 },
    })
    expect(answered.base).toBeGreaterThan(0)
    expect(answered.rival).toBeGreaterThan(0)
  }
})

test('pipelined requests are answered, and large uploads with ballast', () => {
  for (const { perSecond } of measured.pipelining.records) {
    for (const each of perSecond) expect(each).toBeGreaterThan(0)
  }
  for (const { ratio } of measured.ballast.records.records) expect(ratio).toBeGreaterThan(0)
})

test('the gate spends no content on a refusal that was asked for', () => {
  expect(measured.waste.records).toHaveLength(10)
  for (const { server, client, bytes, status, receivedBytes } of measured.waste.records) {
    expect(status).toBe(413)
    if (server === 'express:plain') expect(receivedBytes).toBeGreaterThanOrEqual(bytes)
    else if (client === 'expecting') expect(receivedBytes).toBeLessThan(1024)
  }
})

test('crowds are held, and every refusal is answered', () => {
  expect(measured.scale.records.held).toHaveLength(3)
  for (const { connections, open } of measured.scale.records.held) expect(open).toBe(connections)
  expect(measured.scale.records.bursts).toHaveLength(6)
  for (const { connections, answered } of measured.scale.records.bursts)
    expect(answered).toBe(connections)
  expect(measured.scale.records.growth).toHaveLength(2)
})

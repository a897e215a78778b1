// Real clients that ask before they send 20 MB: each sees what its row of docs/clients.md says, at once
// and with nothing sent.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Format } from '@expectation/core'
import { errorHandler, expectation } from '@expectation/express'
import express, { type Express } from 'express'
import { loadBlock } from '../docs/load-block.js'
import { madePart } from '../docs/made.js'
import { serve } from '../support/server.js'
import { testWhen } from '../support/skip.js'
import { tap } from '../support/tap.js'
import { type Answers, type ClientRow, clientRows, type Seen } from './client-rows.js'
import { clientTable, withoutTimes } from './client-table.js'

jest.setTimeout(60_000)

const folder = mkdtempSync(path.join(tmpdir(), 'expectation-clients-'))
const small = path.join(folder, 'small.bin')
const large = path.join(folder, 'large.bin')
beforeAll(() => {
  writeFileSync(small, Buffer.alloc(3_000_000))
  writeFileSync(large, Buffer.alloc(20_000_000))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const page = readFileSync(path.join(__dirname, '../../docs/clients.md'), 'utf8')

/** As docs/clients.md shows them. */
const formats: Readonly<Record<Answers, unknown>> = {
  json: 'error',
  xml: loadBlock(page, 'Storage clients want XML').s3Errors,
  empty: loadBlock(page, 'Java 17').emptyForJava17,
}

function service(answers: Answers): Express {
  const app = express()
  const format = formats[answers] as Format
  app.use(expectation({ maxContentLength: '10mb', format }))
  app.put('/bucket/:key', async (req, res) => {
    for await (const _ of req);
    res.end()
  })
  app.use(errorHandler({ format }))
  return app
}

/** How long each client's refusal took, for the table. */
const times = new Map<string, number>()

interface Uploaded extends Seen {
  readonly answeredMs: number
  /** Heads and all. */
  readonly sentBytes: number
}

async function upload(
  { command, args }: ClientRow,
  file: string,
  answers: Answers,
): Promise<Uploaded> {
  const relay = await tap(await serve(service(answers)))
  const url = `http://127.0.0.1:${relay.port}/bucket/key`
  const given = command === 'curl' ? [...args, '-T', file, url] : [...args, url, file]
  const env = { ...process.env, GO111MODULE: 'off', NODE_OPTIONS: '' }
  const output = await new Promise<string>((resolve, reject) => {
    execFile(command, given, { env, timeout: 50_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${command} failed:\n${stderr}`, { cause: error }))
    })
  })
  await relay.quiet()
  const { bytes, answeredMs } = relay.seen()
  return { ...JSON.parse(output), sentBytes: bytes, answeredMs }
}

/** Long before the six seconds of the AWS SDK, and long after any head. */
const HEAD_BYTES = 4_096

for (const row of clientRows) {
  const clientTest = testWhen(row.available, row.missing)

  clientTest(`${row.client}: 3 MB that it asked for are taken`, async () => {
    const { status, sentBytes } = await upload(row, small, 'json')
    expect(status).toBe(200)
    expect(sentBytes).toBeGreaterThan(3_000_000)
  })

  clientTest(`${row.client}: 20 MB are refused, with nothing sent`, async () => {
    const { sentBytes, answeredMs, ...seen } = await upload(row, large, 'json')
    times.set(row.client, answeredMs)
    expect(seen).toEqual(row.refused)
    expect(sentBytes).toBeLessThan(HEAD_BYTES)
  })

  if (row.helped === undefined) continue
  const { by, ...helped } = row.helped
  clientTest(`${row.client}: sees more of an answer that is ${by}`, async () => {
    const { sentBytes, answeredMs: _, ...seen } = await upload(row, large, by)
    expect(seen).toEqual(helped)
    expect(sentBytes).toBeLessThan(HEAD_BYTES)
  })
}

test('docs/clients.md has the table of these rows', () => {
  const table = clientTable(clientRows, times)
  expect(withoutTimes(madePart('clients.md', 'clients', table))).toBe(withoutTimes(table))
})

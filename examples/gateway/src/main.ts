// Starts everything, and prints what to try.

import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start } from './start.js'

const TOKEN = 'demo-token'
const FILE_BYTES = 20_000_000

async function main(): Promise<void> {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'gateway-')), 'film.bin')
  writeFileSync(file, Buffer.alloc(FILE_BYTES))
  const port = Number(process.env.PORT ?? 8080)
  const { url, stop } = await start({ port, token: TOKEN, log: console.log })
  const curl = (name: string, token: string, more = ''): string =>
    `  curl -i -T ${file} ${url}/${name} -H 'Authorization: Bearer ${token}'${more}`
  console.log(`A gateway at ${url}, two storages behind it. In another terminal:

Relayed: the storage is asked, and gets 20 MB.
${curl('film', TOKEN)}

Refused by the storage: no byte of the 20 MB is sent, on either hop.
${curl('film', 'wrong')}

Sent again: storage-1 says that it is busy, storage-2 takes it; curl sees one 201.
${curl('film', TOKEN)}

A client that does not ask: the gateway does, and the storage still gets nothing in vain.
${curl('film', 'wrong', " -H 'Expect:'")}
`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())
}

main().catch((fault: unknown) => {
  console.error(fault)
  process.exitCode = 1
})

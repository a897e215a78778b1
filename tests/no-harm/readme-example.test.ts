// K1.5: README's example of bare Node, as it stands there, lives through content over its limit and
// through a client that leaves.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { codeBlocks } from '../docs/markdown.js'
import { startChild } from '../support/child.js'
import { RawClient } from '../support/raw-client.js'
import { asking, chunks, head } from '../support/request.js'

const readme = readFileSync(path.resolve(__dirname, '../../README.md'), 'utf8')
const code = codeBlocks(readme).find((block) => block.code.includes('attach(server, {'))?.code ?? ''
const example = code
  .replace(/maxContentLength: '[^']+'/, 'maxContentLength: 1000')
  .replace(
    /server\.listen\(3000\)/,
    "server.listen(0, '127.0.0.1', () => console.log(server.address().port))",
  )

const IMAGE = { method: 'POST', type: 'image/png' } as const

async function servesOn(port: number): Promise<void> {
  const client = await RawClient.connect({ port })
  client.send(`${head({ ...IMAGE, length: 5 })}12345`)
  expect((await client.final()).text).toBe('5 bytes\n')
}

test('the example has a limit and listens', () => {
  expect(example).toContain('maxContentLength: 1000')
  expect(example).toContain('console.log')
})

const lethal: Readonly<Record<string, string>> = {
  'chunks over the limit': head({ ...IMAGE, chunked: true }) + chunks('x'.repeat(2000)),
  'a declared length over the limit': `${head({ ...IMAGE, length: 2000 })}x`,
  'a declared length over the limit, asking': asking({ ...IMAGE, length: 2000 }),
  'another type': `${head({ method: 'POST', type: 'text/plain', length: 2 })}hi`,
}

for (const [what, request] of Object.entries(lethal)) {
  test(`K1.5 README's example of bare Node: ${what}`, async () => {
    const { port } = await startChild(example)
    const client = await RawClient.connect({ port })
    client.send(request)
    expect([413, 415]).toContain((await client.answer()).status)
    client.destroy()
    await wait(50)
    await servesOn(port)
  })
}

for (const leave of ['destroy', 'reset', 'halfClose'] as const) {
  test(`K1.5 README's example of bare Node: a client that leaves in the middle (${leave})`, async () => {
    const { port } = await startChild(example)
    const client = await RawClient.connect({ port })
    client.send(`${head({ ...IMAGE, length: 500 })}12345`)
    await wait(50)
    client[leave]()
    await wait(50)
    await servesOn(port)
  })
}

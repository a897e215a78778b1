// The same over a link with 20 ms one way, without and with loss: node:http plain, with the agent, and
// upload(). Fails when an answer of ours is missing that the link has not lost for good. usage: node interop/client/link.mjs [--rounds 10] [--loss 1]
import { execFile, spawn } from 'node:child_process'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { openLink } from '../delivery/link/link.mjs'

const run = promisify(execFile)
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '10' }, loss: { type: 'string', default: '1' } },
})
const DELAY_MS = 20
const MANNERS = ['close', 'destroy', 'at once']

for (const loss of [0, Number(values.loss)]) await over(loss)

async function over(loss) {
  const link = await openLink(DELAY_MS, loss)
  try {
    console.log(link.kind)
    const [command, ...args] = link.server([process.execPath, script('rude-server.mjs'), link.host])
    const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
    const urls = JSON.parse(await new Promise((resolve) => server.stdout.once('data', resolve)))
    for (const [client, whose] of [
      ['node:http', 'plain'],
      ['node:http', 'ours'],
      ['upload()', 'ours'],
    ]) {
      for (const manner of MANNERS) {
        const url = await link.reach({ url: urls[`http ${manner}`], port: portOf(urls, manner) })
        const [program, ...rest] = link.client([
          process.execPath,
          script('rude-client.mjs'),
          ...[client, whose, url, values.rounds],
        ])
        const before = link.cutOff()
        const { stdout } = await run(program, rest, { timeout: 300_000 })
        const { seen } = JSON.parse(stdout)
        const cutOff = link.cutOff() - before
        console.log(
          `${client} (${whose}), server that leaves ${manner}: ${JSON.stringify(seen)}; ` +
            `the server reset ${cutOff} behind an answer that the link had lost`,
        )
        const missing = Number(values.rounds) - (seen[413] ?? 0)
        if (whose === 'ours' && missing > cutOff) process.exitCode = 1
      }
    }
    server.stdin.end()
  } finally {
    await link.close()
  }
}

function script(name) {
  return path.join(import.meta.dirname, name)
}

function portOf(urls, manner) {
  return Number(new URL(urls[`http ${manner}`]).port)
}

// One cell of the matrix: a client, a place to upload to, a number of rounds.
import { finish } from './child.mjs'

/** No proxy from the environment, and nothing written beside the Python sources. */
const QUIET = { NO_PROXY: '*', no_proxy: '*', PYTHONDONTWRITEBYTECODE: '1' }

export async function runClient(client, url, { rounds, bytes, inside = (command) => command }) {
  const [command, ...args] = inside([...client.command, url, String(rounds), String(bytes)])
  const ended = await finish(command, args, {
    // A round that is lost may take as long as its client waits.
    withinMs: 60_000 + rounds * 5_000,
    env: { ...process.env, ...client.env, ...QUIET },
  })
  const line = ended.stdout.trim().split('\n').at(-1)
  try {
    return { got: JSON.parse(line), delivered: JSON.parse(line)['413'] ?? 0, rounds }
  } catch {
    const problem = ended.problem ?? `ended with ${ended.code}: ${ended.stderr.trim().slice(-300)}`
    return { got: { [problem]: rounds }, delivered: 0, rounds }
  }
}

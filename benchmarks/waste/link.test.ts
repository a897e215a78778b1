// The link of the waste benchmark, as the benchmark starts it.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import { text } from 'node:stream/consumers'

const LINK = { megabitsPerSecond: '50', roundTripMs: '10' }
const ROUNDS = 40
const AT_ONCE = 50
const ANSWER = 'an answer'

test('a FIN never overtakes the bytes before it', async () => {
  const server = net.createServer((socket) => {
    socket.resume()
    socket.end(ANSWER)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const link = fork(path.join(__dirname, 'link.mjs'), [String(port), ...Object.values(LINK)])
  try {
    const [linkPort] = await once(link, 'message')
    const seen = new Set<string>()
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = Array.from({ length: AT_ONCE }, () =>
        text(net.connect(linkPort, '127.0.0.1')),
      )
      for (const answer of await Promise.all(answers)) seen.add(answer)
    }
    expect([...seen]).toEqual([ANSWER])
  } finally {
    link.kill('SIGKILL')
    server.close()
  }
})

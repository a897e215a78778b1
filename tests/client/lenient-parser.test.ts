// RFC 9110 section 5.5: CR, LF and NUL in a field make a message invalid. `--insecure-http-parser` lets Node take
// some of them; an upload reads its answers strictly all the same, and nothing that a server sends ends the process.
import { runChild } from '../support/run-child.js'

const script = `
import net from 'node:net'
import { upload } from '@expectation/client'

const fields = { plain: 'X: a', NUL: 'X: a\\x00b', space: 'X : a' }
const outcomes = {}

async function play(name, head) {
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(Buffer.from(head, 'latin1')))
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = 'http://127.0.0.1:' + server.address().port
  const informed = []
  const options = { body: 'x', retry: false, onInformation: ({ headers }) => informed.push(headers.get('x')) }
  outcomes[name] = await upload(url, options).then(
    async (response) => [response.headers.get('x'), await response.text(), ...informed],
    (error) => error.code,
  )
  server.close()
}

async function main() {
  for (const [name, field] of Object.entries(fields)) {
    const answer = (more) => 'HTTP/1.1 200 OK\\r\\n' + more + 'Content-Length: 2\\r\\n\\r\\nok'
    await play('interim ' + name, 'HTTP/1.1 103 E\\r\\n' + field + '\\r\\n\\r\\n' + answer(''))
    await play('final ' + name, answer(field + '\\r\\n'))
  }
  console.log(JSON.stringify(outcomes))
  process.exit()
}
main()
`

test.each([{ flags: [] }, { flags: ['--insecure-http-parser'] }])(
  'node, $flags',
  async ({ flags }) => {
    const { code, report } = await runChild(script, { flags })
    expect(report()).toEqual({
      'interim plain': [null, 'ok', 'a'],
      'final plain': ['a', 'ok'],
      'interim NUL': 'malformed_answer',
      'final NUL': 'malformed_answer',
      'interim space': 'malformed_answer',
      'final space': 'malformed_answer',
    })
    expect(code).toBe(0)
  },
)

// Law 0: what is thrown while a late verdict is told is an exception, as it is without the library, or an answer.
import { runChild } from '../support/run-child.js'

const script = `
import http from 'node:http'
import net from 'node:net'
import { once } from 'node:events'
import { attach } from '@expectation/core/node'
import { Refusal } from '@expectation/core'

const report = {}
let current
for (const event of ['unhandledRejection', 'uncaughtException']) {
  process.on(event, (error) => { report[current] = event + ' ' + error.message })
}
const evil = () => new Proxy(new Refusal(403), {
  get(target, name, receiver) {
    if (typeof name === 'string' && name !== 'then') throw new Error('no ' + name)
    return Reflect.get(target, name, receiver)
  },
})
const later = (value) => async () => { await null; return value() }
const throwing = () => { throw new Error('listener') }
const servers = {
  plain: () => http.createServer(throwing),
  'a listener that throws': () => attach(http.createServer(throwing), { checks: [later(() => undefined)] }),
  'a refusal that throws': () => attach(http.createServer(), { checks: [later(evil)] }),
  'a check that throws it': () => attach(http.createServer(), { checks: [async () => { throw evil() }] }),
}
console.error = () => {}

async function main() {
for (const [name, make] of Object.entries(servers)) {
  current = name
  const server = make()
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const socket = net.connect(server.address().port, '127.0.0.1').on('error', () => {})
  socket.write('PUT / HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 2\\r\\n\\r\\nhi')
  const seen = await Promise.race([once(socket, 'data'), new Promise((resolve) => setTimeout(resolve, 300))])
  report[name] ??= 'nothing thrown'
  report[name] += seen === undefined ? ', no answer' : ', ' + String(seen[0]).slice(9, 12)
  socket.destroy()
  server.close()
}
console.log(JSON.stringify(report))
process.exit()
}
main()
`

test('an exception of the application stays one, and a refusal that throws is an error', async () => {
  const end = await runChild(script, { withinMs: 15_000 })
  expect(end.report()).toEqual({
    plain: 'uncaughtException listener, no answer',
    'a listener that throws': 'uncaughtException listener, no answer',
    'a refusal that throws': 'nothing thrown, 500',
    'a check that throws it': 'nothing thrown, 500',
  })
})

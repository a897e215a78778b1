// What is given as a client and is none: it throws where it is written, with the remedy. Made by the
// libraries, and not connected. And what a client that is one, and never answers, keeps of a process: nothing.

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type RedisClient, redisStore } from '@expectation/admission'
import { OptionError } from '@expectation/core'
import Redis from 'ioredis'
import { createClient, createCluster } from 'redis'

const nodeRedis = () => createClient()
const ioRedis = () => new Redis({ lazyConnect: true })
const ioCluster = () => new Redis.Cluster(['127.0.0.1'], { lazyConnect: true })

test.each<[string, unknown, RegExp]>([
  ['multi() of redis', nodeRedis().multi(), /the client itself/],
  ['pipeline() of ioredis', ioRedis().pipeline(), /the client itself/],
  ['multi() of ioredis', ioRedis().multi(), /the client itself/],
  ['pipeline() of a cluster', ioCluster().pipeline(), /the client itself/],
  ['legacy() of redis', nodeRedis().legacy(), /legacy\(\) was called on/],
  [
    'legacyMode of redis 4',
    { options: { legacyMode: true }, evalSha: () => {}, eval: () => {} },
    /client\.v4/,
  ],
  ['a promise of a client', Promise.resolve(nodeRedis()), /client of redis or ioredis/],
  ['an address', 'redis://localhost', /client of redis or ioredis/],
  ['nothing', undefined, /client of redis or ioredis/],
])('%s', (_what, client, remedy) => {
  const make = () => redisStore(client as RedisClient)
  expect(make).toThrow(OptionError)
  expect(make).toThrow(/redisStore\.client/)
  expect(make).toThrow(remedy)
})

test('clients are taken before they are connected', () => {
  const cluster = createCluster({ rootNodes: [{ url: 'redis://127.0.0.1' }] })
  for (const client of [nodeRedis(), cluster, ioRedis(), ioCluster()]) {
    expect(() => redisStore(client)).not.toThrow()
  }
})

test('a store whose client never answers does not keep the process, also while it is probed', async () => {
  const program = `
    const { admission, redisStore } = require('@expectation/admission')
    const silent = require('node:net').createServer(() => {}).listen(0, '127.0.0.1', () => {
      const client = require('redis').createClient({ socket: { port: silent.address().port } })
      client.connect()
      const uploads = admission({ slots: 1, store: redisStore(client, { timeoutMs: 20 }) })
      const head = { method: 'PUT', target: '/', version: '1.1', headers: { 'content-length': '1' }, contentLength: 1 }
      uploads(head, { signal: new AbortController().signal }).then(({ status }) => {
        setTimeout(() => {
          uploads.close()
          setImmediate(() => {
            console.log(status, process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length)
            process.exit()
          })
        }, 1_000) // the first heartbeat is given up after 500 ms
      })
    })
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], {
    cwd: __dirname,
    timeout: 20_000,
  })
  expect(stdout).toBe('503 0\n')
})

// A disk with too little room (RFC 4918 section 11.5): who is let in is stored, and who is not has sent
// nothing.

import { readdirSync, statfsSync, statSync } from 'node:fs'
import path from 'node:path'
import { toDisk } from '@expectation/storage'
import { inChunks, MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { describeWhen } from '../support/skip.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { nameOf, service } from './support/service.js'
import { canMount, smallDisk, WITHOUT_MOUNT } from './support/small-disk.js'
import { untilEqual } from './support/until.js'

const LENGTH = 20 * MIB

describeWhen(canMount, WITHOUT_MOUNT)('64 MiB', () => {
  forbidStrayErrors()

  async function uploads() {
    const directory = smallDisk()
    return { directory, ...(await service(toDisk(directory, nameOf))) }
  }

  /** Uploads that ask, all before the first of them sends; what becomes of each. */
  async function upload(port: number, names: readonly number[]): Promise<readonly number[]> {
    const clients = await Promise.all(names.map(() => RawClient.connect({ port })))
    clients.forEach((client, at) => {
      client.send(asking({ target: `/files/${names[at]}`, length: LENGTH }))
    })
    const verdicts = await Promise.all(clients.map((client) => client.next()))
    return await Promise.all(
      clients.map(async (client, at) => {
        const verdict = verdicts[at]
        if (verdict?.status !== 100) return verdict?.status ?? 0
        return (await client.send(Buffer.alloc(LENGTH)).final({ withinMs: 15_000 })).status
      }),
    )
  }

  test('ten of 20 MiB at a time: three are stored, seven are refused with no content', async () => {
    const { port, directory, received } = await uploads()
    const statuses = await upload(port, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect([...statuses].sort()).toEqual([201, 201, 201, 507, 507, 507, 507, 507, 507, 507])
    expect(received()).toBeLessThan(3 * LENGTH + 10_000)
    const files = readdirSync(directory)
    expect(files).toHaveLength(3)
    expect(files.map((file) => statSync(path.join(directory, file)).size)).toEqual(
      files.map(() => LENGTH),
    )
  })

  test('room that was reserved is given back when a client leaves', async () => {
    const { port, directory, ended } = await uploads()
    const leaving = await Promise.all([1, 2, 3].map(() => RawClient.connect({ port })))
    for (const [at, client] of leaving.entries()) {
      await client.send(asking({ target: `/files/${at}`, length: LENGTH })).continue()
      client.send(Buffer.alloc(MIB))
    }
    for (const client of leaving) client.reset()
    await untilEqual(() => ended.length, 3)
    expect(readdirSync(directory)).toEqual([])
    expect(await upload(port, [1, 2, 3])).toEqual([201, 201, 201])
  })

  test('content of unknown length that fills it: 507, and nothing is left', async () => {
    const { port, directory, ended } = await uploads()
    const client = await RawClient.connect({ port })
    client.send(head({ chunked: true })).send(inChunks(Buffer.alloc(80 * MIB)))
    checkBody(await client.final({ withinMs: 15_000 }), 507, 'insufficient_storage')
    await untilEqual(() => ended.length, 1)
    expect(readdirSync(directory)).toEqual([])
    const { bavail, blocks } = statfsSync(directory)
    expect(bavail).toBe(blocks)
  })
})

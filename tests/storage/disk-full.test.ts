// A disk with too little room (RFC 4918 section 11.5): who is let in is stored, and who is not has sent
// nothing.

import { readdirSync, statfsSync, statSync } from 'node:fs'
import path from 'node:path'
import { type ToDiskOptions, toDisk } from '@expectation/storage'
import { inChunks, MIB } from '../support/content.js'
import { RawClient } from '../support/raw-client.js'
import { checkBody, refused } from '../support/refusal.js'
import { asking, head } from '../support/request.js'
import { describeWhen } from '../support/skip.js'
import { forbidStrayErrors } from '../support/stray-errors.js'
import { nameOf, service } from './support/service.js'
import { canMount, smallDisk, WITHOUT_MOUNT } from './support/small-disk.js'
import { untilEqual } from './support/until.js'

const LENGTH = 20 * MIB

describeWhen(canMount, WITHOUT_MOUNT)('64 MiB', () => {
  forbidStrayErrors()

  async function uploads(options: ToDiskOptions = {}) {
    const directory = smallDisk()
    return { directory, ...(await service(toDisk(directory, nameOf, options))) }
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

  describe('keep, of which 32 MiB are left free', () => {
    const chunked = async (port: number, name: string, bytes: number): Promise<number> => {
      const client = await RawClient.connect({ port })
      client.send(head({ chunked: true, target: `/files/${name}` }))
      return (await client.send(inChunks(Buffer.alloc(bytes))).final({ withinMs: 15_000 })).status
    }

    test.each([
      [20, 20, [201, 507]],
      // What is less than a step of the reservation is taken as long as it fits.
      [29, 2, [201, 201]],
      [29, 4, [201, 507]],
      [40, 32, [507, 201]],
    ])('content of unknown length, %i MiB, then %i: %j', async (first, second, statuses) => {
      const { port, directory } = await uploads({ keep: 32 * MIB })
      const ended = [await chunked(port, 'a', first * MIB), await chunked(port, 'b', second * MIB)]
      expect(ended).toEqual(statuses)
      expect(readdirSync(directory)).toHaveLength(statuses.filter((one) => one === 201).length)
      const { bavail, bsize } = statfsSync(directory)
      expect(bavail * bsize).toBeGreaterThanOrEqual(32 * MIB)
    })

    test('is left by several at a time', async () => {
      const { port, directory } = await uploads({ keep: 32 * MIB })
      const ended = await Promise.all(
        ['a', 'b', 'c', 'd'].map((name) => chunked(port, name, 20 * MIB)),
      )
      expect(ended.filter((status) => status === 201).length).toBeLessThan(2)
      const { bavail, bsize } = statfsSync(directory)
      expect(bavail * bsize).toBeGreaterThanOrEqual(32 * MIB)
    })

    test('costs no content when nothing is left beside it', async () => {
      const { port } = await uploads({ keep: 65 * MIB })
      const client = await RawClient.connect({ port })
      client.send(head({ chunked: true, expect: '100-continue' }))
      await refused(client, 507, 'insufficient_storage')
    })
  })
})

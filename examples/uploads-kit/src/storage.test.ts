// Storage on a real directory. What becomes of content is tested with `toDisk`.

import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { originOf } from './run.js'
import { openStorage } from './storage.js'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'storage-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** What `save` gives, or the reason that it refuses with, for a request with this content. */
async function save(name: string, body: string): Promise<unknown> {
  const storage = await openStorage(directory)
  let result: unknown
  const server = createServer(async (request, response) => {
    try {
      result = await storage.save(name, request, response)
    } catch (error) {
      result = error
    }
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    await fetch(originOf(server), { method: 'PUT', body })
    return result
  } finally {
    server.close()
    server.closeAllConnections()
  }
}

describe('storage', () => {
  it('stores content under its name and tells its size and digest', async () => {
    expect(await save('a.txt', 'hello')).toEqual({
      name: 'a.txt',
      bytes: 5,
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      replaced: false,
    })
    expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('hello')
  })

  it('replaces what is there', async () => {
    await writeFile(join(directory, 'a.txt'), 'old')
    expect(await save('a.txt', 'new')).toMatchObject({ replaced: true })
    expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('new')
  })

  it.each(['', '.', '..', '../a', 'a/b', '.hidden', 'a\0b', 'b'.repeat(256)])(
    'refuses the name %j',
    async (name) => {
      expect(await save(name, 'hello')).toMatchObject({ status: 400, reason: 'bad_file_name' })
      expect(await readdir(directory)).toEqual([])
    },
  )

  it('lists whole files only', async () => {
    await save('b', '1')
    await save('a', '12')
    await writeFile(join(directory, '.upload-x.part'), 'half')
    expect(await (await openStorage(directory)).list()).toMatchObject([
      { name: 'a', bytes: 2 },
      { name: 'b', bytes: 1 },
    ])
  })
})

// Storage on a real directory.

import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { type Content, openStorage } from './storage.js'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'storage-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

function content(chunks: Iterable<string | Buffer>, complete = true): Content {
  return Object.assign(Readable.from(chunks), { complete })
}

describe('storage', () => {
  it('stores content under its name and tells its size and digest', async () => {
    const storage = await openStorage(directory)
    const stored = await storage.save(
      'a.txt',
      content(['hel', 'lo'].map((part) => Buffer.from(part))),
    )
    expect(stored).toEqual({
      name: 'a.txt',
      bytes: 5,
      sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      replaced: false,
    })
    expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('hello')
  })

  it('keeps the old file when the new one fails', async () => {
    const storage = await openStorage(directory)
    await storage.save('a.txt', content(['old']))
    function* failing(): Generator<string> {
      yield 'new'
      throw new Error('cut')
    }
    await expect(storage.save('a.txt', content(failing()))).rejects.toThrow('cut')
    expect(await readdir(directory)).toEqual(['a.txt'])
    expect(await readFile(join(directory, 'a.txt'), 'utf8')).toBe('old')
  })

  it('does not trust a stream that ends well before its message does', async () => {
    const storage = await openStorage(directory)
    await expect(storage.save('a.txt', content(['half'], false))).rejects.toMatchObject({
      status: 400,
      reason: 'upload_cut_off',
    })
    expect(await readdir(directory)).toEqual([])
  })

  it.each(['', '.', '..', '../a', 'a/b', '.hidden', 'a\0b', `a${'b'.repeat(128)}`, 'a b'])(
    'refuses the name %j without reading',
    async (name) => {
      const storage = await openStorage(directory)
      const unread = content(['hello'])
      await expect(storage.save(name, unread)).rejects.toMatchObject({
        status: 400,
        reason: 'bad_file_name',
      })
      expect(unread.readableDidRead).toBe(false)
    },
  )

  it('lists whole files only', async () => {
    const storage = await openStorage(directory)
    await storage.save('b', content(['1']))
    await storage.save('a', content(['12']))
    await writeFile(join(directory, '.partial-x'), 'half')
    expect(await storage.list()).toMatchObject([
      { name: 'a', bytes: 2 },
      { name: 'b', bytes: 1 },
    ])
  })

  it('removes what a killed process left, and spares what may still be written', async () => {
    const longAgo = new Date(Date.now() - 2 * 60 * 60 * 1000)
    await writeFile(join(directory, '.partial-old'), 'half')
    await utimes(join(directory, '.partial-old'), longAgo, longAgo)
    await writeFile(join(directory, '.partial-new'), 'half')
    await openStorage(directory)
    expect(await readdir(directory)).toEqual(['.partial-new'])
  })
})

// The ready-made checks: room on a disk, memory, and as many uploads as the event loop takes.

import { mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { adaptive, diskSpace, memory } from '@expectation/admission'
import { type Check, Grant, OptionError } from '@expectation/core'
import { afterThisTest } from '../support/cleanup.js'
import { ask, giveBack, granted, refused } from './support/asking.js'
import { until } from './support/until.js'

const GIGABYTE = 1024 ** 3

function directory(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'expectation-disk-'))
  afterThisTest(() => rmSync(made, { recursive: true }))
  return made
}

/** What the disk has now; others write on it meanwhile. */
function free(where: string): number {
  const { bavail, bsize } = statfsSync(where)
  return bavail * bsize
}

describe('diskSpace', () => {
  it('reserves what is declared: of ten that fit one by one, those pass that fit together', async () => {
    const where = directory()
    const check = diskSpace(where, { keep: 0 })
    const size = Math.floor(free(where) / 3.5)
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(check, size)))
    const grants = answers.filter((answer): answer is Grant => answer instanceof Grant)
    expect(grants).toHaveLength(3)
    expect(answers.filter((answer) => !(answer instanceof Grant))[0]).toMatchObject({
      status: 507,
      reason: 'insufficient_storage',
    })
    giveBack(...grants)
    giveBack(await granted(check, size))
  })

  it('counts together for directories of one file system', async () => {
    const [one, other] = [directory(), directory()]
    const half = Math.floor(free(one) * 0.6)
    const grant = await granted(diskSpace(one, { keep: 0 }), half)
    expect(await refused(diskSpace(other, { keep: 0 }), half)).toMatchObject({ status: 507 })
    giveBack(grant)
  })

  it('keeps what it is told to keep', async () => {
    const where = directory()
    const check = diskSpace(where, { keep: free(where) + GIGABYTE })
    expect(await refused(check, 1)).toMatchObject({ status: 507 })
    expect(await ask(check, 0)).toBeUndefined()
  })

  it('grows with content of unknown length, and gives all of it back', async () => {
    const where = directory()
    const step = Math.floor(free(where) / 2.5)
    const check = diskSpace(where, { keep: 0, step })
    const grant = await granted(check, 'chunked')
    expect(grant.bytes).toBe(step)
    expect(await grant.extend(step)).toBe(2 * step)
    expect(await grant.extend(2 * step)).toMatchObject({ status: 507 })
    giveBack(grant)
    giveBack(await granted(check, 2 * step))
  })

  it('reserves what has come, where the steps are smaller', async () => {
    const where = directory()
    const check = diskSpace(where, { keep: 0, step: 1 })
    const grant = await granted(check, 'chunked')
    const much = Math.floor(free(where) * 0.6)
    expect(await grant.extend(much)).toBe(much)
    expect(await refused(check, much)).toMatchObject({ status: 507 })
    giveBack(grant)
    giveBack(await granted(check, much))
  })

  it('gives back what is granted after the upload has ended', async () => {
    const where = directory()
    const step = Math.floor(free(where) / 2.5)
    const check = diskSpace(where, { keep: 0, step })
    const grant = await granted(check, 'chunked')
    const more = grant.extend(step)
    giveBack(grant)
    await more
    giveBack(await granted(check, 2 * step))
  })
})

describe('memory', () => {
  it('refuses while more is in use than allowed', async () => {
    expect(await ask(memory({ max: 1 }))).toBeUndefined()
    expect(await ask(memory({ max: '1pb' }))).toBeUndefined()
    expect(await refused(memory({ max: '1kb' }))).toMatchObject({
      status: 503,
      reason: 'uploads_at_capacity',
      headers: { 'Retry-After': expect.stringMatching(/^[1-9]\d*$/) },
    })
    expect(await ask(memory({ max: '1kb' }), 0)).toBeUndefined()
  })
})

describe('adaptive', () => {
  it('lets in what it takes, and takes fewer when the event loop is late', async () => {
    const check = adaptive({ targetDelayMs: 20 })
    const grants: Grant[] = []
    while (grants.length < check.stats().limit) grants.push(await granted(check))
    expect(await refused(check)).toMatchObject({ status: 503, reason: 'uploads_at_capacity' })
    const before = check.stats().limit
    await until('the limit has fallen', () => {
      const since = performance.now()
      while (performance.now() - since < 100);
      return check.stats().limit < before
    })
    giveBack(...grants)
    expect(check.stats().slots).toBe(0)
  })

  it('takes more when all of it is used and the event loop is not late', async () => {
    const check = adaptive({ targetDelayMs: 10_000, max: 22 })
    const grants: Grant[] = []
    await until('the limit has risen', async () => {
      const answer = await ask(check)
      if (answer instanceof Grant) grants.push(answer)
      return check.stats().limit > 20
    })
    giveBack(...grants)
  })
})

it.each<[string, () => unknown]>([
  ['diskSpace.directory', () => diskSpace('/no/such/directory')],
  ['diskSpace.directory', () => diskSpace(__filename)],
  ['diskSpace.directory', () => diskSpace(undefined as unknown as string)],
  ['diskSpace.keep', () => diskSpace(tmpdir(), { keep: 'much' })],
  ['diskSpace.step', () => diskSpace(tmpdir(), { step: 0 })],
  ['diskSpace.kept', () => diskSpace(tmpdir(), { kept: 1 } as object)],
  ['memory.max', () => memory({ max: 0 })],
  ['memory.max', () => memory({ max: 1.1 })],
  ['memory.max', () => memory({ max: 'much' })],
  ['adaptive.targetDelayMs', () => adaptive({ targetDelayMs: 0 })],
  ['adaptive.min', () => adaptive({ min: 3, max: 2 })],
  ['adaptive.target', () => adaptive({ target: 50 } as object)],
])('%s throws where it is written', (option, make) => {
  expect(make).toThrow(OptionError)
  expect(make).toThrow(option)
})

it('are checks, by their names', () => {
  const checks: Check[] = [diskSpace(tmpdir()), memory(), adaptive()]
  expect(checks.map(({ name }) => name)).toEqual(['diskSpace', 'memory', 'adaptive'])
})

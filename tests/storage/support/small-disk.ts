// A disk of 64 MiB: a tmpfs, which only root may mount.

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterThisTest } from '../../support/cleanup.js'

export const WITHOUT_MOUNT =
  'a tmpfs cannot be mounted (not root, or in a container without the right)'

function mount(): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'expectation-small-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder])
  if (status === 0) return folder
  rmdirSync(folder)
  return undefined
}

function unmount(folder: string): void {
  spawnSync('umount', ['--lazy', folder])
  rmdirSync(folder)
}

export const canMount = ((): boolean => {
  const folder = mount()
  if (folder !== undefined) unmount(folder)
  return folder !== undefined
})()

/** Its directory; gone after the test. */
export function smallDisk(): string {
  const folder = mount()
  if (folder === undefined) throw new Error(WITHOUT_MOUNT)
  afterThisTest(() => unmount(folder))
  return folder
}

// A file that has no name of its own until all of it is on the disk. Laws:
// - its goal is there whole or not at all, after power is lost, too: the content is flushed before the
//   name is given, and the directory after, where directories can be opened and flushed
// - its temporary name is gone when it is closed, however that came; what a killed process leaves is for
//   the sweeper

import { type FileHandle, link, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { textOf } from '../field-of.js'
import { exists } from '../refusals.js'
import { partName } from './names.js'

/**
 * Temporary files that this process writes: the sweeper leaves them. By their names, which are given once,
 * since a directory has many paths.
 */
export const underWay = new Set<string>()

export class PartFile {
  readonly #directory: string
  readonly #path: string
  readonly #handle: FileHandle

  private constructor(directory: string, part: string, handle: FileHandle) {
    this.#directory = directory
    this.#path = part
    this.#handle = handle
  }

  /** @param mode - The file has it whatever the umask is; it is its owner's alone when there is none. */
  static async create(directory: string, mode: number | undefined): Promise<PartFile> {
    const name = partName()
    const part = path.join(directory, name)
    underWay.add(name)
    let file: PartFile | undefined
    try {
      file = new PartFile(directory, part, await open(part, 'wx', 0o600))
      // Not every file system has modes, so none is set that nobody asked for.
      if (mode !== undefined) await file.#handle.chmod(mode)
      return file
    } catch (error) {
      await file?.close()
      underWay.delete(name)
      throw error
    }
  }

  /** All of it. */
  async write(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.byteLength; ) {
      const { bytesWritten } = await this.#handle.write(chunk, at)
      at += bytesWritten
    }
  }

  /** Resolves when the disk has what was written. */
  async flush(): Promise<void> {
    await this.#handle.sync()
  }

  /**
   * Gives it its name; it has to be flushed.
   *
   * @param replace - Whether what has the name now may go.
   * @throws `Refusal` 412 when something has the name and may not go.
   */
  async name(goal: string, replace: boolean): Promise<void> {
    // Before the name is given: where there is no descriptor left nothing is stored.
    const directory = await openDirectory(this.#directory)
    try {
      if (replace) await rename(this.#path, goal)
      else await linkTo(this.#path, goal)
      await directory?.sync().catch(unless(NOT_FLUSHED))
    } finally {
      await directory?.close()
    }
  }

  /** Never rejects: the content matters, and it is stored or not by now. */
  async close(): Promise<void> {
    await this.#handle.close().catch(() => undefined)
    await rm(this.#path, { force: true }).catch(() => undefined)
    underWay.delete(path.basename(this.#path))
  }
}

// rename() would replace what is there.
async function linkTo(part: string, goal: string): Promise<void> {
  try {
    await link(part, goal)
  } catch (error) {
    throw textOf(error, 'code') === 'EEXIST' ? exists() : error
  }
}

/** Windows opens no directories; elsewhere nobody opens one that they may not read. */
const NOT_OPENED = ['EISDIR', 'EACCES', 'EPERM']
/** Some file systems have no such thing as a directory to flush. */
const NOT_FLUSHED = ['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EPERM']

/** To be flushed; `undefined` where directories cannot be opened at all. */
async function openDirectory(directory: string): Promise<FileHandle | undefined> {
  return open(directory, 'r').catch(unless(NOT_OPENED))
}

/** What passes, such as EMFILE, and what is a fault of the disk, is thrown. */
function unless(codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.includes(textOf(error, 'code'))) throw error
  }
}

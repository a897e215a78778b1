// Files on disk. Content goes straight through to a partial file beside its goal and gets its name
// only when all of it has arrived, so nothing that looks whole is ever half of a file.

import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '@expectation/core'

/** A request whose content is stored. `complete`: the whole message has been received. */
export type Content = Readable & { readonly complete: boolean }

export interface StoredFile {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly replaced: boolean
}

export interface ListedFile {
  readonly name: string
  readonly bytes: number
  readonly modified: string
}

export interface Storage {
  readonly directory: string
  /** Throws a `Refusal` (400) for a bad name before the content is touched. */
  save(name: string, content: Content): Promise<StoredFile>
  list(): Promise<readonly ListedFile[]>
}

const PARTIAL = '.partial-'
const FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/
const ABANDONED_AFTER_MS = 60 * 60 * 1000

export async function openStorage(directory: string): Promise<Storage> {
  await mkdir(directory, { recursive: true })
  await removeAbandoned(directory)
  return {
    directory,
    save: (name, content) => save(directory, name, content),
    list: () => list(directory),
  }
}

async function save(directory: string, name: string, content: Content): Promise<StoredFile> {
  checkName(name)
  const goal = join(directory, name)
  const partial = join(directory, PARTIAL + randomUUID())
  const hash = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  try {
    // flush: a name must not outlive its content when the machine loses power.
    await pipeline(content, meter, createWriteStream(partial, { flags: 'wx', flush: true }))
    // A stream may end early without an error; the message itself knows whether it is whole.
    if (!content.complete) throw cutOff()
    const replaced = await exists(goal)
    await rename(partial, goal)
    return { name, bytes, sha256: hash.digest('hex'), replaced }
  } catch (error) {
    await rm(partial, { force: true })
    throw readable(error)
  }
}

async function list(directory: string): Promise<readonly ListedFile[]> {
  const names = (await readdir(directory)).filter((name) => FILE_NAME.test(name)).sort()
  return Promise.all(
    names.map(async (name) => {
      const { size, mtime } = await stat(join(directory, name))
      return { name, bytes: size, modified: mtime.toISOString() }
    }),
  )
}

function checkName(name: string): void {
  if (FILE_NAME.test(name)) return
  throw new Refusal(400, {
    reason: 'bad_file_name',
    message: 'This file name cannot be used',
    details: 'Use letters, digits, dots, dashes and underscores; start with a letter or digit.',
  })
}

// Left by a process that was killed. Others may be uploading into the same directory right now,
// so only files that nobody has written to for long are taken away.
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith(PARTIAL)) continue
    const path = join(directory, name)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    return false
  }
}

/** The faults that are not ours, as refusals; everything else stays what it is: a 500. */
function readable(fault: unknown): unknown {
  if (!(fault instanceof Error) || !('code' in fault)) return fault
  switch (fault.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Refusal(507, { details: 'There is no room left for this file.', cause: fault })
    case 'ECONNRESET':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return cutOff(fault)
    default:
      return fault
  }
}

// Nobody is there to read it; it keeps a client that left from being logged as our failure.
function cutOff(cause?: unknown): Refusal {
  return new Refusal(400, { reason: 'upload_cut_off', message: 'The upload was cut off', cause })
}

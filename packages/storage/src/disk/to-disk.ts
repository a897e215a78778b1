// Content into a directory: checked, written under a temporary name, flushed, then named.

import { statSync } from 'node:fs'
import path from 'node:path'
import {
  OptionError,
  readBoolean,
  readChoice,
  readCount,
  readSize,
  rejectUnknownNames,
} from '@expectation/core'
import { CHECKSUMS, type ChecksumAlgorithm, Measure } from '../checksum.js'
import type { Content } from '../content/content-of.js'
import type { UploadRequest } from '../content/upload-messages.js'
import { noRoom } from '../refusals.js'
import { createsOnly, type Named, nameFor, type Store, storing } from '../store.js'
import { shown } from './errors.js'
import { checkName } from './names.js'
import { PartFile } from './part-file.js'
import { checkGoal } from './preconditions.js'
import { type Reservation, type Room, roomOf } from './room.js'
import { sweepAtTimes } from './sweep.js'

export interface ToDiskOptions {
  /**
   * Whether a file of the same name is replaced. Default: false, and 412; it is what loses no file.
   * A request with `If-None-Match: *` replaces nothing either way, and one with `If-Match` or
   * `If-Unmodified-Since` only what these allow; files have no entity tags, so of `If-Match` that is `*`.
   */
  readonly replace?: boolean | undefined
  /**
   * Bytes that are left free, whether or not the head tells the length: a number, or text such as
   * `'10gb'`. Default: 0.
   */
  readonly keep?: number | string | undefined
  /** Permissions of the files, 0o777 at most, whatever the umask is. Default: 0o600, their owner alone. */
  readonly mode?: number | undefined
  /** Computed as the content passes, and part of what is given back. Default: none. */
  readonly checksum?: ChecksumAlgorithm | undefined
}

export interface StoredFile {
  readonly name: string
  readonly bytes: number
  /** Whether a file of the same name was there before. */
  readonly replaced: boolean
  /** Hexadecimal, when `checksum` asked for it. */
  readonly checksum?: string
}

const OPTION_NAMES = ['replace', 'keep', 'mode', 'checksum'] as const

/**
 * Stores uploads as files of a directory. A file is there whole or not at all: content goes to a
 * temporary name, is flushed, and gets its name then. Room is reserved beside what other uploads of this
 * process still have to write: for content of known length before it is read, for other content 8 MiB at
 * a time, or what there is room for, before it is written.
 *
 * Refuses with 507 `insufficient_storage`, 413 `content_too_large` where no file is so long, 412
 * `precondition_failed`, 409 `conflict`, and 400 `bad_file_name`, `digest_mismatch` and `upload_cut_off`.
 *
 * @param directory - Has to exist; hard links have to work in it.
 * @param name - Of the file, or what finds it for a request. It may come from the client.
 * @throws `OptionError` when the directory is not there, or an option is wrong, and `Refusal` 400
 * `bad_file_name` when a name cannot be used.
 *
 * @example
 * const save = toDisk('/var/uploads', (req: Request) => String(req.params.name))
 * app.put('/files/:name', async (req, res) => res.status(201).json(await save(req, res)))
 */
export function toDisk<Request extends UploadRequest = UploadRequest>(
  directory: string,
  name: Named<Request>,
  options: ToDiskOptions = {},
): Store<Request, StoredFile> {
  rejectUnknownNames('toDisk', options, OPTION_NAMES)
  const settings = {
    replace: readBoolean('toDisk.replace', options.replace) ?? false,
    keep: readSize('toDisk.keep', options.keep) ?? 0,
    mode: readMode(options.mode),
    checksum: readChoice('toDisk.checksum', options.checksum, CHECKSUMS),
  }
  const room = roomIn(directory)
  if (typeof name === 'string') checkName(name)
  else if (typeof name !== 'function') throw wrongName(name)

  return storing('toDisk', async (content) => {
    sweepAtTimes(directory)
    const file = checkName(await nameFor(name, content.request))
    try {
      return await save(content, { ...settings, directory, file, room })
    } catch (error) {
      throw shown(error)
    }
  })
}

interface Saving {
  readonly directory: string
  readonly file: string
  readonly room: Room
  readonly replace: boolean
  readonly keep: number
  readonly mode: number | undefined
  readonly checksum: ChecksumAlgorithm | undefined
}

async function save(content: Content, saving: Saving): Promise<StoredFile> {
  const { directory, file } = saving
  const goal = path.join(directory, file)
  await checkGoal(goal, content.request, saving.replace)
  const reservation = await saving.room.reserve(directory, content.length, saving.keep)
  if (reservation === undefined) throw noRoom()
  try {
    return await write(content, { ...saving, goal, reservation })
  } finally {
    reservation.release()
  }
}

interface Writing extends Saving {
  readonly goal: string
  readonly reservation: Reservation
}

async function write(content: Content, writing: Writing): Promise<StoredFile> {
  const { file, goal, replace } = writing
  const { request } = content
  const measure = new Measure(content, writing.checksum)
  // Before anything is read: a directory that cannot be written to refuses from the head.
  const part = await PartFile.create(writing.directory, writing.mode)
  try {
    for await (const chunk of content.body) {
      if (!(await writing.reservation.covers(chunk.byteLength))) throw noRoom()
      await part.write(chunk)
      writing.reservation.wrote(chunk.byteLength)
    }
    content.signal.throwIfAborted()
    await part.flush()
    // Others may have stored under the name meanwhile.
    const replaced = await checkGoal(goal, request, replace)
    await part.name(goal, replace && !createsOnly(request))
    return { name: file, bytes: measure.bytes, replaced, ...measure.checksum() }
  } finally {
    await part.close()
  }
}

function roomIn(directory: string): Room {
  try {
    if (statSync(directory).isDirectory()) return roomOf(directory)
  } catch {
    // Said below.
  }
  throw new OptionError({
    option: 'toDisk.directory',
    received: directory,
    remedy: 'Give a directory that exists.',
  })
}

function readMode(mode: number | undefined): number | undefined {
  const read = readCount('toDisk.mode', mode)
  if (read === undefined || read <= 0o777) return read
  const remedy = 'Give permissions of at most 0o777, in octal: 0o640.'
  throw new OptionError({ option: 'toDisk.mode', received: mode, remedy })
}

function wrongName(name: unknown): OptionError {
  const remedy = 'Give the name of one file, or a function that finds it for a request.'
  return new OptionError({ option: 'toDisk.name', received: name, remedy })
}

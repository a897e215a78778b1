// Files on disk, by `toDisk`: a name is there when all of its content is, so nothing that looks whole is
// ever half of a file.

import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { toDisk, type UploadRequest, type UploadResponse } from '@expectation/storage'

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
  /** Throws a `Refusal` for a bad name, or when there is no room, before the content is touched. */
  save(name: string, request: UploadRequest, response: UploadResponse): Promise<StoredFile>
  list(): Promise<readonly ListedFile[]>
}

export async function openStorage(directory: string): Promise<Storage> {
  await mkdir(directory, { recursive: true })
  return {
    directory,
    async save(name, request, response) {
      const save = toDisk(directory, name, { replace: true, checksum: 'sha256' })
      const { bytes, replaced, checksum = '' } = await save(request, response)
      return { name, bytes, sha256: checksum, replaced }
    },
    list: () => list(directory),
  }
}

async function list(directory: string): Promise<readonly ListedFile[]> {
  const names = (await readdir(directory)).filter((name) => !name.startsWith('.')).sort()
  return Promise.all(
    names.map(async (name) => {
      const { size, mtime } = await stat(join(directory, name))
      return { name, bytes: size, modified: mtime.toISOString() }
    }),
  )
}

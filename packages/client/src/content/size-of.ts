// How many bytes a file has. 0 is also what the system says of files that it makes when they are read,
// as those of /proc, so one byte is tried then.
import { open, stat } from 'node:fs/promises'

export interface Size {
  readonly isFile: boolean
  /** Bytes; `undefined`: known only when it has been read. */
  readonly size: number | undefined
}

export async function sizeOf(path: string): Promise<Size> {
  const facts = await stat(path)
  if (facts.isDirectory()) throw new Error(`${path} is a directory`)
  const isFile = facts.isFile()
  if (!isFile) return { isFile, size: undefined }
  if (facts.size > 0) return { isFile, size: facts.size }
  return { isFile, size: (await isEmpty(path)) ? 0 : undefined }
}

async function isEmpty(path: string): Promise<boolean> {
  const file = await open(path)
  try {
    const { bytesRead } = await file.read(Buffer.alloc(1), 0, 1)
    return bytesRead === 0
  } finally {
    await file.close()
  }
}

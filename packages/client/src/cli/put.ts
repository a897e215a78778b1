// `client put`: one upload, with progress on a terminal and a summary at the end, both on the standard
// error; the answer goes to the standard output.
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { UploadResponse } from '../answer/response.js'
import { UploadError } from '../errors.js'
import type { UploadOptions } from '../options/types.js'
import type { UploadReport } from '../report.js'
import { upload } from '../upload.js'
import type { PutCommand } from './arguments.js'
import { bar, summary } from './summary.js'

/** @returns the exit code */
export async function put(command: PutCommand): Promise<number> {
  const progress = new ProgressLine(!command.quiet && process.stderr.isTTY === true)
  try {
    const response = await upload(command.url, optionsOf(command, progress))
    progress.clear()
    await show(command, response)
    if (!command.quiet) console.error(summary(command.method, response.upload))
    return response.ok ? 0 : 1
  } catch (error) {
    progress.clear()
    if (error instanceof CutAnswer) {
      console.error(`client: the answer is not whole (${error.message})`)
      return 3
    }
    if (!(error instanceof UploadError)) throw error
    if (command.json) console.log(shownJson({ error: error.code, ...plain(error.upload) }))
    else if (!command.quiet) console.error(summary(command.method, error.upload))
    console.error(`client: ${error.message}`)
    return 3
  }
}

/** A report counts by getters. */
function plain({ attempts, sentBytes, contentBytes }: UploadReport): object {
  return { attempts, sentBytes, contentBytes }
}

function shownJson(value: object): string {
  return JSON.stringify(value, null, 2)
}

function optionsOf(command: PutCommand, progress: ProgressLine): UploadOptions {
  const { file, method, headers, attempts, timeoutMs, expect } = command
  return {
    method,
    headers,
    expect,
    body: file === '-' ? process.stdin : pathToFileURL(path.resolve(file)),
    ...(attempts === undefined ? {} : { retry: { attempts } }),
    ...(timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(timeoutMs) }),
    onProgress: ({ sentBytes, contentBytes }) => progress.draw(bar(sentBytes, contentBytes)),
    onAttempt: () => progress.clear(),
  }
}

async function show(command: PutCommand, response: UploadResponse): Promise<void> {
  if (!command.json) {
    const reader = response.body?.getReader()
    for (;;) {
      const piece = await reader?.read().catch(notWhole)
      if (piece === undefined || piece.done) break
      if (!(await written(piece.value))) return reader?.cancel()
    }
    return
  }
  const body = await response.text().catch(notWhole)
  const { status, url, upload: report } = response
  console.log(shownJson({ status, url, body, ...plain(report) }))
}

/** There was an answer, and only part of it came. */
class CutAnswer extends Error {}

function notWhole(error: unknown): never {
  // What ends everything, as `--timeout` does, is told as that.
  throw error instanceof Error && !(error instanceof DOMException)
    ? new CutAnswer(error.message, { cause: error })
    : error
}

/** @returns `false`: whoever read the standard output has gone, as `head` does */
function written(bytes: Uint8Array): Promise<boolean> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => {
      const { code } = (error ?? {}) as NodeJS.ErrnoException
      if (error == null || code === 'EPIPE') resolve(error == null)
      else reject(error)
    })
  })
}

/** One line that is written over again, on a terminal only, at most ten times a second. */
class ProgressLine {
  #drawnAt = Number.NEGATIVE_INFINITY
  #drawn = false

  constructor(private readonly shown: boolean) {}

  draw(text: string): void {
    const now = performance.now()
    if (!this.shown || now - this.#drawnAt < 100) return
    this.#drawnAt = now
    this.#drawn = true
    process.stderr.write(`\r${text}`)
  }

  clear(): void {
    if (this.#drawn) process.stderr.write('\r\u001b[K')
    this.#drawn = false
  }
}

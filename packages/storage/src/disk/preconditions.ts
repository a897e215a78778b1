// Whether an upload may get its name: what is there now, what the request expects there (RFC 9110 section
// 13), and whether it may be replaced. Files have no entity tags here, so no tag that a client has is theirs.

import type { Stats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import type { UploadRequest } from '../content/upload-messages.js'
import { parseHttpDate } from '../http-date.js'
import { exists, isDirectory, unmet } from '../refusals.js'
import { createsOnly } from '../store.js'

/**
 * @param replace - Whether a file that is there may go.
 * @returns Whether there is one.
 * @throws `Refusal` 412, and 409 for a directory.
 */
export async function checkGoal(
  goal: string,
  request: UploadRequest,
  replace: boolean,
): Promise<boolean> {
  const there = await lstat(goal).catch(() => undefined)
  // First what is refused whatever is expected (section 13.2.1), then in the order of section 13.2.2.
  if (replace && there?.isDirectory() === true) throw isDirectory()
  if (!isExpected(there, request)) throw unmet()
  if (there === undefined) return false
  if (!replace || createsOnly(request)) throw exists()
  return true
}

function isExpected(there: Stats | undefined, { headers }: UploadRequest): boolean {
  const match = headers['if-match']?.trim()
  if (match !== undefined) return match === '*' && there !== undefined
  const since = parseHttpDate(headers['if-unmodified-since']?.trim() ?? '')
  // What is no date, or has none to compare it with, is ignored (section 13.1.4).
  if (since === undefined || there === undefined) return true
  return Math.floor(there.mtimeMs / 1000) * 1000 <= since
}

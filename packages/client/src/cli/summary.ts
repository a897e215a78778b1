// What was sent, what was spared, and why: one line an attempt, then one for all.
import { showBytes } from '../bytes.js'
import type { AttemptReport, UploadReport } from '../report.js'

const VERDICTS: Readonly<Record<AttemptReport['verdict'], string>> = {
  none: 'not asked first',
  continue: 'asked first, and told to send',
  answer: 'asked first, and answered before anything was sent',
  silence: 'asked first, nobody said anything, so it was sent',
}

const NEXT: Readonly<Record<AttemptReport['reason'], string>> = {
  first: '',
  retry: 'tried again',
  without_expect: 'again without Expect',
  redirect: 'redirected',
  authorized: 'again with credentials',
}

/** `17.1 MB of 20.0 MB [====  ] 85%`, in one line. */
export function bar(sentBytes: number, contentBytes: number | undefined): string {
  if (contentBytes === undefined) return `${showBytes(sentBytes)} sent`
  const part = contentBytes === 0 ? 1 : Math.min(1, sentBytes / contentBytes)
  const full = Math.round(part * 24)
  const drawn = `[${'='.repeat(full)}${' '.repeat(24 - full)}]`
  const percent = String(Math.floor(part * 100)).padStart(3)
  return `${drawn} ${percent}% ${showBytes(sentBytes)} of ${showBytes(contentBytes)}`
}

export function summary(method: string, upload: UploadReport): string {
  const { attempts, sentBytes, contentBytes } = upload
  const lines = attempts.map((attempt, index) => lineOf(method, attempt, attempts[index + 1]))
  const of = contentBytes === undefined ? '' : ` of ${showBytes(contentBytes)}`
  return [...lines, `Sent ${showBytes(sentBytes)}${of}${spared(upload)}.`].join('\n')
}

function lineOf(method: string, attempt: AttemptReport, next: AttemptReport | undefined): string {
  const { url, status, error, sentBytes, verdict, retryInMs } = attempt
  const outcome = status ?? error ?? 'ended'
  const wait = retryInMs === undefined ? '' : ` in ${(retryInMs / 1_000).toFixed(1)} s`
  const then = next === undefined ? '' : `; ${NEXT[next.reason]}${wait}`
  return `${method} ${url} → ${outcome} (${VERDICTS[verdict]}; ${showBytes(sentBytes)} sent${then})`
}

/** What an early answer, or a verdict, has made unnecessary. */
function spared({ attempts, contentBytes }: UploadReport): string {
  if (contentBytes === undefined || contentBytes === 0) return ''
  let bytes = 0
  for (const { status, sentBytes } of attempts) {
    if (status !== undefined) bytes += Math.max(0, contentBytes - sentBytes)
  }
  return bytes === 0 ? '' : `, spared ${showBytes(bytes)} that the server did not want`
}

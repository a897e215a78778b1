// One upload with curl, as people do it, and what curl says about it.
import { execFile, spawnSync } from 'node:child_process'

export const hasCurl = spawnSync('curl', ['--version']).status === 0

export interface CurlResult {
  /** 0 when no final answer came. */
  readonly status: number
  readonly contentType: string
  readonly uploadedBytes: number
  readonly body: string
  readonly headers: string
}

export interface CurlUpload {
  readonly file: string
  readonly url: string
  readonly headers: readonly string[]
  /** HTTP/2 without TLS, and without asking for it first. Default false. */
  readonly http2?: boolean
}

const MAX_SECONDS = 15
const SHOW = '\n%{http_code} %{size_upload} %{content_type}'

export function curlUpload(upload: CurlUpload): Promise<CurlResult> {
  const { file, url, headers } = upload
  const args = [
    ...['-sS', '-i', '--noproxy', '*', '--max-time', String(MAX_SECONDS), '-T', file, '-w', SHOW],
    ...(upload.http2 === true ? ['--http2-prior-knowledge'] : []),
    ...headers.flatMap((header) => ['-H', header]),
    url,
  ]
  return new Promise((resolve) => {
    execFile('curl', args, { timeout: (MAX_SECONDS + 5) * 1000 }, (_error, stdout) => {
      const last = stdout.lastIndexOf('\n')
      const [status, uploaded, ...type] = stdout.slice(last + 1).split(' ')
      // Interim answers are heads without a body, before the final one.
      const answers = stdout.slice(0, last).replace(/^(HTTP\/[\d.]+ 1\d\d[\s\S]*?\r\n\r\n)+/, '')
      const end = answers.indexOf('\r\n\r\n')
      resolve({
        status: Number(status),
        contentType: type.join(' '),
        uploadedBytes: Number(uploaded),
        body: answers.slice(end + 4),
        headers: answers.slice(0, end),
      })
    })
  })
}

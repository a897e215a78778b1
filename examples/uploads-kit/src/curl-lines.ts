// Command lines to try the service with: the same ones in the terminal and on the page.

export interface CurlLine {
  readonly title: string
  /** Status the service answers with. */
  readonly status: number
  readonly command: string
}

const SHOW = `-w '\\n%{http_code} %{size_upload}\\n'`
const VIDEO = `-H 'Content-Type: video/mp4'`

/** Makes the two files that the lines below send: 20 MB and 40 MB. */
export const makeFiles =
  'head -c 20000000 /dev/urandom > clip.mp4; head -c 40000000 /dev/zero > big.mp4'

export function curlLines(origin: string, token: string): readonly CurlLine[] {
  const bearer = `-H 'Authorization: Bearer ${token}'`
  const line = (title: string, status: number, ...words: string[]): CurlLine => ({
    title,
    status,
    command: ['curl -sS', ...words, SHOW].join(' '),
  })
  return [
    line('Accepted', 201, `-T clip.mp4 ${bearer} ${VIDEO} ${origin}/files/clip.mp4`),
    line('No token', 401, `-T clip.mp4 ${VIDEO} ${origin}/files/clip.mp4`),
    line('Too large', 413, `-T big.mp4 ${bearer} ${VIDEO} ${origin}/files/big.mp4`),
    line(
      'Wrong type',
      415,
      `-T clip.mp4 ${bearer} -H 'Content-Type: text/plain' ${origin}/files/clip.txt`,
    ),
    line('Unknown route', 404, `-T clip.mp4 ${bearer} ${VIDEO} ${origin}/nowhere`),
    line('A handler that fails', 500, `-T clip.mp4 ${bearer} ${VIDEO} ${origin}/broken`),
    line(
      'Unknown expectation, for which curl does not wait',
      417,
      `-T clip.mp4 ${bearer} ${VIDEO} -H 'Expect: something-else' ${origin}/files/clip.mp4`,
    ),
    line(
      'Unknown expectation, and curl waits',
      417,
      `-T clip.mp4 ${bearer} ${VIDEO} -H 'Expect: 100-continue, something-else' ${origin}/files/clip.mp4`,
    ),
  ]
}

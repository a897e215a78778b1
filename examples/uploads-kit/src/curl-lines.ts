// Command lines to try the service with: the same ones in the terminal and on the page.

export interface CurlLine {
  readonly title: string
  /** Status the service answers with. */
  readonly status: number
  readonly command: string
}

/**
 * Makes two files to send, of 20 MB and 40 MB, and a third with what every line below would repeat: the
 * type, and what curl prints when it is done.
 */
export const makeFiles = [
  'head -c 20000000 /dev/urandom > clip.mp4',
  'head -c 40000000 /dev/zero > big.mp4',
  `printf 'silent\\nshow-error\\nheader = "Content-Type: video/mp4"\\nwrite-out = "\\\\n%%{http_code}, %%{size_upload} bytes sent\\\\n"\\n' > upload.cfg`,
].join('; ')

export function curlLines(origin: string, token: string): readonly CurlLine[] {
  const bearer = `--oauth2-bearer ${token}`
  const line = (title: string, status: number, words: string, path = '/files/'): CurlLine => ({
    title,
    status,
    command: `curl -K upload.cfg ${words} ${origin}${path}`,
  })
  return [
    line('Accepted', 201, `${bearer} -T clip.mp4`),
    line('No token', 401, '-T clip.mp4'),
    line('Too large', 413, `${bearer} -T big.mp4`),
    {
      title: 'No media type',
      status: 415,
      command: `curl -sS -w '\\n%{http_code}, %{size_upload} bytes sent\\n' ${bearer} -T clip.mp4 ${origin}/files/`,
    },
    line('Unknown route', 404, `${bearer} -T clip.mp4`, '/nowhere'),
    line('A handler that fails', 500, `${bearer} -T clip.mp4`, '/broken'),
    line(
      'An unknown expectation, for which curl does not wait',
      417,
      `${bearer} -T clip.mp4 -H 'Expect: something-else'`,
    ),
  ]
}

// One connection in one line, for those who read what a run tells.

export function brief({ seen, log, left, ended, read }) {
  const responses = seen.responses.map(({ status, whole, fields }) =>
    [status, whole ? '' : '…', fields.connection ? ` ${fields.connection}` : ''].join(''),
  )
  const end = [
    seen.error,
    seen.garbage === undefined ? undefined : 'garbage',
    seen.gaveUp ? 'gave up' : undefined,
    seen.stuck ? 'stuck' : undefined,
    left ? 'left' : undefined,
    ended ? 'process ended' : undefined,
    read.broken,
  ].filter(Boolean)
  const requests = read.requests.map(
    ({ method, url, length, complete }) => `${method} ${url} ${length}${complete ? '' : '…'}`,
  )
  const events = log?.events.join(' ') ?? ''
  return `[${requests.join(', ')}] → [${responses.join(', ')}] ${end.join(', ')} (${events})`
}

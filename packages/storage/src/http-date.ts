// HTTP-date (RFC 9110 section 5.6.7) in its three forms. `Date.parse` takes much more, and reads the form
// of asctime in local time.

const TIME = String.raw`\d\d:\d\d:\d\d`
const IN_GMT = new RegExp(
  `^(?:[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4}|[A-Z][a-z]{2,5}day, \\d\\d-[A-Z][a-z]{2}-\\d\\d) ${TIME} GMT$`,
)
const ASCTIME = new RegExp(`^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d ${TIME} \\d{4}$`)

/** Milliseconds since 1970; `undefined` for everything that is no HTTP-date. */
export function parseHttpDate(text: string): number | undefined {
  const zoned = ASCTIME.test(text) ? `${text} GMT` : text
  if (zoned === text && !IN_GMT.test(text)) return undefined
  const date = Date.parse(zoned)
  return Number.isNaN(date) ? undefined : date
}

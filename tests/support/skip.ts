// The one way to leave tests out: with a reason, which the end of `npm test` shows.
// The reason rides in the title, where scripts/summary-reporter.mjs reads it.

type DeclareTest = (title: string, body: jest.ProvidesCallback) => void
type DeclareGroup = (title: string, body: () => void) => void

/**
 * Declares a test that runs only where what it needs is there.
 *
 * @param available - whether it is there
 * @param reason - what is missing when it is not, e.g. `'curl is not installed'`
 */
export function testWhen(available: boolean, reason: string): DeclareTest {
  return (title, body) => {
    if (available) test(title, body)
    else test.skip(`${title} [skipped: ${reason}]`, body)
  }
}

/** The same for a whole `describe`. */
export function describeWhen(available: boolean, reason: string): DeclareGroup {
  return (title, body) => {
    if (available) describe(title, body)
    else describe.skip(`${title} [skipped: ${reason}]`, body)
  }
}

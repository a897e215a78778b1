// Names of the tests that passed and failed in what a runner wrote: TAP of node:test and tap, JSON of
// Mocha, or one name for a file that knows no tests.

/** @returns {Map<string, boolean>} whether each test passed; the file itself is a test too. */
export function resultsOf(runner, file, { code, stdout, problem }) {
  const results =
    runner === 'mocha' ? fromMocha(stdout) : runner === 'node' ? fromTap(stdout) : new Map()
  // A file that ends badly without a failed test of its own did not finish.
  const failed = [...results.values()].includes(false)
  results.set(`${file}: ends`, problem === undefined && (code === 0 || failed))
  return results
}

function fromTap(text) {
  const results = new Map()
  const path = []
  for (const line of text.split('\n')) {
    const start = /^( *)# Subtest: (.*)$/.exec(line)
    if (start) {
      path.length = start[1].length / 4
      path.push(start[2])
      continue
    }
    const end = /^( *)(not )?ok \d+ - (.*?)(?: # (SKIP|TODO).*)?$/.exec(line)
    if (end === null || end[4] !== undefined) continue
    const depth = end[1].length / 4
    put(results, [...path.slice(0, depth), end[3]].join(' › '), end[2] === undefined)
  }
  return results
}

function fromMocha(text) {
  const results = new Map()
  const at = text.lastIndexOf('{\n  "stats"')
  if (at < 0) return results
  let report
  try {
    report = JSON.parse(text.slice(at, text.lastIndexOf('}') + 1))
  } catch {
    return results
  }
  for (const { fullTitle } of report.passes) put(results, fullTitle, true)
  for (const { fullTitle } of report.failures) put(results, fullTitle, false)
  return results
}

/** Tests of one name are one test, which fails when one of them does. */
function put(results, name, passed) {
  results.set(name, passed && (results.get(name) ?? true))
}

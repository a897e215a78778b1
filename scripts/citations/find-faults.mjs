// What a text cites, and which of it nobody can look up. Pure: the definitions are handed in.

/** Where the ids that are cited are defined: the first column of a table. */
const TABLES = [
  ['docs/laws.md', /^\| \*\*(\d+)\*\* \|/gm, 'law '],
  ['docs/rfc.md', /^\| (R\d+) \|/gm, ''],
  ['docs/faults.md', /^\| ([KP]\d+(?:\.\d+)?) \|/gm, ''],
]

/** Every id that may be cited: `law 3`, `R16`, `K2.1`, `P4`, `decision 0004`. */
export function definitions(read, decisions) {
  const rows = TABLES.flatMap(([file, row, prefix]) =>
    [...read(file).matchAll(row)].map(([, id]) => `${prefix}${id}`),
  )
  const records = decisions.map((file) => /\/(\d{4})-/.exec(file)?.[1]).filter(Boolean)
  return new Set([...rows, ...records.map((number) => `decision ${number}`)])
}

const FOLDERS = 'benchmarks|docs|examples|interop|packages|scripts|tests'
const ADDRESS = /expectation-js\/expectation\/(?:blob|tree)\/main\/([\w./-]*[\w-])/g
const PAGE = new RegExp(`(?<![\\w./-])((?:${FOLDERS})/[\\w./-]+\\.(?:md|mjs|test\\.ts))\\b`, 'g')
const DOCUMENT = /\bRFC ?\d{3,4}\b|\bOpenAPI\b/
const SECTION = /\bsections? \d+(?:\.\d+)*\b/i
const UNWRITTEN = /\bdesign(?: section)? \d/gi

/** A package's own pages and scripts are cited from within it. */
function placesOf(file, target) {
  const [, own] = /^(packages\/[^/]+)\//.exec(file) ?? []
  return own === undefined ? [target] : [target, `${own}/${target}`]
}

/** One sentence for each citation of `text` that leads nowhere. */
export function findFaults(file, text, known, exists) {
  const ids = idsIn(text).filter((id) => !known.has(id))
  const paths = [...text.matchAll(ADDRESS), ...text.matchAll(PAGE)].map(([, target]) => target)
  const unwritten = [...text.matchAll(UNWRITTEN)].map(([words]) => words)
  const faults = [
    ...ids.map((id) => `${id} is defined nowhere`),
    ...paths
      .filter((target) => !placesOf(file, target).some(exists))
      .map((target) => `${target} does not exist`),
    ...unwritten.map((words) => `'${words}' is no document of this repository`),
  ]
  const section = SECTION.exec(text)
  if (section !== null && !DOCUMENT.test(text)) faults.push(`'${section[0]}' of which document?`)
  return [...new Set(faults)].map((fault) => `${file}: ${fault}`)
}

function idsIn(text) {
  return [
    ...[...text.matchAll(/\blaws? (\d+(?:(?:, | and | to )\d+)*)/gi)].flatMap(lawsIn),
    ...[...text.matchAll(/\b(R\d{1,2}|K\d\.\d{1,2}|P\d)\b/g)].map(([id]) => id),
    ...[...text.matchAll(/\bdecision (\d{4})\b/g)].map(([, number]) => `decision ${number}`),
  ]
}

/** `2 to 4` are three laws, `1, 5, 9` as well. */
function lawsIn([, list]) {
  return list.split(/, | and /).flatMap((part) => {
    const [first, last = first] = part.split(' to ').map(Number)
    return Array.from({ length: last - first + 1 }, (_, step) => `law ${first + step}`)
  })
}

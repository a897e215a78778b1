// Writes docs/no-harm.md from what the proofs stand on (improvements, open faults, explained tests)
// and from the figures of the long runs. `--check` compares instead.
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../../scripts/workspace.mjs'
import { IMPROVEMENTS } from './differential/improvements.mjs'
import { MOMENTS } from './differential/moments.mjs'
import { readFigures } from './kit/figures.mjs'
import { OPEN } from './kit/open.mjs'
import { EXPLAINED } from './suites/explained.mjs'
import { SUITES } from './suites/list.mjs'

const file = path.join(root, 'docs/no-harm.md')
const text = page()
if (process.argv.includes('--check')) {
  const same = readFileSync(file, 'utf8') === text
  if (!same) console.error('docs/no-harm.md is not what interop/no-harm/write-docs.mjs writes')
  process.exitCode = same ? 0 : 1
} else writeFileSync(file, text)

function page() {
  const figures = readFigures()
  return `# Nothing works worse with it

The first law of this library (law 0 in [laws.md](laws.md)): nothing that worked without it works worse with it. Three runs try to
show the opposite; a fourth puts faults back that the first has to find. Each is one command, short by default; \`.ci/run\` runs the short forms.

| command | does |
|---|---|
| \`npm run no-harm:mutation\` | sends real exchanges, mutated byte by byte, to every server with the library in force, and looks for what must never happen |
| \`npm run no-harm:differential\` | sends the same bytes, splits, pauses and ends to a server without the library and to the same server with it, and compares everything that a client, the application or the operator could see |
| \`npm run no-harm:suites\` | runs other people's tests plain and with the library in force, and prints those that fail only with it |
| \`npm run no-harm:self-proof\` | puts faults back that the library had, one at a time, and expects the mutation run to find each |

\`--exchanges 100000 --node 26 --write\` makes a run long, on another line of Node, and puts its row into the tables below. The same
\`--seed\` and \`--from\` give the same connections again. A failure is tried again alone, shrunk, and printed as JSON;
\`node interop/no-harm/replay.mjs '<that JSON>'\` plays it. Kept inputs stand in \`interop/no-harm/corpus\` and are played by the tests.

## Mutation

Flips, cuts, doubled slices, junk, and surgery on versions, lengths, names and line ends; split anywhere; hundreds of connections at
once; ended by FIN, by reset or by silence. How many requests there are, and with what content, is told by a plain server of Node
that reads the same bytes. Of each connection must hold: the process lives; there is nothing on the wire but responses; finals come in order,
each its own; a 100 comes only where it is asked for, once; nothing comes behind a close; nobody is dropped without a word; content
is read as it was sent; limits hold; descriptors, timers and memory come back. What the same server does without the library, too
(Node that writes a 100 into a queued response, Fastify that writes a 400 or 408 into one), is not counted.

Node 20 was counted on commit 8f1351b, Node 26 on 438e8e0, whose core differs from it on Node 24 and 26 alone; *found* is how many
kinds of failure there were. Runs before, of more than 4,000,000 exchanges, found eleven faults, which are mended: the inputs stand in
the corpus, and what was kept of connections that lingered twice is looked for by the heap of the run itself. The last of them, of Node 26
on 8f1351b, was that a copied list of listeners lost what Node notes on it: clients that had left were not told.

${table(['Node', 'server', 'exchanges', 'seed', 'seconds', 'found'], figures.mutation, (f) => [f.node, f.server, f.exchanges, f.seed, f.seconds, f.failures])}

## Differential

Compared for each request: status, fields, body, 100s, whether the answer is whole, whether the connection is kept, how often it was
dispatched, what the handler read (length and checksum), the \`end\`, \`close\`, \`aborted\` and \`error\` of the request, the \`finish\` and \`close\` of
the response, log lines, and the AsyncLocalStorage context that it was entered in; for the connection: how it ended, whether its descriptor
came back, and, coarsely, the time. Time is counted in answers of the server's event loop, so that a busy machine changes nothing. Handlers answer at once, a turn later or after milliseconds; read before, after and behind the
answer; pipe, iterate, leave half-way, destroy, throw before, between and after; stream, echo, upgrade, and copy the request as SDKs do.

In rows of 50,000 for each way of the library, *found* is how many kinds of difference no line of the tables below named when the
row was counted, on the commits of the rows above. Those of these rows were three kinds, once to five times in a row, which are none and
stand in the tables now: each input was played again. A client that ends its side together with what it sends is compared by the statuses
of its answers. Other runs, of more than 4,000,000 exchanges with the seeds 20261128 to 20261213, found five faults, all mended, with their
inputs in the corpus, and ten more differences that are none: a new seed may find another.

${table(['Node', 'server', 'library', 'exchanges', 'seed', 'seconds', 'found'], figures.differential, (f) => [f.node, f.server, f.mode, f.exchanges, f.seed, f.seconds, f.failures])}

A difference is one of these improvements, or a failure:

${table(['name', 'what is different', 'stands on'], IMPROVEMENTS, ({ id, what, stands }) => [`\`${id}\``, what, stands])}

A matter of moments with and without the library, and not compared:

${MOMENTS.map(({ what }) => `- ${what}`).join('\n')}

## Other people's suites

Installed outside of the repository, into \`EXPECTATION_SUITES_CACHE\` or the system's temporary folder (what comes from git is cloned from
\`EXPECTATION_SUITES_GIT\`, or GitHub), and run unchanged: plain; with every server attached; with every server gated by \`attach(server, {})\`;
with the gate mounted in every application, where the suite makes applications. \`+n\` counts tests that pass plain and fail then; a failure
that is not on purpose counts when it comes each time of three, the second and the third alone, and never plain. In brackets stands on how
many servers, or applications, the library was in force: nothing is proved by a suite that makes none. All failures that are counted stand
in the table of those that fail on purpose. What fails plain lacks something here (a Redis at its usual port, GitHub, a name for \`::1\`, an
address that never answers), or asserts what another patch of Node does.

The rows were counted on commit fedd00c, those of Node's own tests on 7f32eed.

What cannot be fetched whole is said to be not run, and fails the run; the short form ends then with the code 69, and \`npm test\` shows it as
not run. \`npm run no-harm:suites -- <suite> --plain\` also names what fails without the library.

${table(['suite', 'version', 'from', 'Node', 'files', 'tests', 'fail plain', 'attached', 'gated', 'mounted'], figures.suites, (f) => [f.suite, f.version, sourceOf(f.suite), f.node, f.files, f.tests, f.plainFails, ...['attached', 'gated', 'mounted'].map((mode) => plus(f, mode))])}

${withoutRow(figures)}

The tests that fail on purpose:

${table(['suite', 'test', 'how', 'why', 'stands on'], EXPLAINED, (e) => [e.suite, e.test, e.modes.join(', '), e.why, e.stands])}

## What does not hold

${OPEN.length === 0 ? 'No fault that these runs find is open.' : `Faults that the runs find, and that are not mended yet; each input is in \`interop/no-harm/corpus/open\`:\n\n${table(['input', 'fault'], OPEN, ({ input, what }) => [`\`${input}\``, what])}`}

The mutation and the differential run are made of HTTP/1.1 without TLS, on loopback; HTTP/2 and TLS are met in the suites of
others only. What is not generated is not found.
`
}

function table(heads, rows, cells) {
  if (rows.length === 0) return '(no row yet)'
  const line = (each) =>
    `| ${each.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`
  return [
    line(heads),
    `|${heads.map(() => '---').join('|')}|`,
    ...rows.map((row) => line(cells(row))),
  ].join('\n')
}

/** Where the tests of a suite were had: its package on npm, a public repository, or a source package of Debian. */
function sourceOf(name) {
  const { from } = SUITES.find((suite) => suite.name === name)
  if (from.npm) return 'npm'
  return from.git
    ? `git: ${from.git}`
    : `Debian${from.release ? ` ${from.release}` : ''}: ${from.debian}`
}

/** Suites that have not been run to their end yet. */
function withoutRow({ suites }) {
  const left = SUITES.filter(({ name }) => !suites.some(({ suite }) => suite === name))
  if (left.length === 0) return 'All suites of the list have a row.'
  return `Not run to their end so far: ${left.map(({ name }) => name).join(', ')}.`
}

function plus(figures, mode) {
  const [fails, servers] = [figures[mode], figures.inForce?.[mode]]
  if (fails === undefined) return ''
  return servers === undefined ? `+${fails}` : `+${fails} (${servers})`
}

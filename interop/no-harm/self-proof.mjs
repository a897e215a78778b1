// `npm run no-harm:self-proof`: can the mutation run fail? Faults that the library had are put back,
// one at a time, around the server (server/faults): the run has to find each.
import { prove } from './mutation/prove.mjs'

const SEED = 20261127
/** Twice what the last of them takes, and more. */
const MOST = 10_000
/** What the run says of each; `process` is told with what the process said. */
const FAULTS = {
  'K1.1': 'the process lives',
  'K2.1': 'nobody dropped without a word',
  'K2.3': 'limits hold',
  'K3.1': 'content as it was sent',
  'K4.2': 'descriptors come back',
}

const rows = await Promise.all(
  Object.entries(FAULTS).map(async ([fault, wanted]) => {
    const what = { integration: 'bare', mode: 'gated', faults: [fault] }
    const proof = await prove({
      what,
      seed: SEED,
      exchanges: MOST,
      wanted,
      shrinking: false,
      mostCrashes: 1,
    })
    const found = proof.kinds.find(({ name, confirmed }) => confirmed && name.startsWith(wanted))
    return { fault, found, played: proof.played }
  }),
)
for (const { fault, found, played } of rows) {
  console.log(
    found
      ? `${fault} put back: found after ${found.after} exchanges: ${found.found}`
      : `${fault} put back: NOT FOUND in ${played} exchanges`,
  )
}
process.exitCode = rows.every(({ found }) => found) ? 0 : 1

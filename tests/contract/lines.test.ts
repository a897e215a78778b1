// The quick part of the contract on every supported line of Node that is not the running one.
import { otherLines } from '../support/node-lines.js'
import { testWhen } from '../support/skip.js'
import { expectWhole, rerunContract } from './rerun.js'

for (const { line, node, available, missing } of otherLines) {
  testWhen(available, missing)(`the contract holds on Node ${line}`, async () =>
    expectWhole(await rerunContract({ node })),
  )
}

jest.setTimeout(180_000)

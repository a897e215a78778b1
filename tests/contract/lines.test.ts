// The quick part of the contract on every supported line of Node that is not the running one.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { testWhen } from '../support/skip.js'
import { expectWhole, rerunContract } from './rerun.js'

const [running] = process.versions.node.split('.')

for (const line of ['22', '24', '26'].filter((each) => each !== running)) {
  const node = path.resolve(__dirname, `../node_modules/node${line}/bin/node`)
  testWhen(existsSync(node), `Node ${line} is not installed (optional package node${line})`)(
    `the contract holds on Node ${line}`,
    async () => expectWhole(await rerunContract({ node })),
  )
}

jest.setTimeout(180_000)

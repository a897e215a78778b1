// upload() of a file as a stream, three times in one process: it asks; once more with what it learned;
// without asking. One JSON line for each, after which one line from the parent lets it go on.
// usage: servers-client.mjs <url> <file>
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { upload } from '../../packages/client/dist/index.js'

const [url, file] = process.argv.slice(2)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

for (const expect of ['auto', 'auto', false]) {
  const begin = performance.now()
  const outcome = await upload(url, { body: createReadStream(file), expect, retry: false }).then(
    async (response) => {
      await response.text()
      const { attempts, sentBytes } = response.upload
      return { status: response.status, statuses: attempts.map(({ status }) => status), sentBytes }
    },
    (error) => ({ status: error.code, statuses: [], sentBytes: error.upload?.sentBytes }),
  )
  console.log(JSON.stringify({ ...outcome, ms: Math.round(performance.now() - begin) }))
  await lines.next()
}
process.exit()

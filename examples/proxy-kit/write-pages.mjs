// Writes the branded error pages into a directory, for a proxy of your own:
//   npm run pages -- /srv/www/errors "Name of your service"

import path from 'node:path'
import { writeErrorPages } from '@expectation/example-proxy-kit'

const [directory, brand] = process.argv.slice(2)
if (directory === undefined) {
  console.error('Where to? npm run pages -- <directory> ["Name of your service"]')
  process.exit(1)
}
// npm runs this in its own directory; a relative path means the caller's.
const target = path.resolve(process.env.INIT_CWD ?? '.', directory)
console.log((await writeErrorPages(target, brand)).join('\n'))

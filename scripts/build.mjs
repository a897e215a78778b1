// `npm run build`: dependencies, then every package and example, with the types of all of them.
import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureInstalled } from './setup.mjs'
import { commandOf, filesBelow, memberDirectories, root, runNode } from './workspace.mjs'

/** tsc leaves the output of deleted sources, or of new tests, behind; packing would ship it. */
function removeOrphans() {
  for (const directory of memberDirectories()) {
    const dist = `${directory}/dist`
    if (!existsSync(path.join(root, dist))) continue
    for (const file of filesBelow(dist, (name) => /\.(d\.ts|js|js\.map)$/.test(name))) {
      const source = file.replace(dist, `${directory}/src`).replace(/\.(d\.ts|js|js\.map)$/, '.ts')
      const built = existsSync(path.join(root, source)) && !/\/testing\/|\.test\.ts$/.test(source)
      if (!built) rmSync(path.join(root, file))
    }
  }
}

export function build() {
  removeOrphans()
  return runNode(commandOf('typescript', 'tsc'), ['-b'])
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureInstalled()
  process.exitCode = await build()
}
